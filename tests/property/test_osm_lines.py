"""OSM files read as lines of text hold what pyosmium finds; damaged ones are refused."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import osmium
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.errors import InputDataError
from circle15.network.osm.osm_file import NODE_TAGS, read_osm

NODES = [1, 2, 5, 2**31 - 1, 2**31, 2**40, 2**62]
NOWHERE = 4
# Every control character and separator; not the private plane 16, which libosmium writes wrongly.
WORDS = st.text(
    st.characters(max_codepoint=0xFFFFF, exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\t\n\r\x0b\x1c\x7f\x85\u2028%=,@ nwrxyT\\"),
    max_size=8,
)
TAGS = st.dictionaries(WORDS, WORDS, max_size=3)
GATES = st.fixed_dictionaries({}, optional={"barrier": WORDS, "access": WORDS, "crossing": WORDS})
PLACES = st.tuples(
    st.integers(-1_799_999_999, 1_799_999_999), st.integers(-899_999_999, 899_999_999)
)


@st.composite
def files(draw):
    """Nodes with place and tags, and ways with their nodes and tags."""
    ids = draw(st.lists(st.sampled_from(NODES), min_size=2, unique=True).map(sorted))
    nodes = {k: (draw(PLACES), draw(TAGS) | draw(GATES)) for k in ids}
    refs = st.lists(st.sampled_from([*ids, NOWHERE]), max_size=6)
    ways = {
        number: (draw(refs), draw(TAGS) | {"highway": "footway"})
        for number in draw(st.lists(st.sampled_from([1, 7, 2**33, 2**62]), min_size=1, unique=True))
    }
    return nodes, dict(sorted(ways.items()))


def written(path, nodes, ways):
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, ((x, y), tags) in nodes.items():
            place = osmium.osm.Location(x / 1e7, y / 1e7)
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags))
        for number, (refs, tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))


def runs_of(refs, nodes):
    """Cut at missing nodes; a node that repeats the one before is left out."""
    runs: list[list[tuple[int, int, int]]] = []
    run: list[tuple[int, int, int]] = []
    for ref in [*refs, NOWHERE]:
        if ref not in nodes:
            runs, run = [*runs, run], []
        elif not run or run[-1][0] != ref:
            run.append((ref, *nodes[ref][0]))
    return [one for one in runs if len(one) > 1]


@settings(max_examples=150, deadline=None)
@given(files())
def test_nothing_is_lost_or_changed(drawn):
    nodes, ways = drawn
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "n.osm.pbf")
        written(path, nodes, ways)
        wanted = {k: runs_of(refs, nodes) for k, (refs, _) in ways.items()}
        if not any(wanted.values()):
            return
        found = read_osm(path)
    assert {way.id: dict(way.tags) for way in found.walkable} == {
        k: t for k, (_, t) in ways.items()
    }
    assert {
        way.id: [[tuple(node) for node in run.tolist()] for run in way.runs]
        for way in found.walkable
    } == wanted
    assert found.missing_nodes == sum(ref == NOWHERE for refs, _ in ways.values() for ref in refs)
    looked_at = {k: tags for k, (_, tags) in nodes.items() if tags.keys() & {"barrier", "crossing"}}
    assert found.node_tags == {
        k: {key: value for key, value in tags.items() if key in NODE_TAGS}
        for k, tags in looked_at.items()
    }


def refusal(path):
    """What is said where a file cannot be read; nothing where it can."""
    try:
        read_osm(path)
    except InputDataError as error:
        return [str(error)]
    return []


def test_spoiled_files_are_refused_or_read(tmp_path):
    """A file cut, with bits turned over, doubled or blanked at 200 places, packed and unpacked."""
    rng = random.Random(15)
    nodes: dict[int, tuple[tuple[int, int], dict[str, str]]]
    nodes = {k: ((1_200_000_000 + 97 * k, 315_000_000 + 31 * k), {}) for k in range(1, 400)}
    tags = {"highway": "footway", "name": "人民路"}
    ways = {k: ([k, k + 1, k + 2], tags) for k in range(1, 300)}
    plain, packed = tmp_path / "n.osm", tmp_path / "packed.osm.pbf"
    written(plain, nodes, ways)
    options = ["pbf", "pbf,pbf_compression=none"]
    messages: list[str] = []
    for k in range(200):
        target = osmium.io.File(str(packed), options[k % 2])
        with osmium.SimpleWriter(target, overwrite=True) as writer:
            for item in osmium.FileProcessor(str(plain)):
                writer.add(item)
        content = bytearray(packed.read_bytes())
        place = rng.randrange(len(content))
        match k % 5:
            case 0:
                del content[place:]
            case 1:
                content[place] ^= 1 << rng.randrange(8)
            case 2:
                content[place : place + 40] = bytes(40)
            case 3:
                content[place:place] = content[:place]
            case _:
                content[:] = content[place:] + content[:place]
        packed.write_bytes(content)
        messages += refusal(packed)
    assert len(messages) > 100
    assert all(message.startswith(str(packed)) for message in messages)
