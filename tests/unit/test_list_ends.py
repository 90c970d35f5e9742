"""
Where a list of sites ends: only where a street leads more than 50 m beyond its area.

A street of 1,200 m along the x axis and nobody's site; a home at x = 1,000. What ends the list
within 900 s makes the home unknown.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from tests.builders.judged_points import judged
from tests.streets import plane

STREET = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (1200.0, 0.0)}
GAP, ENDS = ("gap", ""), ("unknown", "LIST_ENDS")


def at(covers, nodes=None, ways=("ABC",), home=(1000.0, 0.0)):
    (found,) = judged(plane(nodes or STREET, *ways), [home], [], covers=covers)
    return found


@pytest.mark.parametrize("beside_m", [-49.0, -1.0, 0.0, 1.0, 49.0])
def test_a_street_along_the_border_ends_nothing(beside_m):
    """The border runs beside the street, on it or up to 50 m inside of it."""
    assert at(shapely.box(-100, beside_m, 1300, 900)) == GAP


def test_a_street_that_runs_60_m_outside_the_border_ends_the_list():
    assert at(shapely.box(-100, 60, 1300, 900)) == ENDS


@pytest.mark.parametrize("swing_m", [10.0, 49.0])
@pytest.mark.parametrize("step_m", [7.0, 50.0, 300.0])
def test_a_coast_road_that_wavers_over_a_digitised_border(swing_m, step_m):
    x = np.arange(-100.0, 1700.0, step_m)
    rim = np.column_stack([x, np.where(np.arange(len(x)) % 2, swing_m, -swing_m)])
    east = float(x[-1])
    assert at(shapely.Polygon([*rim.tolist(), (east, 900.0), (-100.0, 900.0)])) == GAP


def test_a_road_that_wavers_while_the_border_is_straight():
    """The road swings 45 m to both sides of the border."""
    nodes = {chr(0x4E00 + k): (50.0 * k, 45.0 * (-1) ** k) for k in range(25)}
    home = (1000.0, 45.0)
    assert at(shapely.box(-100, 0, 1300, 900), nodes, ["".join(nodes)], home) == GAP


@pytest.mark.parametrize(("beyond_m", "state"), [(30, GAP), (50, GAP), (51, ENDS), (60, ENDS)])
def test_a_dead_end_beyond_the_border(beyond_m, state):
    """A lane leads from B over the border, 100 m away, and stops."""
    nodes = STREET | {"D": (600.0, -100.0 - beyond_m)}
    assert at(shapely.box(-100, -100, 1300, 900), nodes, ["ABC", "BD"]) == state


def test_a_border_that_cuts_a_corner_of_60_m_off_ends_the_list_there():
    """A notch in the border is left and entered again: the street is 100 m outside of it."""
    whole = shapely.box(-100, -300, 1300, 300)
    notch = shapely.box(500, -100, 700, 300)
    assert at(shapely.difference(whole, notch)) == ENDS


def test_a_hole_narrower_than_the_margin_ends_nothing():
    """A list that is complete but for a strip of 90 m across the street."""
    whole = shapely.box(-100, -300, 1300, 300)
    assert at(shapely.difference(whole, shapely.box(600, -100, 690, 100))) == GAP


def test_a_home_outside_by_more_than_the_margin_is_at_the_end_at_once():
    assert at(shapely.box(-100, -100, 900, 100)) == ENDS


def test_a_list_that_is_complete_nowhere_leaves_everybody_unknown():
    assert at(shapely.Polygon()) == ENDS


# --- Where the network ends ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rim_m", "reason"),
    [
        (1300.0, ""),  # the street ends 100 m before the rim: a dead end
        (1251.0, ""),
        (1250.0, "NETWORK_ENDS"),  # within 50 m of it: it may have been cut there
        (1200.0, "NETWORK_ENDS"),
        (1100.0, "NETWORK_ENDS"),  # it leads out of the data
    ],
)
def test_an_extract_that_is_cut_ends_where_its_streets_reach_the_rim(rim_m, reason):
    network = plane(STREET, "ABC", extent=shapely.box(-500, -900, rim_m, 900))
    (found,) = judged(network, [(1000.0, 0.0)], [])
    assert found == ("unknown" if reason else "gap", reason)


def test_a_rim_that_nobody_reaches_within_the_cutoff_ends_nothing():
    """The end of the street is 1,000 m away, 900 m can be walked."""
    network = plane(STREET, "ABC", extent=shapely.box(-500, -900, 1210, 900))
    assert judged(network, [(200.0, 0.0), (300.0, 0.0)], []) == [GAP, ("unknown", "NETWORK_ENDS")]
