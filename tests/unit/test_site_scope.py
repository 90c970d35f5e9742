"""The least area of a site may apply to new residential zones only, as in Guizhou (GZ-03)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.rule_evidence import evidence, judge, zone_check

from circle15.errors import InputDataError
from circle15.rules.floor_area.households import required_area_m2
from circle15.rules.floor_area.judge import (
    FloorAreaLaw,
    Room,
    ZoneHouseholds,
    judge_pool,
    judge_zone,
)
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict

LAW = FloorAreaLaw(Decimal(20), Decimal(15), Decimal(350), (), None, "new")
MET, NOT_MET = Verdict.MET, Verdict.NOT_MET


def zone(kind, households=1000, key="Z", **more):
    return ZoneHouseholds(zone_id=key, kind=kind, households=Decimal(households), **more)


def rooms(*areas, key="Z"):
    return [Room(room_id=f"{key}#{k}", area_m2=Decimal(m2)) for k, m2 in enumerate(areas, 1)]


@pytest.mark.parametrize("reading", ["R1", "R2", "R3"])
@pytest.mark.parametrize(
    ("kind", "areas", "verdict", "counted"),
    [
        ("existing", (100, 50), MET, 150),  # 15 m² per 100: 150 of 150, whatever the rooms
        ("existing", (149,), NOT_MET, 149),
        ("new", (349,), NOT_MET, None),  # 200 are asked for, and a site of 350
        ("new", (350,), MET, 350),
        ("existing", (), NOT_MET, 0),
    ],
)
def test_existing_zones_have_no_least_site(kind, areas, verdict, counted, reading):
    sheet = judge_zone(zone(kind), rooms(*areas), LAW, reading=reading)
    assert sheet.verdict is verdict
    if counted is not None:
        assert sheet.counted_m2 == counted
    assert sheet.min_site_m2 == (350 if kind == "new" else 0)


def test_what_is_missing_in_an_existing_zone_is_the_area_alone():
    sheet = judge_zone(zone("existing"), rooms(100), LAW)
    assert sheet.shortfall_m2 == 50
    assert not sheet.too_small


def test_of_a_kind_that_is_unknown_both_are_judged():
    """200 m² in two rooms: enough for 150 of an existing zone; a new one asks for a site of 350."""
    sheet = judge_zone(zone("unknown"), rooms(100, 100), LAW)
    assert sheet.verdict is Verdict.UNDETERMINED
    assert {k: one.verdict for k, one in sheet.alternatives.items()} == {
        "new": NOT_MET,
        "existing": MET,
    }
    assert sheet.alternatives["existing"].counted_m2 == 200
    assert sheet.counted_m2 is None  # 0 under R3 of a new one
    large = judge_zone(zone("unknown"), rooms(400), LAW)
    assert large.verdict is MET
    assert large.counted_m2 == 400


def test_where_new_households_are_judged_too_sites_have_the_least_area():
    mixed = ZoneHouseholds(
        zone_id="Z", kind="mixed", households_new=Decimal(500), households_existing=Decimal(500)
    )
    assert judge_zone(mixed, rooms(100, 100), LAW).verdict is NOT_MET
    pool = [zone("new", key="A"), zone("existing", key="B")]
    assert judge_pool("P", pool, rooms(200, 200), LAW).verdict is NOT_MET
    assert judge_pool("P", pool, rooms(350), LAW).verdict is MET


def test_the_split_asks_for_one_site_of_the_new_part_alone():
    """500 new households: at least 350 instead of 100; 500 existing ones: 75."""
    mixed = ZoneHouseholds(
        zone_id="Z", kind="mixed", households_new=Decimal(500), households_existing=Decimal(500)
    )
    assert required_area_m2(mixed, LAW, mixed="split") == Fraction(425)


def test_guizhou_says_it_of_new_zones_and_quotes_it():
    pack = load_pack("guizhou")
    (rule,) = [rule for rule in pack.rules if rule.id == "GZ-03"]
    assert rule.quote == "单处用房面积不得少于350平方米"
    assert pack.floor_area is not None
    assert pack.floor_area.min_site_scope == "new"
    assert [pack.floor_area.least_site_m2({kind}) for kind in ("new", "existing")] == [350, 0]


@pytest.mark.parametrize(
    ("kind", "verdict"), [("existing", Verdict.NOT_APPLICABLE), ("new", NOT_MET)]
)
def test_the_rule_does_not_apply_to_zones_of_another_kind(kind, verdict):
    pack = load_pack("guizhou")
    (row,) = judge(pack, "GZ-03", evidence(pack, zones=[zone_check(pack, kind, 100, [349])]))
    assert row.verdict is verdict


@pytest.mark.parametrize("scope", ['"some"', "3"])
def test_another_scope_is_refused(tmp_path, repository, scope):
    text = (repository / "coverage/circle15/rules/packs/guizhou.toml").read_text("utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text.replace('scope = "new"', f"scope = {scope}"), encoding="utf-8")
    with pytest.raises(InputDataError, match="scope"):
        load_pack(path)
