"""Splitting every line of a street layer at its vertices changes no time."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.street_lines import build
from tests.streets import EAST_M, NORTH_M, walk_ms, write_layer

# A coarse grid, so that lines share vertices often.
PLACE = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (p[0] * 100, p[1] * 100))
LINE = st.lists(PLACE, min_size=2, max_size=6).filter(
    lambda line: all(a != b for a, b in itertools.pairwise(line))
)
TAGS = st.sampled_from(
    [{}, {"bridge": "yes"}, {"tunnel": "yes"}, {"layer": "2"}, {"oneway:foot": "yes"}]
)
KEYS = dict.fromkeys(("bridge", "tunnel", "layer", "oneway:foot"))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(LINE, TAGS), min_size=1, max_size=6))
def test_splitting_lines_at_their_vertices_changes_no_time(lines):
    whole = [
        (shapely.LineString(line), KEYS | {"highway": "residential"} | tags) for line, tags in lines
    ]
    split = [
        (shapely.LineString(pair), tags)
        for line, tags in whole
        for pair in itertools.pairwise(line.coords)
    ]
    with tempfile.TemporaryDirectory() as folder:
        networks = [
            build(write_layer(Path(folder, f"{name}.geojson"), rows))
            for name, rows in (("whole", whole), ("split", split))
        ]
    ends = sorted({line[k] for line, _ in lines for k in (0, -1)})
    for start, end in itertools.islice(itertools.combinations(ends, 2), 12):
        a, b = ((x + EAST_M, y + NORTH_M) for x, y in (start, end))
        assert walk_ms(networks[0], a, b) == walk_ms(networks[1], a, b)
