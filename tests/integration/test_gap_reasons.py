"""Why people are in a gap: each reason by hand, and random studies run again with the change."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pyogrio
import pytest
from tests.builders.gap_study import walked, write_gaps
from tests.builders.report_page import build_report
from tests.builders.report_result import text_of
from tests.builders.supply_study import write_supply
from tests.streets import OsmWay

import circle15 as c15
from circle15.access.states import State
from circle15.output.gis.geopackage import write_geopackage
from circle15.output.map.html import map_data
from circle15.output.tables.gap_sheet import gap_sheet
from circle15.output.text.wording import Words
from circle15.planning.gaps.gap_reasons import CHANGES, GapReason
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

STREET = {"highway": "residential"}
NODES = {
    "A": (-600.0, 0.0),
    "G": (100.0, 0.0),
    "C": (250.0, 0.0),
    "P": (-600.0, 60.0),
    "Q": (250.0, 60.0),
    "K": (-500.0, 10.0),
    "L": (300.0, 10.0),
}
"""
.   P--------------------Q   y = 60, joined with the other street at its west end only
.     K----------------L     y = 10, a wall or a river
.   A ----------G--------C   y = 0
"""
BOTH = ["CGAPQ"]
HOME = {"h": (0.0, 20.0, 7)}
SITE = {"s": (200.0, 0.0)}


def area_of(study):
    """The only gap area of a study that is run, and its summary."""
    summary = c15.run(load_study(study)).summary
    (area,) = summary["gap_areas"]
    return area, summary


def reason_of(study):
    area, _ = area_of(study)
    people = {word: n for word, n in area["persons_by_reason"].items() if n}
    return area["reason"], people, area["covered_if"]


def test_a_site_behind_a_locked_gate(tmp_path):
    """The 150 m beyond the gate are a compound, whose site serves its residents."""
    gate = {"G": {"barrier": "gate", "access": "private"}}

    def under(rule):
        folder, home = tmp_path / rule, {"h": (0, 0, 7)}
        network = f'gated = "{rule}"\n'
        return write_gaps(folder, NODES, ["AGC"], home, SITE, node_tags=gate, network=network)

    study = under("residents")
    assert reason_of(study) == ("gate", {"gate": 7.0}, {"gate": 7.0})
    study = under("open")
    assert c15.run(load_study(study)).summary["gap_areas"] == []


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"barrier": "wall"}, "wall"),
        ({"barrier": "fence"}, "wall"),
        ({"waterway": "river"}, "barrier"),
        ({"railway": "rail"}, "barrier"),
    ],
)
def test_a_wall_or_a_river_between_home_and_street(tmp_path, tags, reason):
    """The home joins the street in the north, 1.5 km from the site; across it is 20 + 200 m."""
    study = write_gaps(tmp_path, NODES, [*BOTH, OsmWay("KL", tags)], HOME, SITE)
    assert reason_of(study) == (reason, {reason: 7.0}, {reason: 7.0})


@pytest.mark.parametrize(
    ("tags", "reason"), [({"barrier": "wall"}, "wall"), ({"natural": "coastline"}, "barrier")]
)
def test_a_wall_or_a_coast_between_site_and_street(tmp_path, tags, reason):
    """The site joins the street in the north, as the home did above."""
    way, site = OsmWay("KL", tags), {"s": (200.0, 20.0)}
    study = write_gaps(tmp_path, NODES, [*BOTH, way], {"h": (0.0, 0.0, 7)}, site)
    assert reason_of(study) == (reason, {reason: 7.0}, {reason: 7.0})


def test_walls_that_are_not_seen_are_no_reason(tmp_path):
    """Walls are ignored, so the home joins the street behind the wall; there is no gap."""
    wall = OsmWay("KL", {"barrier": "wall"})
    study = write_gaps(tmp_path, NODES, [*BOTH, wall], HOME, SITE, network='walls = "ignore"\n')
    assert c15.run(load_study(study)).summary["gap_areas"] == []


def test_a_wall_that_changes_nothing_is_a_detour(tmp_path):
    """The site lies 700 m along the streets; passing the wall saves 40 m of leg and no more."""
    wall = OsmWay("KL", {"barrier": "wall"})
    near = {"s": (0.0, 60.0)}
    study = write_gaps(tmp_path, NODES, [*BOTH, wall], {"h": (0.0, 0.0, 7)}, near)
    assert reason_of(study) == ("detour", {"detour": 7.0}, {"wall": 0.0})


def test_a_hill(tmp_path):
    """250 m at 10 % count as 1.419 × 250 = 355 m; on the level they are within 300 m."""
    site = {"s": (250.0, 0.0)}
    study = write_gaps(
        tmp_path, NODES, ["AGC"], {"h": (0.0, 0.0, 7)}, site, height=lambda x, _y: 500 + 0.1 * x
    )
    assert reason_of(study) == ("climb", {"climb": 7.0}, {"climb": 7.0})


@pytest.mark.parametrize(("x", "reason"), [(201.0, "no_site"), (199.5, "detour")])
def test_a_site_beyond_the_circle_in_a_straight_line(tmp_path, x, reason):
    """300 m is the circle; the home at x = −100 stands 5 m off its street, the site 5 m off."""
    study = write_gaps(tmp_path, NODES, ["AGC"], {"h": (-100.0, 5.0, 7)}, {"s": (x, 5.0)})
    assert reason_of(study) == (reason, {reason: 7.0}, {})


def test_of_equal_people_the_earlier_reason_counts(tmp_path):
    """Two homes in one area: 7 people behind a wall, 7 (then 8) on the detour."""
    wall = OsmWay("KL", {"barrier": "wall"})
    for extra, reason in ((0, "wall"), (1, "detour")):
        homes = {"h": (0.0, 20.0, 7), "d": (0.0, 61.0, 7 + extra)}
        study = write_gaps(tmp_path / reason, NODES, [*BOTH, wall], homes, SITE)
        found, people, covered_if = reason_of(study)
        assert (found, people) == (reason, {"wall": 7.0, "detour": 7.0 + extra})
        assert covered_if == {"wall": 7.0}


def test_people_whom_full_sites_turn_away_are_areas_of_their_own(tmp_path):
    """
    Case F01: S1 serves 150 and S2 100 people, in the order of time; d lies in the gap.

    a and c, 100 people each, stand 500 m from S1 and S2, b between them with 200; all at equal
    times: of each site the smaller id of home comes first. S1 serves a and 50 of b, S2 serves 100
    of b; 50 of b and c are turned away.
    """
    study = write_supply(tmp_path)
    result = c15.run(load_study(study))
    areas = result.summary["gap_areas"]
    (supply,) = result.summary["supply"]
    assert [(one["id"], one["reason"], one["persons"]) for one in areas] == [
        ("meal_point-1", "no_site", 50.0),
        ("meal_point-full-1", "capacity", 100.0),
        ("meal_point-full-2", "capacity", 50.0),
    ]
    full = areas[1:]
    assert sum(one["persons"] for one in full) == supply["turned_away"] == 150.0
    assert {one["facility_id"] for one in full} == {"S1", "S2"}
    assert all(one["median_s"] == 500.0 and one["covered_if"] == {} for one in full)


def test_an_area_names_its_place_its_site_and_its_groups(tmp_path):
    """50 people live at d, half of them over 80; the subdistrict W holds d, 1,900 m from S1."""
    area = c15.run(load_study(write_supply(tmp_path, groups={"p80": 0.5}))).summary["gap_areas"][0]
    assert area["persons_by_group"] == {"p60": 50.0, "p80": 25.0}
    assert (area["street_id"], area["community_id"]) == ("W", None)
    assert (area["facility_id"], area["median_s"]) == ("S1", 1900.0)
    assert (area["cells"], area["rank"], area["category"]) == (1, 1, "meal_point")
    assert area["lacking"] == {"meal_point": 50.0}


def test_report_and_layer_give_the_reason_and_the_people(tmp_path):
    """The home behind the wall, 7 people, and 3 on the street in the north, far from the site."""
    wall = OsmWay("KL", {"barrier": "wall"})
    homes = {**HOME, "d": (240.0, 61.0, 3)}
    study = load_study(write_gaps(tmp_path / "study", NODES, [*BOTH, wall], homes, SITE))
    result = run_study(study)
    text = " ".join(text_of(build_report(result, "en")).split())
    assert "People in the gap by reason: wall or fence: 7, long way: 3." in text
    change = "no walls between door and street: 7."
    assert f"People whom one change alone would bring within reach: {change}" in text
    write_geopackage(result, tmp_path / "results.gpkg")
    table = pyogrio.read_dataframe(tmp_path / "results.gpkg", layer="gap_areas")
    (row,) = table.to_dict("records")  # the squares are as wide as homes are apart, and touch
    assert (row["reason"], row["facility_id"], row["persons"]) == ("wall", "s", 10.0)
    assert (row["persons_wall"], row["if_wall"], row["persons_detour"]) == (7.0, 7.0, 3.0)
    assert np.isnan(row["if_gate"])
    assert (row["area_id"], row["category"], row["group_p60"]) == ("meal_point-1", "meal_point", 10)
    assert row["persons_capacity"] == 0


def test_layer_and_map_have_the_areas_of_full_sites_and_people_by_group(tmp_path):
    """50 people in the gap, half of them 80+; of full sites the judged group alone is counted."""
    result = run_study(load_study(write_supply(tmp_path, groups={"p80": 0.5})))
    write_geopackage(result, tmp_path / "results.gpkg")
    table = pyogrio.read_dataframe(tmp_path / "results.gpkg", layer="gap_areas")
    summary = c15.run(result.study).summary["gap_areas"]
    assert table["area_id"].tolist() == [one["id"] for one in summary]
    assert table["area_id"].tolist() == ["meal_point-1", "meal_point-full-1", "meal_point-full-2"]
    assert table["persons"].tolist() == table["group_p60"].tolist() == [50, 100, 50]
    assert table["persons_capacity"].tolist() == [0, 100, 50]
    assert table["reason"].tolist() == ["no_site", "capacity", "capacity"]
    assert table["group_p80"].fillna(-1).tolist() == [25, -1, -1]
    assert table["lacks_meal_point"].fillna(-1).tolist() == [50, -1, -1]
    data = map_data(result, "en")
    (gap,) = data["gaps"]["meal_point"]["15"]["areas"]
    assert (gap["id"], gap["groups"]) == ("meal_point-1", {"p80": 25})
    full = data["full_gaps"]["meal_point"]["areas"]
    assert [(one["id"], one["persons"], one["reason"]) for one in full] == [
        ("meal_point-full-1", 100, "capacity"),
        ("meal_point-full-2", 50, "capacity"),
    ]
    sheet = gap_sheet(result, Words("en", result.study))
    column = [key for key, _ in sheet.columns].index("gap_group")
    assert sheet.heading(column, Words("en", result.study)) == "people aged 80+"
    assert [row[column] for row in sheet.rows] == [25, None, None]


def test_report_and_workbook_list_areas_whose_sites_are_full(tmp_path):
    result = run_study(load_study(write_supply(tmp_path)))
    sheet = gap_sheet(result, Words("en", result.study))
    keys = [key for key, _ in sheet.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
    assert [(row["gap_rank"], row["gap_persons"], row["gap_reason"]) for row in rows] == [
        (1, 50, "no site near"),
        (1, 100, "sites are full"),
        (2, 50, "sites are full"),
    ]
    assert [row["gap_no_site"] for row in rows] == [50, 0, 0]
    assert [row["gap_capacity"] for row in rows] == [0, 100, 50]
    assert [(row["gap_site"], row["gap_median_s"]) for row in rows][1] == ("S2", 500.0)
    text = " ".join(text_of(build_report(result, "en")).split())
    shown = text.partition("Meal site: covered, but sites are full")[2]
    assert "every site that they reach is full: 150 in 2 areas" in shown
    assert "100 S2 site S2 8:20" in shown


# --- Random studies, run again with the change ---------------------------------------------------

STEP_M, SIDE = 130.0, 5


def random_study(folder, seed):
    """Write streets of a grid, some gone or private, walls and rivers, locked gates and a hill."""
    chance = random.Random(seed)
    name = {(i, j): chr(0x4E00 + i * SIDE + j) for i in range(SIDE) for j in range(SIDE)}
    nodes = {own: (i * STEP_M, j * STEP_M) for (i, j), own in name.items()}
    ways = [OsmWay(name[0, 0] + name[1, 0], STREET)]
    for (i, j), own in name.items():
        for other in ((i + 1, j), (i, j + 1)):
            if other in name and chance.random() < 0.8:
                private = {"access": "private"} if chance.random() < 0.15 else {}
                ways.append(OsmWay(own + name[other], STREET | private))
    kinds = [{"barrier": "wall"}, {"waterway": "river"}, {"barrier": "hedge"}, {"railway": "rail"}]
    for k in range(40):
        x, y = chance.uniform(0, 480), chance.uniform(0, 480)
        along = chance.choice([(90.0, 0.0), (0.0, 90.0)])
        a, b = chr(0x6000 + 2 * k), chr(0x6001 + 2 * k)
        nodes |= {a: (x, y), b: (x + along[0], y + along[1])}
        ways.append(OsmWay(a + b, kinds[k % 4]))
    gates = {
        own: {"barrier": "gate", "access": "private"}
        for own in name.values()
        if chance.random() < 0.15
    }
    homes = {
        f"h{k:02}": (chance.uniform(0, 520), chance.uniform(0, 520), chance.randint(1, 9))
        for k in range(60)
    }
    sites = {f"s{k}": (chance.uniform(0, 520), chance.uniform(0, 520)) for k in range(3)}
    judge = 'judge = "round_trip"\n' if seed % 3 == 0 else ""
    return write_gaps(
        folder,
        nodes,
        ways,
        homes,
        sites,
        node_tags=gates,
        height=lambda x, y: 500 + 0.12 * x + 20 * np.sin(y / 60),
        network=f'gated = "{("residents", "closed")[seed % 2]}"\n',
        walk=judge,
    )


def changed(study, folder, change):
    """The settings of a study with one change, written again where the files change."""
    settings = load_study(study)
    if change is GapReason.GATE:
        return replace(settings, network=replace(settings.network, gated="open"))
    if change is GapReason.WALL:
        return replace(settings, network=replace(settings.network, walls="ignore"))
    if change is GapReason.CLIMB:
        return replace(settings, network=replace(settings.network, dem=None))
    text = (folder / "n.osm").read_text("utf-8")
    for key in ("waterway", "railway"):
        text = text.replace(f'k="{key}"', 'k="note"')
    (folder / "open.osm").write_text(text, "utf-8")
    return replace(settings, network=replace(settings.network, file=folder / "open.osm"))


def states(found):
    ((_, of),) = ((w, of) for w, of in found.walks.states.items() if w == found.walks.drawn)
    return of["meal_point", 5]


def test_a_change_covers_whom_a_run_of_the_changed_study_covers(tmp_path):
    """Home by home in four random studies; every change helps somebody in one of them."""
    helped = dict.fromkeys(CHANGES, 0)
    for seed in range(4):
        folder = tmp_path / str(seed)
        study = random_study(folder, seed)
        base = walked(load_study(study))
        gap = states(base) == State.GAP
        (tried,) = (of["meal_point"] for of in base.tried().values())
        assert set(tried.covered) == set(CHANGES)
        for change in CHANGES:
            again = states(walked(changed(study, folder, change))) == State.COVERED
            assert tried.covered[change].tolist() == (gap & again).tolist(), (seed, change)
            helped[change] += int((gap & again).sum())
    assert all(helped.values()), helped
