"""Rooms of residential zones, and the law on them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
import shapely

from circle15.inputs.residential import ResidentialZone
from circle15.results.summary.zones import zone_entry
from circle15.rules.floor_area.overlaps import zone_overlaps
from circle15.rules.floor_area.sharing import zones_to_share
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.floor_area.zone_rooms import rooms_of_zones
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict
from circle15.study.settings.rules.requirements import Rules
from circle15.study.vocabulary.finding import Finding

LAW = load_pack("liangxi-2025").floor_area
COUNTING = "home_care_station"
SQUARE = shapely.box(0, 0, 100, 100)


def zone(zone_id, *, rooms=(), shape=SQUARE, households=1000, kind="existing", pool=None):
    return ResidentialZone(
        zone_id=zone_id,
        name="",
        kind=kind,
        households=Decimal(households),
        households_new=None,
        households_existing=None,
        dwellings=None,
        rooms_m2=tuple(map(Decimal, rooms)),
        pool_id=pool,
        shape=shape,
        file="z.csv",
        row=2,
    )


def site(
    facility_id, x, y, area, *, category=COUNTING, zone_id=None, is_open=True, of=None, rough=()
):
    return {
        "facility_id": facility_id,
        "category": category,
        "name": "",
        "x_m": x,
        "y_m": y,
        "open": is_open,
        "open_at_plan": True,
        "floor_area_m2": area and Decimal(area),
        "zone_id": zone_id,
        "duplicate_of": of,
        "approximate": rough,
        "site_id": facility_id,
        "file": "f.xlsx",
        "row": 7,
    }


def rooms(zones, *sites) -> tuple[dict[str, list[str]], list[Finding]]:
    table = pd.DataFrame(list(sites) or [site("none", 1e6, 0, 1)])
    found, findings = rooms_of_zones(zones, table, LAW)
    return {k: [r.room_id for r in own] for k, own in found.items()}, findings


def test_the_pack_has_a_law():
    assert LAW is not None
    assert COUNTING in LAW.counts


def test_a_facility_belongs_to_the_zone_around_it():
    """Inside, on the border (it belongs), and outside."""
    found, findings = rooms(
        [zone("A")], site("in", 50, 50, 9), site("rim", 100, 50, 9), site("out", 101, 50, 9)
    )
    assert found == {"A": ["in", "rim"]}
    assert [(i.code, i.severity, i.row, i.detail) for i in findings] == [
        ("ROOM_OUTSIDE_ZONES", "note", 7, {"facility_id": "out", "area": "9"}),
    ]


def test_what_stands_outside_all_zones_is_listed_where_it_could_count():
    """Not a care home, not a site without a floor area; nothing where there are no zones."""
    sites = (
        site("a", 500, 50, 9, category="care_home"),
        site("b", 500, 50, None),
        site("c", 500, 50, "1234.50"),
    )
    _, findings = rooms([zone("A")], *sites)
    assert [finding.detail for finding in findings] == [{"facility_id": "c", "area": "1,234.50"}]
    assert findings[0].floor_area_m2 == Decimal("1234.50")
    assert rooms([], *sites) == ({}, [])


def test_a_site_without_a_position_in_one_row_takes_that_of_another():
    nan = float("nan")
    found, findings = rooms(
        [zone("A")], site("f", nan, nan, 9), site("f", 50, 50, 9, category="meal_point")
    )
    assert (found, findings) == ({"A": ["f"]}, [])


def test_its_zone_id_goes_before_its_place():
    other = zone("B", shape=shapely.box(500, 0, 600, 100))
    found, _ = rooms([zone("A"), other], site("f", 50, 50, 9, zone_id="B"))
    assert found == {"A": [], "B": ["f"]}


def test_whose_a_room_is_in_overlapping_zones_is_unknown():
    """A has 300 of 200 m² without it and is met; B has nothing else and is undetermined."""
    zones = [zone("A", rooms=[300]), zone("B")]
    found, findings = rooms(zones, site("f", 50, 50, 400))
    assert found == {"A": ["A#1", "f"], "B": ["f"]}
    assert [finding.code for finding in findings] == ["ROOM_IN_SEVERAL_ZONES"]
    answers = judged(*zones, sites=[site("f", 50, 50, 400)])
    sheets = {key: sheet for key, (_, sheet) in answers.items()}
    assert {key: sheet.verdict.value for key, sheet in sheets.items()} == {
        "A": "met",
        "B": "undetermined",
    }
    assert sheets["B"].unmeasured == ("f",)


def test_in_one_pool_a_room_in_overlapping_zones_is_whole():
    zones = [zone("A", pool="P"), zone("B", pool="P")]
    found, findings = rooms(zones, site("f", 50, 50, 400))
    assert (found, findings) == ({"A": ["f"], "B": []}, [])
    sheet = judged(*zones, sites=[site("f", 50, 50, 400)])["B"][1]
    assert (sheet.counted_m2, sheet.verdict.value) == (400, "met")


def test_overlapping_zones_are_listed_once_and_touching_ones_are_not():
    zones = [zone("A"), zone("B"), zone("C", shape=shapely.box(100, 0, 200, 100))]
    (found,) = zone_overlaps(zones)
    assert found.code == "RESIDENTIAL_OVERLAP"
    assert found.detail == {"zone_id": "B", "other": "A", "area_m2": "10,000"}


def test_an_unknown_zone_and_no_zone_at_all_are_listed():
    """With its floor area; a category that never counts is not worth a word."""
    nan = float("nan")
    found, findings = rooms(
        [zone("A")],
        site("f", 50, 50, 90, zone_id="X"),
        site("g", nan, nan, 80),
        site("h", nan, nan, 70, category="care_home"),
    )
    assert found == {"A": []}
    assert [(i.code, i.floor_area_m2, i.row) for i in findings] == [
        ("UNKNOWN_ZONE", Decimal(90), 7),
        ("ROOM_WITHOUT_ZONE", Decimal(80), 7),
    ]


def test_duplicates_do_not_count_and_one_site_is_one_room():
    found, _ = rooms(
        [zone("A")],
        site("f", 50, 50, 9),
        site("g", 51, 50, 9, of="f"),
        site("f", 50, 50, 9, category="meal_point"),
    )
    assert found == {"A": ["f"]}


def test_own_rooms_come_first_and_points_contain_nothing():
    found, _ = rooms(
        [zone("A", rooms=[150, 80], shape=shapely.Point(50, 50))], site("f", 50, 50, 9)
    )
    assert found == {"A": ["A#1", "A#2"]}


def judged(*zones, sites=(), law=LAW, **rules):
    table = pd.DataFrame(list(sites) or [site("none", 1e6, 0, 1)])
    return check_floor_areas(zones, table, law, Rules(**rules))[0]


def test_without_a_law_nothing_is_judged():
    ((own, sheet),) = judged(zone("A", rooms=[300]), law=None).values()
    assert (len(own), sheet) == (1, None)


def test_a_room_of_the_zone_and_a_facility_add_up():
    """Existing 2 000: 400 needed. 300 of its own and a station of 100 in it: R1 met, R3 not."""
    sheet = judged(zone("A", rooms=[300], households=2000), sites=[site("f", 5, 5, 100)])["A"][1]
    assert sheet is not None
    assert {k: v.value for k, v in sheet.readings.items()} == {
        "R1": "met",
        "R2": "not_met",
        "R3": "not_met",
    }
    assert (sheet.required_m2, sheet.plain_sum_m2, sheet.counted_m2) == (400, 400, 300)
    r1 = judged(zone("A", rooms=[300], households=2000), sites=[site("f", 5, 5, 100)], reading="R1")
    assert r1["A"][1] is not None
    assert r1["A"][1].verdict.value == "met"


def test_care_homes_do_not_count():
    sites = [site("f", 5, 5, 900, category="care_home")]
    sheet = judged(zone("A"), sites=sites)["A"][1]
    assert sheet is not None
    assert (sheet.verdict.value, sheet.counted_m2) == ("not_met", 0)


def test_a_site_under_construction_counts_in_the_plan_year_only():
    """A14: existing 1 000, 350 m² under construction: today 0 and 300 short, then met."""
    sheet = judged(zone("A"), sites=[site("f", 5, 5, 350, is_open=False)])["A"][1]
    assert sheet is not None
    assert (sheet.verdict.value, sheet.counted_m2, sheet.shortfall_m2) == ("not_met", 0, 300)
    assert sheet.at_plan is not None
    assert sheet.at_plan.verdict.value == "met"


@pytest.mark.parametrize(("pool", "verdict"), [("P", "not_met"), (None, "met")])
def test_only_a_pool_is_pooled(pool, verdict):
    """A (1 000) with 500 m² and B (2 000) with none: alone A is met; pooled 600 are needed."""
    found = judged(
        zone("A", rooms=[500], pool=pool),
        zone("B", households=2000, pool=pool, shape=shapely.box(500, 0, 600, 100)),
    )
    sheets = {k: sheet for k, (_, sheet) in found.items() if sheet is not None}
    assert sheets["A"].verdict.value == verdict
    assert sheets["A"].required_m2 == (600 if pool else 200)
    assert sheets["B"].verdict.value == "not_met"


def test_a_site_listed_twice_takes_what_either_row_knows():
    """One row knows the zone, the other the area; of two areas that differ the smaller counts."""
    table = pd.DataFrame(
        [
            site("F", 1e6, 0, None, category="complex", zone_id="Z"),
            site("F", 1e6, 0, 320, category="day_care"),
            site("G", 1e6, 0, 50, category="complex", zone_id="Z"),
            site("G", 1e6, 0, 40, category="day_care", zone_id="Z"),
        ]
    )
    found, findings = rooms_of_zones([zone("Z")], table, LAW)
    assert [(room.room_id, room.area_m2) for room in found["Z"]] == [
        ("F", Decimal(320)),
        ("G", Decimal(40)),
    ]
    assert [(finding.code, finding.detail["areas"]) for finding in findings] == [
        ("AREAS_DIFFER", "40, 50")
    ]


def test_a_shared_site_is_split_by_requirement_and_judged_as_one_beside():
    """A11: 500 m² for zones that need 200 and 400: 166.67 and 333.33, together 100 are missing."""
    found = judged(
        zone("A", households=1000, shape=None),
        zone("B", households=2000, shape=None),
        sites=[site("f", 0, 0, 500, zone_id="A; B")],
    )
    a, b = found["A"][1], found["B"][1]
    assert (a.counted_m2, a.shortfall_m2) == (Fraction(500, 3), Fraction(100, 3))
    assert (b.counted_m2, b.shortfall_m2) == (Fraction(1000, 3), Fraction(200, 3))
    for sheet in (a, b):
        assert sheet.verdict is Verdict.NOT_MET
        assert sheet.jointly.zone_id == "A+B"
        assert (sheet.jointly.required_m2, sheet.jointly.counted_m2) == (600, 500)
        assert sheet.jointly.shortfall_m2 == 100


def test_zones_of_a_pool_have_their_parts_of_a_shared_site_once():
    """A and B pool what they get of 900 m² that C shares: two parts of three."""
    found = judged(
        *(zone(key, pool="P", shape=None) for key in "AB"),
        zone("C", shape=None),
        sites=[site("f", 0, 0, 900, zone_id="C、A、B")],
    )
    assert (found["A"][1].counted_m2, found["A"][1].required_m2) == (600, 400)
    assert found["C"][1].counted_m2 == 300
    assert found["C"][1].jointly.counted_m2 == 900


def test_a_site_shared_with_an_unknown_zone_counts_for_none():
    found, findings = rooms([zone("A", shape=None)], site("f", 0, 0, 500, zone_id="A;X"))
    assert found == {"A": []}
    assert [finding.code for finding in findings] == ["UNKNOWN_ZONE"]


def test_zones_that_share_a_site_already_may_be_offered_as_neighbours():
    """A has 400 of its own beside 100 of 300 shared m²; B lacks: as one they have 700 of 600."""
    zones = [
        zone("A", rooms=[400], shape=shapely.Point(0, 0)),
        zone("B", households=2000, shape=shapely.Point(300, 400)),
    ]
    found = judged(*zones, sites=[site("f", 0, 0, 300, zone_id="A; B")])
    assert [sheet.verdict.value for _, sheet in found.values()] == ["met", "not_met"]
    checks = [
        ZoneCheck(one, found[one.zone_id][0], found[one.zone_id][1], circle=()) for one in zones
    ]
    near = zones_to_share(checks, LAW, Rules(), reach_m=500)
    assert [[(one.zone_id, one.distance_m) for one in own] for own in near] == [[], [("A", 500)]]
    assert near[1][0].sheet.counted_m2 == 700
    assert zones_to_share(checks, LAW, Rules(), reach_m=499) == [(), ()]
    assert (
        zone_entry(checks[1], pd.DataFrame([site("f", 0, 0, 300)]))["jointly"]["verdict"] == "met"
    )
