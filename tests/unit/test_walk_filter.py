"""The walk filter: the first rule of the table that matches decides."""

from __future__ import annotations

import pytest
from tests.oracle import oracle

from circle15.network.osm.snap_rule import takes_snaps
from circle15.network.osm.walk_filter import decide, directions, walk_rules

WALKED = [
    {"highway": "footway"},
    {"highway": "steps"},
    {"highway": "pedestrian", "area": "yes"},
    {"highway": "residential", "oneway": "yes"},
    {"highway": "service", "access": "private"},
    {"highway": "cycleway"},
    {"highway": "cycleway", "foot": "designated"},
    {"highway": "motorway", "foot": "yes"},
    {"highway": "track", "access": "no", "foot": "permissive"},
    {"highway": "trunk"},
    {"highway": "path", "foot": "private"},
    {"highway": "residential", "sidewalk": "separate"},
    {"highway": "primary", "sidewalk:left": "separate"},
    {"highway": "primary", "sidewalk": "separate", "foot": "yes"},
    {"highway": "primary", "sidewalk": "both"},
    {"highway": "service", "service": "parking_aisle"},
    {"highway": "service", "service": "emergency_access"},
    {"highway": "service", "service": "drive-through"},
    {"highway": "service", "disused": "yes"},
    {"highway": "tertiary", "construction": "minor"},
    {"highway": "steps", "conveying": "forward"},
    {"highway": "footway", "indoor": "yes", "opening_hours": "06:00-22:00"},
    {"highway": "corridor", "level": "-1"},
    {"highway": "residential", "foot:conditional": "no @ (22:00-06:00)"},
]
NOT_WALKED = [
    {"highway": "motorway"},
    {"highway": "motorway_link"},
    {"highway": "trunk", "motorroad": "yes"},
    {"highway": "footway", "access": "no"},
    {"highway": "primary", "foot": "no"},
    {"highway": "primary", "foot": "use_sidepath"},
    {"highway": "construction"},
    {"highway": "proposed", "foot": "yes"},
    {"highway": "raceway"},
    {"highway": "something new"},
    {"highway": "primary", "sidewalk": "separate"},
    {"highway": "trunk_link", "sidewalk:both": "separate"},
    {"highway": "service", "abandoned": "yes"},
    {"highway": "tertiary", "construction": "yes"},
    {"highway": "footway", "indoor": "room"},
]


@pytest.mark.parametrize("tags", WALKED, ids=str)
def test_walked(tags):
    assert decide(tags)[0]


@pytest.mark.parametrize("tags", NOT_WALKED, ids=str)
def test_not_walked(tags):
    assert not decide(tags)[0]


@pytest.mark.parametrize("tags", WALKED + NOT_WALKED, ids=str)
def test_as_the_oracle_reads_the_table(tags):
    assert decide(tags) == oracle.walkable(tags, oracle.read_rules())


def test_every_rule_has_a_reason_and_they_differ():
    reasons = [rule.reason for rule in walk_rules()]
    assert len(set(reasons)) == len(reasons) > 5


@pytest.mark.parametrize(
    ("tags", "takes"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "residential", "bridge": "no"}, True),
        ({"highway": "residential", "bridge": "viaduct"}, False),
        ({"highway": "residential", "tunnel": "yes"}, False),
        ({"highway": "service", "tunnel": "building_passage"}, True),
        ({"highway": "motorway", "foot": "yes"}, False),
    ],
)
def test_where_homes_may_join(tags, takes):
    assert takes_snaps(tags) is takes


def test_directions():
    assert directions({"oneway": "yes"}) == (True, True)
    assert directions({"oneway:foot": "yes"}) == (True, False)
    assert directions({"oneway:foot": "-1"}) == (False, True)
    assert directions({"foot:backward": "no"}) == (True, False)


@pytest.mark.parametrize(
    ("conveying", "walked"),
    [("forward", (True, False)), ("backward", (False, True)), ("yes", (True, True))],
)
def test_escalators_are_not_walked_against(conveying, walked):
    tags = {"highway": "steps", "conveying": conveying}
    assert directions(tags) == oracle.foot_directions(tags) == walked
