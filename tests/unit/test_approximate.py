"""Verdicts that depend on numbers stated to be inexact (约300, 160余), worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.unit.rule_evidence import evidence, judge, sites

from circle15.inputs.residential import ResidentialZone
from circle15.rules.evaluators.evaluating import Evidence, evaluate_pack
from circle15.rules.floor_area.judge import FloorAreaLaw, Room, ZoneHouseholds, judge_zone
from circle15.rules.floor_area.zone_checks import ZoneCheck
from circle15.rules.packs.load import load_pack

LAW = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), ())
JA, LX = load_pack("jingan-2025"), load_pack("liangxi-2025")
DECIDES = "APPROXIMATE_DECIDES"


def judged(households, *areas, rough_households=False, rough_rooms=True, **counts):
    rough = ("households", "households_new", "households_existing") if rough_households else ()
    given: dict[str, Any] = {key: Decimal(n) for key, n in counts.items()}
    zone = ZoneHouseholds(
        zone_id="z",
        kind="mixed" if counts else "existing",
        households=None if households is None else Decimal(households),
        approximate=rough,
        **given,
    )
    rooms = [
        Room(room_id=f"r{k}", area_m2=Decimal(area), approximate=rough_rooms)
        for k, area in enumerate(areas)
    ]
    return judge_zone(zone, rooms, LAW)


@pytest.mark.parametrize(
    ("area", "verdict", "hangs"),
    [
        ("300", "met", True),  # 200 to 400 m²; 300 are needed
        ("400", "met", False),  # 300 to 500
        ("399", "met", False),  # 398 to 400
        ("300.5", "met", False),  # 300.4 to 300.6
        ("290", "not_met", True),  # 280 to 300
        ("280", "not_met", False),  # 270 to 290
        ("0", "not_met", False),
    ],
)
def test_a_room_that_is_not_exact(area, verdict, hangs):
    """1 000 existing households: 200 m², in a site of 300."""
    sheet = judged(1000, area)
    assert (sheet.verdict.value, sheet.hangs_on_approximate) == (verdict, hangs)
    assert not judged(1000, area, rough_rooms=False).hangs_on_approximate


@pytest.mark.parametrize(("area", "hangs"), [(310, True), (320, False), (279, False), (299, False)])
def test_households_that_are_not_exact(area, hangs):
    """约1500: 1 400 to 1 600, 280 to 320 m²; below 300 m² no site is enough in any case."""
    sheet = judged(1500, area, rough_rooms=False, rough_households=True)
    assert sheet.hangs_on_approximate is hangs
    assert not judged(1500, area, rough_rooms=False).hangs_on_approximate


def test_parts_that_are_not_exact():
    """约600 new and 约500 existing: 180 + 100 = 280 m²; at most 210 + 120 = 330."""
    for area, hangs in ((330, False), (329, True)):
        sheet = judged(
            None,
            area,
            rough_rooms=False,
            rough_households=True,
            households_new=600,
            households_existing=500,
        )
        assert (sheet.required_m2, sheet.hangs_on_approximate) == (280, hangs)


def test_both_are_taken_at_their_worst_together():
    """约1500 households need 320 m² at most; of 约340 at least 330 are there, of 约330 320."""
    assert not judged(1500, 340, rough_households=True).hangs_on_approximate
    assert not judged(1500, 330, rough_households=True).hangs_on_approximate
    assert judged(1500, 329, rough_households=True).hangs_on_approximate is False  # 328 at least
    assert judged(1500, 320, rough_households=True).hangs_on_approximate  # 310 at least


def test_the_rules_say_it_and_are_near_their_threshold():
    """约300 of 200 m²: 50 % above what is needed, and yet the site may be too small."""
    sheet = judged(1000, 300)
    check = ZoneCheck(_zone(), (_rough_room(),), sheet, ())
    rows = evaluate_pack(LX, Evidence({}, [], sites(), [check]))
    for rule in ("LX-03", "LX-04"):
        (row,) = (one for one in rows if one.rule.id == rule)
        assert [one.code for one in row.remarks] == ["APPROXIMATE_ROOMS", f"{DECIDES}_ZONE"]
        assert row.near_threshold


def _rough_room():
    return Room(room_id="r0", area_m2=Decimal(300), approximate=True)


def _zone():
    return ResidentialZone(
        zone_id="z",
        name="",
        kind="existing",
        households=Decimal(1000),
        households_new=None,
        households_existing=None,
        dwellings=None,
        rooms_m2=(),
        pool_id=None,
        shape=None,
        file="z.csv",
        row=2,
    )


def meals(*capacities):
    rows = [
        {
            "facility_id": f"M{k}",
            "category": "meal_point",
            "meals_per_day": Decimal(number),
            "approximate": ("meals_per_day",) if rough else (),
        }
        for k, (number, rough) in enumerate(capacities)
    ]
    (row,) = judge(JA, "JA-02", evidence(JA, facilities=sites(*rows)))
    return row


@pytest.mark.parametrize(
    ("exact", "verdict", "ends"),
    [
        (13_375, "not_met", (13_485, 13_505)),  # with 约120: 13 495 of 13 500
        (13_369, "not_met", None),  # at most 13 499
        (13_370, "not_met", (13_480, 13_500)),  # 13 500 is enough
        (13_380, "met", (13_490, 13_510)),
        (13_390, "met", None),  # at least 13 500
    ],
)
def test_a_sum_of_capacities(exact, verdict, ends):
    row = meals((exact, False), (120, True))
    told = [dict(one.numbers) for one in row.remarks if one.code == DECIDES]
    assert row.verdict.value == verdict
    assert told == ([] if ends is None else [{"low": ends[0], "high": ends[1]}])


def test_without_the_word_nothing_hangs():
    row = meals((13_375, False), (120, False))
    assert row.remarks == ()


def beds(nursing, institution, *, rough):
    rows = sites(
        {
            "facility_id": "H",
            "category": "care_home",
            "nursing_beds": Decimal(nursing),
            "beds": Decimal(institution),
            "approximate": rough,
        }
    )
    (row,) = judge(LX, "LX-12", evidence(LX, facilities=rows))
    return row, [one for one in row.remarks if one.code == DECIDES]


def test_a_share_of_numbers_that_are_not_exact():
    """约5508 of 6481: 5 509 would be 85.002 %. 约5500 of 约6480: 5 400/6 490 to 5 600/6 470."""
    row, told = beds(5508, 6481, rough=("nursing_beds",))
    assert (row.verdict.value, len(told)) == ("not_met", 1)
    assert dict(told[0].numbers)["high"] == Fraction(550_900, 6481)
    row, told = beds(5500, 6480, rough=("nursing_beds", "beds"))
    assert dict(told[0].numbers) == {
        "low": Fraction(540_000, 6490),
        "high": Fraction(560_000, 6470),
    }
    assert row.near_threshold
    assert beds(5999, 6481, rough=("nursing_beds",))[1] == []
