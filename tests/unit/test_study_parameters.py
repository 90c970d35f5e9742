"""The list of settings in the report: every key that a study can state, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.builders.report_result import STATION, make_result, make_study

from circle15.output.text.study_parameters import parameters
from circle15.output.text.wording import Words
from circle15.study.settings.capacity import Capacity
from circle15.study.settings.output_tables import BuildingLayer, CoverageBasis, LandLayer
from circle15.study.settings.records import (
    Area,
    Demand,
    DemandLayer,
    FacilityLayer,
    NetworkSource,
    Walk,
)
from circle15.study.settings.rules.requirements import Rules
from circle15.study.settings.scenarios.tables import Changes, Scenario
from circle15.study.settings.siting import Siting


def told(more: Any = None, **settings: Any) -> dict[str, str]:
    """Return the value of each key that the report lists."""
    study = make_study(**settings)
    result = replace(make_result(study), **(more or {}))
    return {one.key: one.value for one in parameters(result, Words("en", study))}


def test_defaults_are_told_too():
    found = told()
    assert {key: found[key] for key in ("walk.cutoffs_min", "walk.max_snap_m", "network.dem")} == {
        "walk.cutoffs_min": "5 min, 10 min, 15 min",
        "walk.max_snap_m": "200 m",
        "network.dem": "none: all streets count as flat",
    }
    assert found["area.boundary"] == found["study.plan_as_of"] == "—"
    assert found["study.crs"].startswith("auto → EPSG:4549 CGCS2000")
    assert found["fixed.horizon"] == "60 min"
    assert not any(key.startswith(("scenarios", "siting", "capacity")) for key in found)


def test_every_key_has_a_meaning():
    study = make_study()
    for language in ("en", "zh"):
        found = parameters(make_result(study), Words(language, study))
        assert all(one.meaning for one in found)
        assert len({one.key for one in found}) == len(found)


def test_study_and_area():
    found = told(
        plan_as_of=dt.date(2030, 1, 1),
        unknown_shift="accept",
        area=Area(boundary=Path("/data/b.gpkg"), datum="gcj02"),
    )
    assert found["study.plan_as_of"] == "2030-01-01"
    assert found["study.unknown_shift"] == "accept"
    assert (found["area.boundary"], found["area.datum"]) == ("b.gpkg", "GCJ-02")


def test_network():
    source = NetworkSource(
        file=Path("s.gpkg"),
        columns={"highway": "kind", "name": "label"},
        default_highway="path",
        dem=Path("dem.tif"),
        barriers=Path("w.gpkg"),
        gated="residents",
        walls="stop",
        squares="around",
    )
    found = told(network=source)
    assert found["network.columns"] == "highway = kind, name = label"
    assert found["network.default_highway"] == "path"
    assert (found["network.dem"], found["network.barriers"]) == ("dem.tif", "w.gpkg")
    assert found["network.gated"] == "residents only"
    assert found["network.walls"] == "never crossed"
    assert found["network.squares"] == "along the edge"


def test_a_network_that_was_downloaded():
    record = {"found": "Liangxi, Wuxi", "fetched": "2025-11-02", "mirror": None}
    provenance = {**make_result().provenance, "download": record}
    network = replace(make_result().network, data_date="2025-11-01")
    found = told(
        {"provenance": provenance, "network": network},
        network=NetworkSource(Path("d/liangxi.osm.pbf"), place="Liangxi"),
    )
    assert found["network.place"] == "Liangxi · Liangxi, Wuxi · 2025-11-02"
    assert found["network.data_date"] == "2025-11-01"
    assert found["network.file"] == "liangxi.osm.pbf"


def test_ages_that_walk_at_their_own_speeds():
    speeds = {"p60_69": Decimal("1.0"), "p70": Decimal("0.7")}
    found = told(walk=Walk(age_speeds=speeds, speed_m_s=Decimal("1.0")))
    assert found["walk.age_speeds[p60_69]"] == "people aged 60–69 · 1.0 m/s"
    assert found["walk.age_speeds[p70]"] == "people aged 70+ · 0.7 m/s"
    assert found["walk.sensitivity_m_s"] == "× 0.8, × 1.2"
    assert told()["walk.sensitivity_m_s"] == "0.8 m/s, 1.2 m/s"


def test_every_number_of_a_profile_is_told():
    """A cycle of 90 s with 30 s of green: (90 − 30)² ÷ 180 = 20 s."""
    found = told(walk=Walk(profile="wheelchair", profiles={"p80": "pushchair"}))
    assert found["walk.profile"] == "wheelchair user"
    assert found["profile.closed[incline]"] == "> 8.34 %"
    assert found["profile.escalator"] == "closed"
    assert found["profile.signal"] == (
        "cycle C = 90 s, green g = 30 s: mean wait (C − g)² ÷ 2C = 20 s"
    )
    assert found["profile.stairs"].endswith("· closed without ramp:wheelchair")
    assert found["walk.profiles[p80]"] == "people aged 80+ · adult with a pushchair · 1.07 m/s"
    assert found["profile.stairs[p80]"].endswith("· closed without ramp:stroller")
    assert found["profile.surface[p80 × 2.1]"] == "sand"
    assert not any(key.startswith("profile.") for key in told(walk=Walk(profile="plain")))


def test_people():
    layers = (
        DemandLayer(
            "p60",
            table=Path("t.csv"),
            zones=Path("z.gpkg"),
            value=("men", "women"),
            buildings=Path("h.gpkg"),
            residential=("hostel",),
            unknown_use="left_out",
            calibrate_to=Decimal("1200.5"),
            basis="register",
            year=2024,
        ),
        DemandLayer("p80", raster=(Path("r.tif"), Path("q.tif")), density="km2"),
    )
    found = told(demand=Demand(layers, "p60", None))
    assert found["demand.layers[p60]"] == (
        "t.csv · column 'men, women' · joined to z.gpkg · over the buildings of h.gpkg · buildings "
        "of unknown use are left out · uses added as residential: hostel · calibrated to 1,200.5 · "
        "register · 2024"
    )
    assert found["demand.layers[p80]"] == "r.tif, q.tif · people per km2"
    assert found["demand.household_size"] == "—"


@pytest.mark.parametrize(
    ("layer", "value"),
    [
        (
            FacilityLayer(Path("s.csv"), category_column="kind", where="beds > 0", covers="extent"),
            "kind · list complete in: extent of the network · beds > 0",
        ),
        (
            FacilityLayer(Path("s.csv"), category=STATION, covers=Path("c.gpkg")),
            "Home-care station · list complete in: c.gpkg",
        ),
        (
            FacilityLayer(Path("s.csv"), category=STATION, position_unsure=True),
            "Home-care station · list complete in: study area (default) · position unsure",
        ),
    ],
)
def test_facilities(layer, value):
    assert told(facilities=(layer,))["facilities[s.csv]"] == value


def test_land_and_buildings_on_which_coverage_is_measured():
    land = LandLayer(Path("l.gpkg"), where='use = "R"')
    buildings = BuildingLayer(Path("b.gpkg"), residential=("hostel", "dormitory"))
    found = told(coverage_basis=CoverageBasis(land, buildings))
    assert found["coverage_basis.land"] == 'l.gpkg · use = "R"'
    assert found["coverage_basis.buildings"] == (
        "b.gpkg · buildings of unknown use count as residential · uses added as residential: "
        "hostel, dormitory"
    )
    plain = told(coverage_basis=CoverageBasis(LandLayer(Path("l.gpkg"))))
    assert plain["coverage_basis.land"] == "l.gpkg"
    assert "coverage_basis.buildings" not in plain


def test_capacity_questions_and_scenarios():
    capacity = Capacity(
        "beds", per_person=Decimal("0.5"), weights=(Decimal(1), Decimal("0.5"), Decimal("0.2"))
    )
    found = told(
        capacity={STATION: capacity},
        siting={"new": Siting(STATION, add=3)},
        changes=Changes("closing", Scenario(close=("T1",))),
        scenarios={"opening": Scenario(open_gates="all"), "more": Scenario(add=Path("/a/n.csv"))},
    )
    assert found[f"capacity[{STATION}]"] == (
        "Beds · 2sfca · 1, 0.5, 0.2 · 0.5 per person · nearest_first"
    )
    assert found["siting[new]"].startswith("Home-care station")
    assert found["changes[closing]"] == "closes T1"
    assert found["scenarios[opening]"] == "opens all gates and private ways"
    assert found["scenarios[more]"] == "adds the sites of n.csv"
    least = told(capacity={STATION: Capacity("places")})
    assert least[f"capacity[{STATION}]"] == "Places · 2sfca"


def test_rules():
    rules = Rules(
        packs=("liangxi-2025",),
        registers=Path("/r/register.csv"),
        reading="R1",
        basis="dwellings",
        mixed="split",
    )
    found = told(rules=rules)
    assert found["rules.packs"] == "liangxi-2025"
    assert found["rules.registers"] == "register.csv"
    assert found["rules.reading"].startswith("R1 · the areas sum to the requirement")
    assert found["rules.basis"] == "Based on dwellings."
    assert found["rules.mixed"] == "each part needs its own site"
    assert found["circle.require"] == "Home-care station"
    assert "rules.registers" not in told()
