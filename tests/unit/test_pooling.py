"""Zones that a law pools by a walking radius: which are pooled, and the effect. By hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from circle15.errors import InputDataError
from circle15.inputs.residential import ResidentialZone
from circle15.results.summary.zones import zone_entry
from circle15.rules.evaluators.evaluating import Evidence, evaluate_pack
from circle15.rules.floor_area.pooling import neighbours_within
from circle15.rules.floor_area.sharing import zones_to_share
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.floor_area_law import FloorAreaLaw, Pooling
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict
from circle15.study.settings.rules.requirements import Rules

MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED
WITHIN_700 = Pooling(Decimal(700), inclusive=False)
LAW = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), ("day_care",), WITHIN_700)
NO_SITES = pd.DataFrame(
    columns=["facility_id", "site_id", "duplicate_of", "x_m", "y_m", "zone_id", "floor_area_m2"]
)


def law_of(pack):
    law = load_pack(pack).floor_area
    assert law is not None
    return law


def zone(zone_id, households, *rooms, kind="existing", pool=None):
    return ResidentialZone(
        zone_id=zone_id,
        name="",
        kind=kind,
        households=households and Decimal(households),
        households_new=None,
        households_existing=None,
        dwellings=None,
        rooms_m2=tuple(map(Decimal, rooms)),
        pool_id=pool,
        shape=None,
        file="z.csv",
        row=2,
    )


def judged(zones, metres, *, law=LAW, sites=NO_SITES, **rules):
    """Judge zones that are so many metres apart; pairs that are not named are beyond reach."""
    apart = {tuple(pair): round(m * 1000) for pair, m in metres.items()}
    found = check_floor_areas(zones, sites, law, Rules(**rules), apart=lambda _limit_m: apart)[0]
    return {zone_id: sheet for zone_id, (_, sheet) in found.items()}


def test_neighbours_that_meet_the_law_together_all_meet_it():
    """A: 600 of 200 m². B: 0 of 400. Together 600 of 600, 350 m apart: both met."""
    a, b = judged([zone("A", 1000, 600), zone("B", 2000)], {"AB": 350}).values()
    assert (a.verdict, b.verdict) == (MET, MET)
    assert (b.zone_id, b.zones) == ("A+B", ("A", "B"))
    assert (b.households, b.required_m2, b.counted_m2, b.shortfall_m2) == (3000, 600, 600, 0)
    assert [(one.zone_id, one.metres) for one in b.neighbours] == [("A", 350)]
    assert [(one.zone_id, one.metres) for one in a.neighbours] == [("B", 350)]


def test_where_they_do_not_each_is_judged_alone():
    """A: 599 of 200 m², B: 0 of 400, together 1 m² short: A stays met; B lacks 400, pooled 1."""
    a, b = judged([zone("A", 1000, 599), zone("B", 2000)], {"AB": 350}).values()
    assert (a.verdict, a.zone_id, a.required_m2) == (MET, "A", 200)
    assert (b.verdict, b.zone_id, b.required_m2, b.shortfall_m2) == (NOT_MET, "B", 400, 400)
    assert a.pooled is b.pooled
    assert (b.pooled.verdict, b.pooled.shortfall_m2) == (NOT_MET, 1)


@pytest.mark.parametrize(
    ("pooling", "metres", "verdict"),
    [
        (WITHIN_700, 699.999, MET),
        (WITHIN_700, 700, NOT_MET),  # below 700 m (小于)
        (Pooling(Decimal(700)), 700, MET),  # at most 700 m (不超过)
        (Pooling(Decimal(700)), 700.001, NOT_MET),
        (None, 0, NOT_MET),  # without a radius only a pool_id pools
    ],
)
def test_the_radius_is_exact(pooling, metres, verdict):
    law = replace(LAW, pooling=pooling)
    sheets = judged([zone("A", 1000, 600), zone("B", 2000)], {"AB": metres}, law=law)
    assert sheets["B"].verdict is verdict


def test_being_near_is_no_chain():
    """
    A - 400 - B - 500 - C, A and C 900 m apart: A pools with B, its nearest; C stays alone.

    As a chain they would be met: 900 m² of 200 + 300 + 400.
    """
    zones = [zone("A", 1000, 900), zone("B", 1500), zone("C", 2000)]
    sheets = judged(zones, {"AB": 400, "BC": 500, "AC": 900})
    assert {key: sheet.verdict for key, sheet in sheets.items()} == {
        "A": MET,
        "B": MET,
        "C": NOT_MET,
    }
    assert sheets["A"].zones == ("A", "B")
    assert sheets["C"].neighbours == ()


def test_three_zones_near_each_other_are_one_pool():
    near = {"AB": 400, "BC": 500, "AC": 690}
    zones = [zone("A", 1000, 900), zone("B", 1500), zone("C", 2000)]
    sheets = judged(zones, near)
    assert {sheet.zones for sheet in sheets.values()} == {("A", "B", "C")}
    assert {sheet.verdict for sheet in sheets.values()} == {MET}
    assert [(n.zone_id, n.metres) for n in sheets["B"].neighbours] == [("A", 400), ("C", 500)]


def test_equal_distances_go_by_id():
    pair = {("A", "B"): 300_000, ("B", "C"): 300_000}
    assert neighbours_within(["C", "B", "A"], pair, WITHIN_700) == [("A", "B")]


def test_a_pool_id_goes_before_a_radius():
    """B is pooled with D by its id: A may not have it, however near."""
    zones = [zone("A", 2000), zone("B", 1000, 900, pool="P"), zone("D", 1000, pool="P")]
    sheets = judged(zones, {"AB": 10, "AD": 10, "BD": 10})
    assert (sheets["A"].verdict, sheets["A"].neighbours) == (NOT_MET, ())
    assert (sheets["B"].zone_id, sheets["B"].verdict) == ("P", MET)


def test_a_zone_of_unknown_requirement_pools_with_nobody():
    sheets = judged([zone("A", 1000, 600), zone("B", None)], {"AB": 10})
    assert (sheets["A"].verdict, sheets["A"].zone_id) == (MET, "A")
    assert (sheets["B"].verdict, sheets["B"].neighbours) == (OPEN, ())


def test_a_pool_that_is_met_in_the_plan_year_only():
    """600 m² of A open by the plan year: today both lack rooms, then both are met."""
    site = {
        "facility_id": "f",
        "site_id": "f",
        "category": "day_care",
        "name": "",
        "x_m": 0.0,
        "y_m": 0.0,
        "open": False,
        "open_at_plan": True,
        "floor_area_m2": Decimal(600),
        "zone_id": "A",
        "duplicate_of": None,
        "approximate": (),
        "file": "f.csv",
        "row": 2,
    }
    sheets = judged([zone("A", 1000), zone("B", 2000)], {"AB": 350}, sites=pd.DataFrame([site]))
    for sheet in sheets.values():
        assert (sheet.verdict, sheet.at_plan.verdict) == (NOT_MET, MET)
        assert sheet.at_plan.zone_id == "A+B"


def test_the_results_say_with_whom_a_zone_pools():
    """`zones.json`, the rules of the pack, and no offer of what is used already."""
    zones = [zone("A", 1000, 600), zone("B", 2000)]
    sheets = judged(zones, {"AB": 350.25})
    checks = [ZoneCheck(one, (), replace(sheets[one.zone_id], jointly=None), ()) for one in zones]
    entry = zone_entry(checks[1], NO_SITES)
    assert (entry["pool_id"], entry["verdict"], entry["required_m2"]) == ("A+B", "met", 600)
    assert entry["neighbours"] == [{"zone_id": "A", "metres": 350.25}]
    assert zones_to_share(checks, LAW, Rules(), reach_m=900) == [(), ()]
    rows = evaluate_pack(load_pack("guizhou"), Evidence({}, [], NO_SITES, checks))
    (row,) = (one for one in rows if one.rule.id == "GZ-02" and one.scope == "B")
    assert (row.verdict, row.value, row.inputs) == (MET, Fraction(600), ("B", "A"))


def test_the_pack_of_guizhou_pools_below_its_radius_of_service():
    law = law_of("guizhou")
    assert law.pooling == Pooling(Decimal(700), inclusive=False, rule="GZ-04")
    assert law_of("liangxi-2025").pooling is None


@pytest.mark.parametrize("metres", ["0", "-1", "NaN", "Infinity"])
def test_a_radius_is_above_0(metres):
    with pytest.raises(InputDataError, match="radius within which zones pool"):
        Pooling(Decimal(metres))


@pytest.mark.parametrize(
    ("pooling", "fault"),
    [
        ('{ rule = "GZ-4" }', r"'floor_area\.pooling\.rule' names 'GZ-4'.*nearest.*'GZ-04'"),
        ('{ rule = "GZ-05" }', "names 'GZ-05', which sets no upper bound in metres"),
        ("{ within_m = 0 }", r"'floor_area\.pooling' the radius within which zones pool is 0 m"),
        ("{ within = 5 }", r"'floor_area\.pooling\.within' is unknown; the nearest .*'within_m'"),
        ('{ rule = "GZ-04", within_m = 5 }', "must hold one of rule, within_m"),
        ("700", r"'floor_area\.pooling' is 700, which is not a table"),
    ],
)
def test_a_wrong_radius_of_a_pack_is_named(repository, tmp_path, pooling, fault):
    bundled = repository / "coverage/circle15/rules/packs/guizhou.toml"
    path = tmp_path / "own.toml"
    text = bundled.read_text("utf-8").replace('{ rule = "GZ-04" }', pooling)
    path.write_text(text, "utf-8")
    with pytest.raises(InputDataError, match=fault) as caught:
        load_pack(path)
    assert f"{path}, line 23" in str(caught.value)


def test_a_pack_may_name_metres_alone(repository, tmp_path):
    bundled = repository / "coverage/circle15/rules/packs/guizhou.toml"
    path = tmp_path / "own.toml"
    text = bundled.read_text("utf-8").replace('{ rule = "GZ-04" }', "{ within_m = 512.5 }")
    path.write_text(text, "utf-8")
    assert law_of(path).pooling == Pooling(Decimal("512.5"))


def test_a_category_that_counts_is_a_known_one(repository, tmp_path):
    bundled = repository / "coverage/circle15/rules/packs/guizhou.toml"
    path = tmp_path / "own.toml"
    path.write_text(bundled.read_text("utf-8").replace('"day_care"', '"daycare"'), "utf-8")
    says = r"'daycare', which is not a known category; .* 'day_care'"
    with pytest.raises(InputDataError, match=says):
        load_pack(path)
