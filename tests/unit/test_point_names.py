"""
Names of points along streets.

              C (0, 300)          F (900, 300)
              |  Mill Lane        |  Mill Lane again
A --- 1 ----- B --- 2 ------ D -- E ----- 3 ---------- G      High Street, y = 0
(-400)       (0)           (600) (900)               (2000)
                             |
                             H (600, -300)   no name

Point 1 at x = -100, 2 at x = 400, 3 at x = 1500; 4 at (600, -150), on the street without a name.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.builders.small_inputs import streets
from tests.streets import EAST_M, NORTH_M, Nodes

from circle15.planning.candidates import along_streets
from circle15.planning.point_names import numbered, street_names
from circle15.study.vocabulary import columns as c

NODES: Nodes = {
    "A": (-400, 0),
    "B": (0, 0),
    "C": (0, 300),
    "D": (600, 0),
    "E": (900, 0),
    "F": (900, 300),
    "G": (2000, 0),
    "H": (600, -300),
}
WAYS = ("ABDEG", "BC", "EF", "DH")


@pytest.fixture
def network():
    made = streets(NODES, *WAYS)
    return replace(made, names={0: "High Street", 1: "Mill Lane", 2: "Old Lane"})


def named(network, *points):
    """Names of points by (x, y) and the number of the way on which they lie."""
    edge = [int(np.flatnonzero(network.way_id == way)[0]) for _, _, way in points]
    x_m = np.array([x + EAST_M for x, _, _ in points], np.float64)
    y_m = np.array([y + NORTH_M for _, y, _ in points], np.float64)
    return street_names(network, np.array(edge), x_m, y_m)


def test_a_street_and_the_nearest_street_that_meets_it(network):
    """3 is 600 m from Old Lane, too far; the street without a name names no crossing."""
    points = ((-100, 0, 0), (400, 0, 0), (1500, 0, 0), (600, -150, 3), (0, 200, 1))
    assert named(network, *points) == [
        "High Street / Mill Lane",
        "High Street / Mill Lane",
        "High Street",
        "",
        "Mill Lane / High Street",
    ]
    assert named(network, (500, 0, 0)) == ["High Street / Old Lane"]


def test_of_two_that_are_equally_near_the_first_in_the_alphabet(network):
    assert named(network, (450, 0, 0)) == ["High Street / Mill Lane"]


def test_streets_without_any_name(network):
    assert named(replace(network, names={}), (400, 0, 0)) == [""]


def test_points_of_one_name_are_counted_and_others_named_by_zone():
    places = [["", "", "C1", ""], ["S1", "S1", "S1", "S2"]]
    assert numbered(["A / B", "A / B", "", ""], places) == ["A / B · 1", "A / B · 2", "C1", "S2"]
    assert numbered([""], [[""]]) == [""]


def test_the_id_of_a_point_does_not_depend_on_names(network):
    with_names, without = (
        along_streets(network, 250.0),
        along_streets(replace(network, names={}), 250.0),
    )
    assert with_names[c.CANDIDATE_ID].tolist() == without[c.CANDIDATE_ID].tolist()
    assert with_names[c.CANDIDATE_ID].tolist()[0] == "0:0+125"
    assert with_names[c.NAME].tolist()[0] == "High Street / Mill Lane"
