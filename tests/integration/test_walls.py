"""Walls, fences, hedges and gates from files to results: states, findings, ways and cards."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from tests.builders.walled_town import DRIVE, NODES, STREET, WALL, judged, town
from tests.streets import (
    OsmWay,
    lon_lat,
    write_osm,
    write_points,
    write_study,
)

from circle15 import check_study_zones, load_study, route, run
from circle15.output.map.facilities import facility_rows
from circle15.output.route.texts import route_entry, route_lines
from circle15.output.text.wording import Words
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

# --- A door on a gate ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tags", [{"barrier": "gate"}, {"barrier": "lift_gate", "access": "private"}, {}]
)
@pytest.mark.parametrize("walls", ["prefer", "stop", "ignore"])
def test_a_site_whose_door_is_a_gate(tmp_path, walls, tags):
    """300 m along the street and 20 m to the gate, a node of wall and drive, whatever its tags."""
    study = town(
        tmp_path,
        STREET,
        DRIVE,
        WALL,
        homes={"h": (0, 0, 10)},
        sites={"s": (305, 100)},
        node_tags={"G": tags},
        network=f'walls = "{walls}"',
    )
    homes, told = judged(study)
    assert (homes["h"][0], homes["h"][1]) == ("covered", pytest.approx(405_000, abs=15))
    assert told == []
    lon, lat = lon_lat([(300, 20)])[0]
    (tmp_path / "doors.csv").write_text(f"facility_id,lon,lat\ns,{lon:.7f},{lat:.7f}\n", "utf-8")
    text = study.read_text("utf-8").replace(
        'file = "sites.csv"', 'file = "sites.csv"\nentrances = "doors.csv"'
    )
    study.write_text(text, "utf-8")
    homes, told = judged(study)
    assert (homes["h"][0], homes["h"][1]) == ("covered", pytest.approx(320_000, abs=15))
    assert told == []


def test_a_gate_on_a_wall_that_no_street_reaches(tmp_path):
    """No drive: a home behind the gate joins through it, one beside it through the wall."""
    homes = {"h": (300, 35, 10), "k": (310, 35, 10)}
    gate = {"G": {"barrier": "gate"}}
    study = town(tmp_path, STREET, WALL, homes=homes, sites={"s": (0, 0)}, node_tags=gate)
    found, told = judged(study)
    assert found["h"] == ("covered", pytest.approx(335_000, abs=15), "")
    assert found["k"] == ("covered", pytest.approx(345_000, abs=15), "THROUGH_WALL")
    assert [(code, severity) for code, severity, _ in told] == [("THROUGH_WALL", "note")]
    assert told[0][2] == {"id": "k", "barrier": "way/2", "kind": "wall"}


def test_a_gate_that_nobody_may_pass_is_none(tmp_path):
    shut = {"G": {"barrier": "gate", "access": "no"}}
    homes = {"h": (300, 35, 10)}
    study = town(tmp_path, STREET, WALL, homes=homes, sites={"s": (0, 0)}, node_tags=shut)
    assert judged(study)[0]["h"][2] == "THROUGH_WALL"


# --- A quarter of walled gardens ----------------------------------------------------------------


def gardens(folder, walls, *, kind="wall", more=()):
    """
    Twenty walled gardens of 30 m along both sides of a street of 1,200 m, a house in each.

    The site is at its west end: with a leg of 15 m the houses to 885 m are covered.
    """
    nodes = {"A": (0.0, 0.0), "B": (1200.0, 0.0), "R": (-50.0, 6.0), "S": (1250.0, 6.0)}
    ways, homes = [OsmWay("AB")], {}
    for k in range(20):
        x, side = 30 + 120 * (k // 2), 1 if k % 2 else -1
        names = [chr(0x4E00 + 4 * k + j) for j in range(4)]
        corners = [(x - 15, 5 * side), (x + 15, 5 * side), (x + 15, 35 * side), (x - 15, 35 * side)]
        nodes |= dict(zip(names, corners, strict=True))
        ways.append(OsmWay("".join([*names, names[0]]), {"barrier": kind}))
        homes[f"h{k:02}"] = (x, 15 * side, 10)
    study = write_study(folder, NODES, [STREET], homes, {"s": (0, 0)})
    write_osm(folder / "n.osm", nodes, *ways, *more)
    text = study.read_text("utf-8").replace('"streets.geojson"', f'"n.osm"\nwalls = "{walls}"')
    study.write_text(text, "utf-8")
    return study


@pytest.mark.parametrize("kind", ["wall", "fence", "hedge", "city_wall"])
def test_walled_gardens(tmp_path, kind):
    """Eight of ten rows of houses are inside 885 m: 80 % are covered, and nobody is unknown."""
    homes, told = judged(gardens(tmp_path, "prefer", kind=kind))
    assert Counter(state for state, _, _ in homes.values()) == {"covered": 16, "gap": 4}
    assert {code for _, _, code in homes.values()} == {"THROUGH_WALL"}
    assert {detail["kind"] for _, _, detail in told} == {kind}
    assert len({detail["barrier"] for _, _, detail in told}) == 20


def test_walled_gardens_where_walls_stop_or_are_not_seen(tmp_path):
    homes, told = judged(gardens(tmp_path, "stop"))
    assert Counter(state for state, _, _ in homes.values()) == {"unknown": 20}
    assert {(code, severity) for code, severity, _ in told} == {("ACCESS_BARRIER", "warning")}
    homes, told = judged(gardens(tmp_path, "ignore"))
    assert Counter(state for state, _, _ in homes.values()) == {"covered": 16, "gap": 4}
    assert told == []


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"waterway": "canal"}, "canal"),
        ({"natural": "coastline"}, "coastline"),
        ({"railway": "light_rail"}, "railway"),
        ({"highway": "motorway"}, "motorway"),
    ],
)
@pytest.mark.parametrize("walls", ["prefer", "ignore"])
def test_water_and_railways_stop_what_walls_do_not(tmp_path, walls, tags, kind):
    """One along the north of the street, behind the garden walls: the ten houses there."""
    homes, told = judged(gardens(tmp_path, walls, more=[OsmWay("RS", tags)]))
    assert Counter(state for state, _, _ in homes.values()) == {
        "unknown": 10,
        "covered": 8,
        "gap": 2,
    }
    stopped = [detail for code, _, detail in told if code == "ACCESS_BARRIER"]
    assert [(one["barrier"], one["kind"]) for one in stopped] == [("way/22", kind)] * 10


@pytest.mark.parametrize(("lang", "words"), [("en", "a wall (way/2)"), ("zh", "围墙（way/2）")])
def test_findings_name_the_barrier_in_words(tmp_path, lang, words):
    run(gardens(tmp_path, "stop"), out=tmp_path / "out", language=lang)
    table = pd.read_csv(tmp_path / "out" / "issues.csv", dtype=str, keep_default_na=False)
    assert sum(words in " ".join(row) for row in table.to_numpy().tolist()) == 1


# --- Ways, cards and tables that name the barrier -------------------------------------------------


@pytest.mark.parametrize(
    ("language", "way", "none"),
    [
        ("en", "street, through a wall (way/3)", "by a wall (way/3)"),
        ("zh", "穿过围墙（way/3）", "到最近道路的被围墙（way/3）隔断"),
    ],
)
def test_a_way_from_a_walled_garden(tmp_path, language, way, none):
    """From the garden of `prefer` there is a way, which says that it leads through the wall."""
    start = tuple(lon_lat([(30, 15)])[0])
    found = route(gardens(tmp_path, "prefer"), start, "s")
    assert sum(step.time_ms for step in found.steps) == pytest.approx(45_000, abs=15)
    assert any(way in line for line in route_lines(found, language))
    entry = route_entry(found, language)
    assert entry["barriers"] == [{"id": "way/3", "kind": "wall"}, None]
    assert [step["barrier"] for step in entry["steps"]] == [entry["barriers"][0], None, None]
    lost = route(gardens(tmp_path, "stop"), start, "s")
    assert lost.reason == "ORIGIN_ACCESS_BARRIER"
    assert none in " ".join(route_lines(lost, language))


def test_a_way_into_a_walled_garden_and_back(tmp_path):
    study = gardens(tmp_path, "prefer")
    study.write_text(study.read_text("utf-8").replace("[walk]", '[walk]\njudge = "round_trip"'))
    ends = tuple(lon_lat([(0, 0)])[0]), tuple(lon_lat([(30, 15)])[0])
    found = route(study, *ends)
    assert found.steps[-1].barrier == found.steps_back[0].barrier == ("way/3", "wall")
    study = gardens(tmp_path, "stop")
    assert route(study, *ends).reason == "DESTINATION_ACCESS_BARRIER"


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        ("prefer", "Joined to the network through a hedge (way/3)."),
        (
            "stop",
            "Cut off from every street in reach by a hedge (way/3): not joined to the network.",
        ),
    ],
)
def test_cards_and_tables_of_sites_name_the_barrier(tmp_path, walls, words):
    """The site stands in the first garden."""
    study = gardens(tmp_path, walls, kind="hedge")
    write_points(tmp_path / "sites.csv", "facility_id,name,floor_area_m2", [(30, 15, "s", "s", 9)])
    result = run_study(load_study(study))
    (row,) = facility_rows(result, Words("en", result.study))
    assert row["joining"] == words
    assert row["snap"] == ("" if walls == "prefer" else "ACCESS_BARRIER")
    named = Words("zh", result.study).joining(
        *result.facilities[[c.SNAP_CODE, c.BARRIER, c.BARRIER_KIND]].iloc[0]
    )
    assert "绿篱（way/3）" in named


@pytest.mark.parametrize(
    ("walls", "found"), [("prefer", ("covered", 45)), ("stop", ("unknown", None))]
)
def test_a_zone_in_a_walled_garden(tmp_path, walls, found):
    """It walks through the wall, and its pages have the way; where walls stop, nothing is known."""
    study = gardens(tmp_path, walls)
    circle = '[circle]\nrequire = ["meal_point"]\n'
    study.write_text(study.read_text("utf-8") + circle, "utf-8")
    lon, lat = lon_lat([(30, 15)])[0]
    rows = f"zone_id,kind,households,lon,lat\nZ,existing,100,{lon:.7f},{lat:.7f}\n"
    (tmp_path / "zones.csv").write_text(rows, "utf-8")
    outcome = check_study_zones(study, tmp_path / "zones.csv", out=tmp_path / "out", language="en")
    (zone,) = outcome.zones
    worst_s = zone["circle"][0]["worst_s"]
    assert (zone["circle"][0]["state"], worst_s and round(worst_s)) == found
    assert (tmp_path / "out" / "zones.html").exists()


# --- Entrances ---------------------------------------------------------------------------------


def doors(folder, heading, rows):
    lines = [f"{own},{lon:.7f},{lat:.7f}" for own, xy in rows for lon, lat in [lon_lat([xy])[0]]]
    path = folder / "doors.csv"
    path.write_text("\n".join([f"{heading},lon,lat", *lines, ""]), "utf-8")
    return path


def points_told(findings):
    return [
        (one.code, one.detail["points"], one.detail["all"], one.detail.get("barrier"))
        for one in findings
        if one.code.startswith("POINTS_")
    ]


@pytest.mark.parametrize(
    ("walls", "code"), [("prefer", "THROUGH_WALL"), ("stop", "ACCESS_BARRIER")]
)
def test_doors_of_a_site_that_meet_a_wall_are_listed_where_another_joins(tmp_path, walls, code):
    study = gardens(tmp_path, walls)
    text = study.read_text("utf-8")
    entered = 'file = "sites.csv"\nentrances = "doors.csv"'
    study.write_text(text.replace('file = "sites.csv"', entered), "utf-8")
    doors(tmp_path, "facility_id", [("s", (30, 15)), ("s", (0, 0)), ("s", (600, 900))])
    told = points_told(run_study(load_study(study)).findings)
    assert told == [(f"POINTS_{code}", "1", "3", "way/3")]
    doors(tmp_path, "facility_id", [("s", (30, 15))])  # its own finding says so
    assert points_told(run_study(load_study(study)).findings) == []


def test_entrances_of_a_zone_that_meet_a_wall_are_listed(tmp_path):
    study = gardens(tmp_path, "stop")
    circle = '[circle]\nrequire = ["meal_point"]\n'
    study.write_text(study.read_text("utf-8") + circle, "utf-8")
    lon, lat = lon_lat([(30, 15)])[0]
    rows = f"zone_id,kind,households,lon,lat\nZ,existing,100,{lon:.7f},{lat:.7f}\n"
    (tmp_path / "zones.csv").write_text(rows, "utf-8")
    alone = check_study_zones(study, tmp_path / "zones.csv")
    assert points_told(alone.findings) == [("POINTS_ACCESS_BARRIER", "1", "1", "way/3")]
    places = [("Z", (30, 15)), ("Z", (60, 0)), ("Z", (30, -15)), ("Z", (31, -15))]
    both = check_study_zones(
        study, tmp_path / "zones.csv", entrances=doors(tmp_path, "zone_id", places)
    )
    assert points_told(both.findings) == [
        ("POINTS_ACCESS_BARRIER", "2", "4", "way/2"),
        ("POINTS_ACCESS_BARRIER", "1", "4", "way/3"),
    ]
