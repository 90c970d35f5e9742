"""Groups with a profile of their own, and ages and profiles that cannot be."""

from __future__ import annotations

from fractions import Fraction

import jsonschema
import pytest
from tests.builders.age_study import ONE, by_group, nested, study_of, three_homes
from tests.builders.coverage import drawn_coverage
from tests.builders.report_page import build_report
from tests.streets import OsmWay, straight

from circle15.access.cohorts import Homes
from circle15.access.walks import Walks
from circle15.errors import InputDataError, StudyError
from circle15.output.map.html import build_map
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.rules.evaluators.gathering import gather_evidence
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from circle15.workflow.reading import read_inputs, silent


@pytest.mark.parametrize(
    ("walk", "words"),
    [
        ("age_speeds = { p60_69 = 1.0, p70 = 0.7 }", None),
        ("age_speeds = { p60_74 = 1.0, p75 = 0.7 }", ["p60_74", "not an age band"]),
        ("age_speeds = { old = 1.0 }", ["age_speeds.old", "not an age band"]),
        ("age_speeds = { p60_79 = 1.0, p70 = 0.7 }", ["p70", "overlaps with p60_79"]),
        ("age_speeds = { p60 = 1.0, p80 = 0.7 }", ["p80", "overlaps with p60"]),
        ("age_speeds = { p60_69 = 1.0, p80 = 0.7 }", ["70–79", "Add p70_79"]),
        ("age_speeds = { p60_69 = 1.0, p70_79 = 0.9 }", ["from 80 on", "Add p80"]),
        ("age_speeds = { p70_79 = 0.9, p80 = 0.7 }", ["60–69", "Add p60_69"]),
        ("age_speeds = { p60_64 = 1.2, p65 = 1.0 }", ["'p65'", "no layer has them"]),
        ("age_speeds = { p60 = 0 }", ["p60", "greater than 0"]),
        ("age_speeds = { p60 = 0.123456789123 }", ["p60", "too many decimals"]),
        ('age_speeds = { p60 = "fast" }', ["p60", "number"]),
        ("age_speeds = 0.8", ["age_speeds", "table"]),
        ('profiles = { p60 = "pushchair" }', None),
        ('profiles = { p60 = "pushchiar" }', ["p60", "Did you mean 'pushchair'"]),
        ('profiles = { p0_3 = "pushchair" }', ["p0_3", "without people"]),
        ('profiles = { babies = "pushchair" }', ["babies", "not a group"]),
        (
            'age_speeds = { p60 = 0.8 }\nprofiles = { p80 = "wheelchair" }',
            ["p80", "Keep one of both"],
        ),
    ],
)
def test_bands_and_profiles_that_cannot_be_are_refused(tmp_path, walk, words):
    path = three_homes(tmp_path, walk=walk)
    if words is None:
        load_study(path)
        return
    with pytest.raises(StudyError) as caught:
        load_study(path)
    assert [word for word in words if word not in str(caught.value)] == []


def test_missing_layers_are_named_together(tmp_path):
    nodes, word = straight(1000)
    homes = {"h": (100, 0, {"p60": 10})}
    path = study_of(tmp_path, nodes, [word], homes, {"f": (0.0, 0.0)})
    with pytest.raises(StudyError, match="'p70' and 'p80'"):
        load_study(path)


def test_the_judged_group_must_have_ages(tmp_path):
    path = study_of(
        tmp_path,
        *(straight(100)[0], [straight(100)[1]]),
        {"h": (10, 0, {"total": 10, "p60": 2})},
        {"f": (0.0, 0.0)},
        walk="age_speeds = { p60 = 0.8 }",
    )
    path.write_text(path.read_text("utf-8").replace('group = "p60"\n', 'group = "total"\n', 1))
    with pytest.raises(StudyError, match="judged as 'total'"):
        load_study(path)


def test_more_old_than_people_is_refused(tmp_path):
    """At h1 4 people are 80 and over and 3 are 70 and over: named with the point, not clipped."""
    nodes, word = straight(1000)
    homes = {"h0": (100, 0, nested(10, 6, 2)), "h1": (200, 0, nested(10, 3, 4))}
    path = study_of(tmp_path, nodes, [word], homes, {"f": (0.0, 0.0)})
    with pytest.raises(InputDataError) as caught:
        run_study(load_study(path))
    message = str(caught.value)
    assert "homes.csv" in message
    assert "'p80' has more people than 'p70' at 1 points, by 1.000 people: h1 (1.000)" in message


def test_rounding_is_listed_and_the_group_stays(tmp_path):
    """0.0004 people too many of 70 and over: a note, and p60 keeps its sum."""
    nodes, word = straight(1000)
    homes = {"h": (100, 0, nested(5, "5.0004", 2))}
    path = study_of(tmp_path, nodes, [word], homes, {"f": (0.0, 0.0)})
    result = run_study(load_study(path))
    (finding,) = [one for one in result.findings if one.code == "AGES_NOT_NESTED"]
    assert finding.detail == {"older": "p70", "younger": "p60", "points": "1", "people": "0.000400"}
    found = by_group(result)
    assert found["p60"][0] == 5 * ONE
    assert (found["p60_69"][0], found["p70_79"][0], found["p80"][0]) == (0, 3 * ONE, 2 * ONE)
    assert found["p70"][0] == 5_000_400


STAIRS = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (0.0, 500.0), "D": (100.0, 500.0)}
"""Home at A, site at B: 100 m of stairs, or 1 100 m around by C and D."""


