"""Walking speeds by age band and by profile: the parts of a group, and each fault of the keys."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.builders.report_result import make_study

from circle15.study.settings.records import Demand, DemandLayer, Walk
from circle15.study.settings.walkers import (
    AgeBand,
    Walker,
    bands_of,
    fault_of_walkers,
    parse_band,
    parts_of,
    slowest,
)

AGES = {"p80": Decimal("0.7"), "p60_69": Decimal("1.0"), "p70_79": Decimal("0.9")}


def fault(walk: Walk, *groups: str, judged: str = "p60"):
    layers = tuple(DemandLayer(group) for group in groups or ("p60", "p70", "p80"))
    return fault_of_walkers(make_study(walk=walk, demand=Demand(layers, group=judged)))


def aged(**speeds: str) -> Walk:
    return Walk(age_speeds={band: Decimal(speed) for band, speed in speeds.items()})


@pytest.mark.parametrize(
    "name", ["p60_59", "p60_60", "p61", "p90", "60_69", "p60-69", "p6", "p70_69"]
)
def test_what_is_no_band(name):
    assert parse_band(name) is None


@pytest.mark.parametrize("name", ["p60_64", "p60_69", "p60_79", "p65_79", "p70_79", "p80"])
def test_a_band_keeps_its_name(name):
    band = parse_band(name)
    assert band is not None
    assert band.name == name


def test_bands_are_sorted_by_age():
    assert bands_of(Walk(age_speeds=AGES)) == [
        (AgeBand(60, 70), Decimal("1.0")),
        (AgeBand(70, 80), Decimal("0.9")),
        (AgeBand(80, None), Decimal("0.7")),
    ]


def test_a_group_that_begins_within_a_band_has_the_rest_of_it():
    """People of 65 and more: 65–69 of the band 60–69, and no younger ones."""
    parts = parts_of("p65", Walk(age_speeds=AGES))
    assert [(part.name, part.label, part.first, part.walker.speed_m_s) for part in parts] == [
        ("p60_69", "p65_69", 65, 1),
        ("p70_79", "p70_79", 70, Fraction(9, 10)),
        ("p80", "p80", 80, Fraction(7, 10)),
    ]
    assert [part.name for part in parts_of("p80", Walk(age_speeds=AGES))] == ["p80"]


def test_a_group_that_is_no_age_walks_as_the_study_says():
    (part,) = parts_of("households", Walk(age_speeds=AGES))
    assert (part.name, part.label, part.first) == ("", "households", None)
    assert part.walker.speed_m_s == 1


def test_a_group_with_a_profile_of_its_own_has_its_speed():
    (part,) = parts_of("p0_3", Walk(profiles={"p0_3": "pushchair"}))
    assert (part.name, part.label) == ("p0_3", "p0_3")
    assert part.walker.profile == "pushchair"
    assert part.walker.speed_m_s == Fraction(107, 100)  # of the profile


def test_of_equally_slow_parts_the_oldest_is_the_slowest():
    alike = {"p60_69": Decimal(1), "p70_79": Decimal("0.7"), "p80": Decimal("0.7")}
    assert slowest(parts_of("p60", Walk(age_speeds=alike))).name == "p80"
    assert slowest(parts_of("p60", Walk(age_speeds=AGES | {"p60_69": Decimal("0.5")}))).name == (
        "p60_69"
    )


def test_a_factor_changes_the_speed_alone():
    assert Walker("x", Fraction(9, 10)).times(Fraction(4, 5)) == Walker("x", Fraction(18, 25))


@pytest.mark.parametrize(
    ("walk", "key", "says"),
    [
        (aged(p60_68="1.0", p80="0.7"), "walk.age_speeds.p60_68", "is not an age band"),
        (
            aged(p60_79="1.0", p70_79="0.9", p80="0.7"),
            "walk.age_speeds.p70_79",
            "overlaps with p60_79",
        ),
        (aged(p60="1.0", p80="0.7"), "walk.age_speeds.p80", "overlaps with p60"),
        (aged(p60_69="1.0", p80="0.7"), "walk.age_speeds", "leave out the ages 70–79."),
        (aged(p60_69="1.0", p70_79="0.7"), "walk.age_speeds", "leave out the ages from 80 on."),
        (aged(p70_79="1.0", p80="0.7"), "walk.age_speeds", "leave out the ages 60–69 of 'p60'."),
        (aged(p60_64="1.0", p65="0.7"), "walk.age_speeds", "need the people of 'p65'"),
        (Walk(profiles={"p90": "pushchair"}), "walk.profiles.p90", "is not a group"),
        (Walk(profiles={"p0_3": "pushchair"}), "walk.profiles.p0_3", "is a group without people"),
        (
            Walk(age_speeds=AGES, profiles={"p70": "pushchair"}),
            "walk.profiles.p70",
            "is of people whose speeds are those of age_speeds",
        ),
    ],
)
def test_each_fault_names_its_key(walk, key, says):
    found = fault(walk)
    assert found is not None
    assert (found[0], says in found[1]) == (key, True), found
    assert found[2].endswith(".")


@pytest.mark.parametrize(
    ("walk", "mend"),
    [
        (aged(p60_69="1.0", p80="0.7"), "Add p70_79."),
        (aged(p60_69="1.0", p70_79="0.7"), "Add p80."),
        (aged(p70_79="1.0", p80="0.7"), "Add p60_69."),
    ],
)
def test_the_band_that_is_missing_is_named(walk, mend):
    found = fault(walk)
    assert found is not None
    assert found[2] == mend


def test_bands_need_people_of_an_age():
    found = fault(Walk(age_speeds=AGES), "p60", "total", judged="total")
    assert found is not None
    assert (found[0], "people judged as 'total'" in found[1]) == ("walk.age_speeds", True)


def test_settings_without_a_fault_have_none():
    assert fault(Walk()) is None
    assert fault(Walk(age_speeds=AGES)) is None
    assert fault(Walk(profiles={"p0_3": "pushchair"}), "p60", "p0_3") is None
    # The youngest people there are may begin later than at 60.
    assert fault(aged(p70_79="0.9", p80="0.7"), "p70", "p80", judged="p70") is None


@pytest.mark.parametrize(
    ("walk", "key"),
    [
        (Walk(speed_m_s=Decimal("1.0000000001")), "walk.speed_m_s"),
        (Walk(sensitivity_m_s=(Decimal("0.8000000001"),)), "walk.sensitivity_m_s"),
        (Walk(access_speed_factor=Decimal("0.80000000001")), "walk.access_speed_factor"),
        (Walk(age_speeds=AGES | {"p80": Decimal("0.70000000001")}), "walk.age_speeds.p80"),
        # Each is short enough, and their product is not: the longest is named.
        (
            Walk(
                speed_m_s=Decimal("1.001"),
                sensitivity_m_s=(),
                access_speed_factor=Decimal("0.9999999"),
            ),
            "walk.access_speed_factor",
        ),
    ],
)
def test_speeds_with_too_many_decimals_name_the_longest(walk, key):
    found = fault(walk)
    assert found is not None
    assert (found[0], "has too many decimals" in found[1]) == (key, True), found
