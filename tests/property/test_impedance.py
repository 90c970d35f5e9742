"""Properties of costs, whatever the tags."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from circle15.network.costs.crossings import TaggedEdges, waits_ms
from circle15.network.costs.impedance import edge_costs, is_open, ratios
from circle15.study.vocabulary.profiles import profiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.study.vocabulary.profiles import Profile

WALKERS = st.sampled_from(list(profiles().values()))
WAYS = st.fixed_dictionaries(
    {"highway": st.sampled_from(["footway", "steps", "residential", "primary", "elevator"])},
    optional={
        "surface": st.sampled_from(["asphalt", "sand", "gravel", "lava"]),
        "incline": st.sampled_from(["up", "down", "12%", "-3.5 %", "steep"]),
        "footway": st.sampled_from(["crossing", "sidewalk"]),
        "crossing": st.sampled_from(["traffic_signals", "zebra", "no"]),
    },
)
NODES = st.fixed_dictionaries(
    {},
    optional={
        "highway": st.sampled_from(["crossing", "traffic_signals", "elevator"]),
        "crossing": st.sampled_from(["traffic_signals", "zebra", "no"]),
    },
)


@given(profile=WALKERS, tags=WAYS)
def test_nothing_is_faster_than_flat_street(profile: Profile, tags: Mapping[str, str]) -> None:
    assert min(ratios(tags, profile)) >= 1
    if profile.plain:
        assert is_open(tags, profile)
        assert ratios(tags, profile) == (1, 1)


@st.composite
def networks(draw: st.DrawFn) -> TaggedEdges:
    """Ways between up to eight nodes; the edges of a way stand together."""
    ways = draw(st.lists(WAYS, min_size=1, max_size=6))
    n = draw(st.integers(2, 8))
    number = st.integers(0, n - 1)
    runs = [draw(st.lists(number, min_size=2, max_size=5)) for _ in ways]
    rows = [(a, b, k) for k, run in enumerate(runs) for a, b in itertools.pairwise(run)]
    u, v, owner = np.array(rows, np.int64).T
    lengths = draw(st.lists(st.floats(0, 90), min_size=len(rows), max_size=len(rows)))
    nodes = draw(st.dictionaries(number, NODES))
    return TaggedEdges(ways, nodes, u, v, owner, np.array(lengths), n)


@given(edges=networks(), profile=WALKERS)
def test_costs_are_never_below_those_of_lines(edges: TaggedEdges, profile: Profile) -> None:
    open_ways = np.ones((len(edges.ways), 2), bool)
    found = edge_costs(profile, edges, open_ways)
    plain = edge_costs(profiles()["plain"], edges, open_ways)
    assert plain.base_mm_fwd.tolist() == np.floor(edges.length_m * 1000 + 0.5).tolist()
    assert not plain.delay_ms_fwd.any()
    assert not plain.delay_ms_bwd.any()
    for mm, line in (
        (found.base_mm_fwd, plain.base_mm_fwd),
        (found.base_mm_bwd, plain.base_mm_bwd),
    ):
        assert ((mm < 0) | (mm >= line)).all()
    assert min(found.delay_ms_fwd.min(), found.delay_ms_bwd.min()) >= 0


@given(edges=networks())
def test_waits_are_the_same_both_ways_and_at_most_one_for_an_end(edges: TaggedEdges) -> None:
    """All waits of the older adult are even, so halves are halves."""
    profile = profiles()["older-adult"]
    there, back = waits_ms(profile, edges)
    assert there.tolist() == back.tolist()
    most = int((profile.signal_s + profile.lift_s) * 1000)  # halves at two ends, or a way's own
    assert there.max() <= 2 * most
