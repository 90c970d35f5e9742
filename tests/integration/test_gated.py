"""A study with a gated compound: who is covered under each rule, and what the results report."""

from __future__ import annotations

import jsonschema
import pytest
import shapely
from tests.builders.report_page import build_report
from tests.streets import EAST_M, NORTH_M, OsmWay, lon_lat, write_layer, write_study

import circle15
from circle15.network.topology.compounds import RULES
from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

NODES = {"A": (0.0, 0.0), "C": (500.0, 0.0), "B": (1000.0, 0.0), "D": (500.0, 400.0)}
WAYS = ["AC", "CB", OsmWay("CD", {"highway": "service", "access": "private"})]
HOMES = {"out": (100, 10, 10), "in": (505, 200, 40)}
"""
            D
            │ private, 400 m
     10     │ 40
    A───────C───────B     streets of 500 m
"""
STREET, INSIDE = {"f": (600.0, 5.0)}, {"f": (505.0, 390.0)}


def study_of(folder, rule, sites, ways=WAYS, judge="outbound"):
    study = write_study(
        folder,
        NODES,
        ways,
        HOMES,
        sites,
        walk=f'judge = "{judge}"',
        more='[circle]\nrequire = ["meal_point"]',
    )
    text = study.read_text("utf-8").replace("[walk]", f'gated = "{rule}"\n[walk]')
    study.write_text(text, encoding="utf-8")
    return study


@pytest.mark.parametrize("judge", ["outbound", "round_trip"])
@pytest.mark.parametrize(
    ("sites", "covered", "differ"),
    [
        (STREET, {"open": 50, "residents": 50, "closed": 10}, {"residents": 0, "closed": 40}),
        (INSIDE, {"open": 50, "residents": 40, "closed": 40}, {"residents": 10, "closed": 10}),
    ],
)
def test_people_under_each_rule(tmp_path, sites, covered, differ, judge):
    """
    A site on the street serves the 40 of the compound if they may walk out; one inside serves
    the 10 of the street if they may walk in. Whatever the study's own rule, the same is said.
    """
    for rule in RULES:
        summary = build_summary(run_study(load_study(study_of(tmp_path, rule, sites, judge=judge))))
        jsonschema.validate(summary, summary_schema())
        assert summary["parameters"]["gated"] == rule
        mine = [
            row
            for row in summary["coverage"]
            if row["cutoff_min"] == 15 and row["speed_m_s"] == 1.0 and row["group"] == "p60"
        ]
        assert {row["category"]: row["covered"] for row in mine} == dict.fromkeys(
            ("meal_point", "any", "all"), covered[rule]
        )
        gated = summary["gated"]
        assert (gated["compounds"], gated["locked_gates"]) == (1, 0)
        assert gated["inside_km"] == pytest.approx(0.4, rel=1e-3)
        assert [row["category"] for row in gated["coverage"]] == ["meal_point", "any", "all"]
        for row in gated["coverage"]:
            assert row["covered"] == covered
            assert row["persons_differ"] == differ


@pytest.mark.parametrize(
    ("rule", "street"), [("open", True), ("residents", False), ("closed", False)]
)
def test_the_drawn_area_is_where_those_are_who_are_counted(tmp_path, rule, street):
    """A site inside serves the compound; the street, and the way in beyond its door, if all may."""
    result = run_study(load_study(study_of(tmp_path, rule, INSIDE)))
    area = result.served.set_index(["category", "cutoff_min"]).geometry["meal_point", 15]
    for point, inside in {
        (505, 200): True,
        (505, 380): True,
        (500, 60): True,
        (400, 0): street,
        (600, 0): street,
        (100, 10): street,
    }.items():
        assert area.covers(shapely.Point(EAST_M + point[0], NORTH_M + point[1])) == inside, point


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_how_many_depend_on_it(tmp_path, language):
    result = run_study(load_study(study_of(tmp_path, "residents", STREET)))
    report = build_report(result, language)
    wanted = "别人进不去" if language == "zh" else "others may neither enter nor pass through"
    assert wanted in report
    plain = run_study(load_study(study_of(tmp_path, "residents", STREET, ways=["AC", "CB", "CD"])))
    assert plain.gated.rows == []
    assert wanted not in build_report(plain, language)


def test_a_route_that_a_rule_closes_says_so(tmp_path):
    """From the street to the site inside: 10 + 400 + 390 + 5 m if anybody may walk in."""
    lon, lat = lon_lat([(100, 10)])[0]
    route = circle15.route(study_of(tmp_path, "open", INSIDE), (lon, lat), "f")
    assert sum(step.time_ms for step in route.steps) == pytest.approx(805_000, abs=30)
    for rule in ("residents", "closed"):
        route = circle15.route(study_of(tmp_path, rule, INSIDE), (lon, lat), "f")
        assert (route.steps, route.reason) == ((), "GATED")


def test_a_round_trip_comes_home_through_the_gate(tmp_path):
    """From the compound to a site on the street and back, 5 + 200 + 100 + 5 m each way."""
    lon, lat = lon_lat([(505, 200)])[0]
    study = study_of(tmp_path, "residents", STREET, judge="round_trip")
    route = circle15.route(study, (lon, lat), "f")
    for steps in (route.steps, route.steps_back):
        assert sum(step.time_ms for step in steps) == pytest.approx(310_000, abs=30)


@pytest.mark.parametrize("judge", ["outbound", "round_trip"])
@pytest.mark.parametrize(
    ("extent", "unknown"),
    [
        ((-3000, -3000, 3000, 3000), {"open": "", "residents": "", "closed": ""}),
        ((-500, -500, 2000, 420), {"open": "in out", "residents": "in", "closed": "in"}),
        ((40, -500, 2000, 1000), {"open": "in out", "residents": "in out", "closed": "out"}),
    ],
)
def test_who_may_walk_out_of_the_data(tmp_path, judge, extent, unknown):
    """The data end nowhere near, behind the last node of the compound, or at the street's end."""
    for rule in RULES:
        study = study_of(tmp_path, rule, {"far": (500.0, 2900.0)}, judge=judge)
        write_layer(tmp_path / "extent.geojson", [(shapely.box(*extent), {})])
        rows = run_study(load_study(study)).coverage
        rows = rows[(rows["cutoff_min"] == 15) & (rows["speed_m_s"] == 1.0)]
        rows = rows[rows["category"] == "meal_point"]
        states = dict(zip(rows["demand_id"], rows["state"], strict=True))
        assert states == {
            home: "unknown" if home in unknown[rule].split() else "gap" for home in HOMES
        }
