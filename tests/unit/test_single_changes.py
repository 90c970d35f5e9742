"""
Single changes that would cover people in the gap, sites that stay, and what a page judges with.

    D ───────────── C   y = 400        home h at A, site s at D: 1,600 m by B and C,
    ┊ private       │                  400 m by the private way; the circle is 900 m
    A ───────────── B   y = 0          x = 0 and 600
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from tests.builders.report_result import make_study
from tests.builders.small_inputs import CATEGORY, MICRO, inputs_of, streets, walks_of
from tests.streets import EAST_M, NORTH_M

from circle15.access.coverage_counts import straight_lines
from circle15.access.joining.same_sites import same_sites, site_changes
from circle15.planning.gaps.counterfactuals import tried_changes
from circle15.planning.gaps.gap_reasons import GapReason
from circle15.planning.trials import trials_of
from circle15.study.settings.records import NetworkSource, Walk

SQUARE = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (600.0, 400.0), "D": (0.0, 400.0)}
LOOP = {"A": (0.0, 0.0), "B": (2000.0, 0.0), "C": (2000.0, 150.0), "D": (0.0, 150.0)}
HOMES = {"h": (0.0, 0.0, 5), "n": (10.0, 400.0, 7)}
"""h is in the gap; n, beside the site, is covered."""


def study(**network: Any) -> Any:
    return make_study(network=NetworkSource(Path("n.osm.pbf"), **network))


def tried(inputs: Any) -> dict[GapReason, list[bool]]:
    """Which homes every change would cover, by reason, and who is near under `NO_SITE`."""
    walks = walks_of(inputs)
    (found,) = tried_changes(inputs, walks, straight_lines(inputs, walks.homes)).values()
    covered = {change: holds.tolist() for change, holds in found[CATEGORY].covered.items()}
    return {GapReason.NO_SITE: found[CATEGORY].near.tolist()} | covered


@pytest.mark.parametrize(
    ("gated", "private", "gate"),
    [("closed", [1], [True, False]), ("open", [1], None), ("closed", [], None)],
)
def test_open_gates(gated, private, gate):
    """Where gates are open already, or there are none, nothing is tried."""
    network = streets(SQUARE, "ABCD", "AD", private=private)
    inputs = inputs_of(network, HOMES, {"s": (0.0, 400.0)}, study=study(gated=gated))
    found = tried(inputs)
    assert found[GapReason.NO_SITE] == [True, True]
    assert found.get(GapReason.GATE) == gate


@pytest.mark.parametrize(
    ("kind", "reason", "other"),
    [
        ("wall", GapReason.WALL, GapReason.BARRIER),
        ("river", GapReason.BARRIER, GapReason.WALL),
    ],
)
def test_legs_across_a_barrier(kind, reason, other):
    """
    The home at (100, 60) joins CD, 90 m to the north, as the street AB lies beyond the line y = 30.

    By C and B it is 4,000 m to the site at A; without the line it is 60 + 100 m.
    """
    line = shapely.LineString([(EAST_M - 300, NORTH_M + 30), (EAST_M + 2500, NORTH_M + 30)])
    network = streets(LOOP, "ABCD").with_barriers([line], ["way/7"], [kind])
    homes = {"h": (100.0, 60.0, 5), "n": (50.0, 10.0, 7)}
    found = tried(inputs_of(network, homes, {"s": (0.0, 0.0)}, study=study()))
    assert found[reason] == [True, False]
    assert other not in found
    assert GapReason.GATE not in found


def test_a_site_that_is_too_far_in_a_straight_line():
    """Nothing is tried that could bring it nearer, and no site is near."""
    network = streets({"A": (0.0, 0.0), "B": (2000.0, 0.0)}, "AB")
    homes = {"h": (0.0, 0.0, 5), "n": (1200.0, 0.0, 7)}
    found = tried(inputs_of(network, homes, {"s": (2000.0, 0.0)}, study=study()))
    assert found == {GapReason.NO_SITE: [False, True]}


# --- sites that stay ---------------------------------------------------------------------------


def sites(places: dict[str, tuple[float, float]], **columns: Any) -> Any:
    network = streets(SQUARE, "ABCD")
    return inputs_of(network, HOMES, places, **columns).sites


TWO = {"a": (100.0, 0.0), "b": (600.0, 100.0)}


def test_the_same_sites_keep_their_rows():
    """A closed site before them moves their rows."""
    base = sites(TWO)
    assert same_sites(base, base, [CATEGORY])[CATEGORY].tolist() == [0, 1, -1]
    more = sites({"x": (0.0, 0.0), **TWO}, open=[False, True, True])
    assert same_sites(more, base, [CATEGORY])[CATEGORY].tolist() == [1, 2, -1]
    assert same_sites(base, base, ["care_home"]) == {}


@pytest.mark.parametrize(
    ("places", "columns"),
    [
        ({"a": (101.0, 0.0), "b": TWO["b"]}, {}),
        ({"a": TWO["a"]}, {}),
        ({"a": TWO["a"], "c": TWO["b"]}, {}),
        (TWO, {"position_unsure": [False, True]}),
        (TWO, {"open": [True, False]}),
    ],
)
def test_what_is_judged_of_a_site_makes_it_another(places, columns):
    assert same_sites(sites(places, **columns), sites(TWO), [CATEGORY]) == {}


def test_a_name_is_not_judged():
    assert CATEGORY in same_sites(sites(TWO, name=["x", "y"]), sites(TWO), [CATEGORY])


def test_sites_that_come_and_go():
    """a stays, b is moved, c is new: b of before is gone."""
    after = sites({"a": TWO["a"], "b": (600.0, 200.0), "c": (300.0, 0.0)})
    found = site_changes(after, sites(TWO), CATEGORY)
    assert found is not None
    assert found.row.tolist() == [0, -1, -1]
    assert found.added.tolist() == [1, 2]
    assert found.gone.tolist() == [1]


def test_lists_that_are_complete_elsewhere_are_not_compared():
    base = sites(TWO)
    other = replace(base, covers={CATEGORY: shapely.box(0, 0, 1, 1)})
    assert site_changes(other, base, CATEGORY) is None
    assert same_sites(other, base, [CATEGORY]) == {}
    assert site_changes(base, replace(base, covers={}), CATEGORY) is None


# --- what a page judges tried sites with -------------------------------------------------------


@pytest.mark.parametrize(("judge", "times"), [("outbound", 1), ("round_trip", 2)])
def test_what_decides_who_is_covered(judge, times):
    network = streets(SQUARE, "ABCD")
    settings = replace(study(), walk=Walk(judge=judge))
    places = {"s": (0.0, 400.0), "u": (600.0, 0.0)}
    inputs = inputs_of(network, HOMES, places, study=settings, position_unsure=[False, True])
    found = trials_of(walks_of(inputs))
    assert found is not None
    assert found.limits_ms == {one: times * one * 60_000 for one in (5, 10, 15)}
    (walk,) = found.walks
    assert walk.weight.tolist() == [5 * MICRO, 7 * MICRO]
    assert walk.longest_leg_m == pytest.approx(900)
    assert (walk.sure[CATEGORY].owner.tolist(), walk.doubtful[CATEGORY].owner.tolist()) == (
        [0],
        [1],
    )
    assert set(walk.rank.tolist()) == {0}
    assert not any(states.any() for states in walk.unknown.values())


def test_a_home_that_joins_no_street_is_unknown_whatever_is_added():
    homes = {**HOMES, "far": (3000.0, 3000.0, 1)}
    inputs = inputs_of(streets(SQUARE, "ABCD"), homes, {"s": (0.0, 400.0)}, study=study())
    found = trials_of(walks_of(inputs))
    assert found is not None
    (walk,) = found.walks
    assert walk.unknown[CATEGORY, 15].tolist() == [False, False, True]
    assert np.asarray(walk.access_speed_m_s) == 1