def stairs_study(folder, walk, group="p60"):
    ways = [OsmWay("AB", {"highway": "steps"}), "ACDB"]
    homes = {"h": (0, 0, {"p60": 10, "p0_3": 2})}
    path = study_of(folder, STAIRS, ways, homes, {"f": (100.0, 0.0)}, walk=walk)
    path.write_text(
        path.read_text("utf-8").replace('group = "p60"\n', f'group = "{group}"\n', 1), "utf-8"
    )
    return load_study(path)


PUSHCHAIRS = 'profiles = { p0_3 = "pushchair" }'


def test_pushchairs_go_around_the_stairs(tmp_path):
    """
    Older people take the stairs: 100 m · (1/0.35 + 1/0.5)/2 = 242.857 s. Pushchairs go around:
    1 100 m at 1.07 m/s are 1 028 s; at 1.2 times the speed 857 s, inside.
    """
    result = run_study(stairs_study(tmp_path, PUSHCHAIRS))
    assert by_group(result) == {"p60": (10 * ONE, 10 * ONE, 0, 0), "p0_3": (2 * ONE, 0, 2 * ONE, 0)}
    assert by_group(result, "1.2")["p0_3"] == (2 * ONE, 2 * ONE, 0, 0)
    judged = result.coverage.query("cutoff_min == 15 and factor == 1.0")
    times = dict(zip(judged["group"].astype(object).fillna(""), judged["time_ms"], strict=True))
    assert times[""] == 242_857
    assert times["p0_3"] == pytest.approx(1_100_000 / 1.07, abs=30)
    (reach,) = result.catchments["meal_point"]
    assert reach.persons == {"p60": 10 * ONE, "p0_3": 0}
    summary = build_summary(result)
    jsonschema.validate(summary, summary_schema())
    assert summary["parameters"]["profiles"]["p0_3"]["profile"] == "pushchair"
    speeds = {(r["group"], r["factor"]): r["speed_m_s"] for r in summary["coverage"]}
    assert (speeds["p60", 1.0], speeds["p0_3", 1.0]) == (1.0, 1.07)
    inputs = read_inputs(result.study, silent)
    walks = Walks(inputs, Homes(inputs))
    evidence = gather_evidence(inputs, walks, rows=result.coverage_rows, checks=[], packs=[])
    counted = {group: evidence.count((("meal_point",),), group, 15) for group in ("p60", "p0_3")}
    assert {group: counts and counts.covered for group, counts in counted.items()} == {
        "p60": 10 * ONE,
        "p0_3": 0,
    }


def test_a_judged_group_with_a_profile_is_a_run_with_that_profile(tmp_path):
    """Streets, zones, catchments and what is drawn are those of the profile."""
    (tmp_path / "own").mkdir()
    (tmp_path / "all").mkdir()
    own = run_study(stairs_study(tmp_path / "own", PUSHCHAIRS, "p0_3"))
    every = run_study(
        stairs_study(
            tmp_path / "all",
            'profile = "pushchair"\nsensitivity_m_s = [0.856, 1.284]',
            "p0_3",
        )
    )

    def counts(result):
        return [
            (r.category, r.cutoff_min, r.counts, r.claimed)
            for r in result.coverage_rows
            if r.group == "p0_3"
        ]

    assert counts(own) == counts(every)
    times = drawn_coverage(own)["time_ms"].tolist()
    assert times == drawn_coverage(every)["time_ms"].tolist()
    assert own.drawn.walker.speed_m_s == Fraction("1.07")
    assert own.served.geometry.geom_equals(every.served.geometry).all()
    assert "1.07" in build_report(own, "en")
    assert "1.07" in build_map(own, "zh")


def test_homes_that_join_no_street_of_the_profile_are_listed(tmp_path):
    """
    Home and site on stairs of 600 m, 250 m or more from the street: 2 children not judged.

    The 3 children of k would reach the site if it joined the street: 400 m along it and a leg of
    500 m are 900 m, at 1.07 m/s 841 s. It does not join, so whether they are covered is unknown.
    """
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (0.0, 500.0), "D": (600.0, 500.0)}
    ways = [OsmWay("AB", {"highway": "steps"}), "CD"]
    homes = {"h": (300, 0, {"p60": 10, "p0_3": 2}), "k": (0, 500, {"p60": 1, "p0_3": 3})}
    path = study_of(tmp_path, nodes, ways, homes, {"f": (400.0, 0.0)}, walk=PUSHCHAIRS)
    result = run_study(load_study(path))
    (finding,) = [one for one in result.findings if one.code == "PROFILE_NOT_JOINED"]
    assert finding.detail == {
        "group": "p0_3",
        "profile": "pushchair",
        "homes": "1",
        "people": "2.0",
        "sites": "1",
    }
    assert by_group(result) == {
        "p60": (11 * ONE, 10 * ONE, 1 * ONE, 0),
        "p0_3": (5 * ONE, 0, 0, 5 * ONE),
    }


def test_ages_and_a_profile_go_together(tmp_path):
    walk = "age_speeds = { p60 = 0.8 }\n" + PUSHCHAIRS
    result = run_study(stairs_study(tmp_path, walk))
    speeds = {row.group: row.own_speed for row in result.coverage_rows if row.speed_m_s == 1}
    assert speeds == {"p60": Fraction("0.8"), "p0_3": Fraction("1.07")}
