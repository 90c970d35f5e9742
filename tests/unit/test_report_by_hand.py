"""A result of three homes and two sites, made by hand; other tests of the outputs use it too.

    home a (2.5 people)   street S1   covered: 300 s to the station T1
    home b (1.5 people)   street S2   gap:     1200 s
    home c (1 person)     street S2   unknown: not joined to the network (TOO_FAR)

so that of 5 people 2.5 (50 %) are covered, 1.5 (30 %) are a gap and 1 (20 %) is unknown. One
more person lives outside the area: 6 people were read.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS
from tests.builders.coverage import NOBODY_JUDGED, with_coverage

from circle15.access.counting import CatchmentCount, Counts
from circle15.access.records import CoverageRow, GatedFigures, ZoneRow
from circle15.access.zone_circle import ZoneCircle
from circle15.inputs.area.study_area import StudyArea
from circle15.inputs.demand.balance import Balance
from circle15.inputs.demand.population import Population
from circle15.inputs.residential import ResidentialZone
from circle15.network.quality import Band, FarPoint, Island, NetworkQuality
from circle15.network.walk_network import WalkNetwork
from circle15.output.report.html import build_report
from circle15.output.text.numbers import (
    area,
    clock,
    count,
    people,
    percent,
    persons_exact,
    plain_decimal,
    points,
    share,
    split_people,
)
from circle15.results.figures import facility_sums, unknown_people
from circle15.results.records import StudyResult
from circle15.rules.evaluators.evaluating import RuleResult
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict
from circle15.study.settings.records import (
    Area,
    Circle,
    Demand,
    DemandLayer,
    FacilityLayer,
    NetworkSource,
    Rules,
    Study,
)
from circle15.study.vocabulary.issues import Issue

METRIC = CRS.from_epsg(4549)
STATION = "home_care_station"


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


def make_study(**changes: Any) -> Study:
    study = Study(
        file=Path("study.toml"),
        name="by-hand",
        title="By hand",
        as_of=dt.date(2025, 12, 31),
        network=NetworkSource(file=Path("network.osm.pbf")),
        demand=Demand(
            (DemandLayer("p60", points=Path("people.csv"), value=("people",)),),
            "p60",
            Decimal("2.45"),
        ),
        area=Area(),
        facilities=(FacilityLayer(Path("stations.csv"), category=STATION),),
        rules=Rules(packs=("liangxi-2025",)),
        circle=Circle((STATION,)),
    )
    return replace(study, **changes)


def make_result(study: Study | None = None, *, name: str = "") -> StudyResult:
    """Make the result of the module docstring; `name` replaces every name that data may hold."""
    study = study or make_study()
    network = make_network()
    counts = Counts(5_000_000, 2_500_000, 1_500_000, 1_000_000)
    speed = study.walk.speed_m_s
    rows = [
        CoverageRow(k, "p60", cutoff, v, counts, Counts(4_000_000, 2_500_000, 500_000, 1_000_000))
        for k in (STATION, "any", "all")
        for cutoff in (5, 10, 15)
        for v in study.walk.speeds
    ]
    zone_rows = [
        ZoneRow(level, f"{prefix}{k}", name or f"{prefix} {k}", category, "p60", 15, speed, found)
        for level, prefix in (("street", "S"), ("community", "K"))
        for k, found in (
            (1, Counts(2_500_000, 2_500_000, 0, 0)),
            (2, Counts(2_500_000, 0, 1_500_000, 1_000_000)),
        )
        for category in (STATION, "any", "all")
    ]
    checks, rules = make_checks(name)
    all_of_them = {"p60": 2_500_000}
    within: dict[str, tuple[int, ...]] = {"p60": (500_000, 1_500_000, 2_500_000)}
    reach = CatchmentCount(0, all_of_them, all_of_them, within)
    result = StudyResult(
        study=study,
        crs=METRIC,
        area=make_area(name),
        population=Population(
            pd.DataFrame(),
            [Balance("p60", 5_000_000, 1_000_000, 5_000_000, 1_000_000, 0, 0, 1.0, "常住", 2020)],
            [],
            None,
            {},
        ),
        demand=make_demand(),
        facilities=make_facilities(name),
        network=network,
        quality=make_quality(),
        gated=GatedFigures(0, 0.0, 0, []),
        judged=NOBODY_JUDGED,
        categories=[STATION],
        coverage_rows=rows,
        zone_rows=zone_rows,
        catchments={STATION: [reach]},
        rules=rules,
        zone_checks=checks,
        served=gpd.GeoDataFrame(
            {"category": [STATION, STATION], "cutoff_min": [10, 15]},
            geometry=[shapely.Polygon(), square(500000, 3400000, 900)],
            crs=METRIC,
        ),
        served_cell_m=40.0,
        issues=[
            Issue("DATUM_ASSUMED", "note", "stations.csv"),
            Issue("TOO_FAR", "warning", "people.csv", 4, None, 1_000_000, None,
                  {"id": name or "c"}),
            Issue("UNREADABLE", "warning", name or "stations.csv", 3, "建筑面积", None,
                  Decimal("120.50"), {"value": name or "约300"}),
        ],
        provenance={
            "circle15": "0.1.0",
            "inputs": [{"path": name or "people.csv", "sha256": "00ff" * 16, "rows": 4}],
            "packages": {"numpy": "2.2.0"},
        },
    )  # fmt: skip
    return with_coverage(result, make_coverage())


def make_area(name: str) -> StudyArea:
    def layer(prefix: str) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(
            {
                "zone_id": [f"{prefix}1", f"{prefix}2"],
                "name": [name or f"{prefix} 1", name or f"{prefix} 2"],
                "street_id": ["S1", "S2"],
                "households": [None, None],
            },
            geometry=[square(500000, 3400000, 1000), square(501000, 3400000, 1000)],
            crs=METRIC,
        )

    return StudyArea(None, layer("S"), layer("K"), layer("S"), [])


def make_network() -> WalkNetwork:
    u, v = np.array([0, 1]), np.array([1, 2])
    length = np.array([1000.0, 1000.0])
    base = (length * 1000).astype(np.int64)
    zero = np.zeros(2, np.int64)
    return WalkNetwork(
        crs=METRIC, x_m=np.array([500000.0, 501000.0, 502000.0]), y_m=np.full(3, 3400500.0),
        u=u, v=v, length_m=length, base_mm_fwd=base, base_mm_bwd=np.array([-1, 1_000_000]),
        delay_ms_fwd=zero, delay_ms_bwd=zero, way_id=np.array([7, 7]), way_pos=np.array([0, 1]),
        kind=np.array(["footway", "footway"], dtype=object), private=np.zeros(2, bool),
        snappable=np.ones(2, bool), extent=square(499000, 3399000, 5000), extent_source="header",
        barriers=np.array([], dtype=object),
        counts={"ways_read": 2, "ways_walkable": 1, "missing_nodes": 0},
        kept={"path": 1}, dropped={"motorway": 1},
    )  # fmt: skip


def make_quality() -> NetworkQuality:
    """Homes a and b 5 m from the street, c 400 m; T1 and T2 3 m; an island of 300 m with b."""
    none = Band(0, 0)
    return NetworkQuality(
        components=2,
        islands=(Island(502000.0, 3400500.0, 300.0, 1_500_000, 1),),
        dead_ends=2,
        nodes=3,
        length_m=2000.0,
        private_m=500.0,
        homes=(Band(2, 4_000_000), none, none, none, none, Band(1, 1_000_000)),
        sites=(Band(2, 2), none, none, none, none, none),
        far_homes=(FarPoint("c", 501900.0, 3400500.0, 1_000_000, 400.0, "TOO_FAR"),),
        far_sites=(FarPoint("T1", 500400.0, 3400500.0, 1, 3.0, ""),),
    )


def make_demand() -> pd.DataFrame:
    return pd.DataFrame({
        "demand_id": ["a", "b", "c", "d"],
        "x_m": [500100.0, 501100.0, 501900.0, np.nan], "y_m": 3400500.0,
        "in_area": [True, True, True, False], "street_id": ["S1", "S2", "S2", None],
        "community_id": ["K1", "K2", "K2", None],
        "p60_micro": np.array([2_500_000, 1_500_000, 1_000_000, 1_000_000]),
        "edge_id": ["7:0", "7:1", None, None], "fraction": [0.1, 0.1, np.nan, np.nan],
        "access_m": [5.0, 5.0, np.nan, np.nan], "snap_code": ["", "", "TOO_FAR", "NO_POSITION"],
        "barrier": None, "barrier_kind": None,
    })  # fmt: skip


def make_facilities(name: str) -> pd.DataFrame:
    base: dict[str, Any] = {
        "category": STATION, "name": name or "Station", "y_m": 3400500.0, "opened": None,
        "in_area": True, "street_id": "S1", "community_id": "K1", "position_unsure": False,
        "beds": None, "nursing_beds": None, "meals_per_day": None, "places": None, "zone_id": None,
        "duplicate_of": None, "approximate": (), "file": "stations.csv", "edge_id": "7:0",
        "fraction": 0.4, "access_m": 3.0, "snap_code": "", "barrier": None, "barrier_kind": None,
    }  # fmt: skip
    rows = [
        base | {"facility_id": "T1", "x_m": 500400.0, "status": "open", "open": True,
                "open_at_plan": True, "floor_area_m2": Decimal("320.25"), "row": 2},
        base | {"facility_id": "T2", "x_m": 501400.0, "status": "closed", "open": False,
                "open_at_plan": False, "floor_area_m2": None, "row": 3},
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    return table.assign(site_id=table["facility_id"])


def make_coverage() -> pd.DataFrame:
    return pd.DataFrame({
        "demand_id": pd.Categorical(["a", "b", "c"]), "category": pd.Categorical([STATION] * 3),
        "time_ms": pd.array([300_000, 1_200_000, None], dtype="Int64"),
        "facility_id": pd.Categorical(["T1", "T1", None]), "cutoff_min": np.int32(15),
        "state": pd.Categorical(["covered", "gap", "unknown"]),
        "unknown_reason": pd.Categorical(["", "", "UNSNAPPED"]),
    })  # fmt: skip


def make_checks(name: str) -> tuple[list[ZoneCheck], list[RuleResult]]:
    """Zone Z1 has 1,000 existing households and rooms of 150 and 80 m²: it needs 200 m²."""
    pack = load_pack("liangxi-2025")
    zone = ResidentialZone(
        "Z1", name or "Zone 1", "existing", Decimal(1000), None, None, None,
        (Decimal(150), Decimal(80)), None, square(500000, 3400000, 300), "zones.csv", 2,
    )  # fmt: skip
    nothing = make_facilities(name).iloc[:0]
    rooms, sheet = check_floor_areas([zone], nothing, pack.floor_area, Rules(), [])["Z1"]
    circle = ZoneCircle(STATION, "gap", 1243.216, None, 0.25, 0)
    rule = next(rule for rule in pack.rules if rule.id == "LX-03")
    result = RuleResult(
        "liangxi-2025", rule, "plan (2022)", "Z1", Verdict.NOT_MET, Fraction(0), Fraction(200),
        "m2", Fraction(150), None, ("zones.csv:2",),
    )  # fmt: skip
    return [ZoneCheck(zone, rooms, sheet, (circle,))], [result]


def text_of(page: str) -> str:
    """Text that a reader sees, with single spaces."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@pytest.fixture(scope="module")
def page() -> str:
    return text_of(build_report(make_result(), "en"))


def test_headline_says_who_is_covered(page):
    # 2.5 of 5 are covered, 1.5 a gap, 1 unknown: printed parts sum to the printed 5.
    assert (
        "Of 5 in the study area (people aged 60+), 3 ( 50.0% ) reach a service of the kind "
        "“Home-care station” on foot within 15 minutes; "
        "1 (30.0%) do not; for 1 (20.0%) the data do not tell." in page
    )


def test_circles_are_compared_with_walking(page):
    assert "would have claimed 75.0% where walking gives 62.5%, a difference of 12.5" in page


def test_worst_communities_come_first(page):
    section = page.partition("The largest gaps In 1 of 2")[2]
    # Of 2.5 people 1.5 are a gap and 1 is unknown; home b walks 1200 s = 20:00 to the station.
    assert "1 K 2 S 2 3 2 1 0.0% 0.0% 20:00 Home-care station" in section


def test_balance_prints_a_sum_that_can_be_checked(page):
    # 6 read = 5 inside + 1 outside; nothing was calibrated.
    assert "people aged 60+ 6 5 1 — 5 0 常住 2020" in page
    assert "Checked: the demand points sum up to this sheet" in page


def test_a_broken_balance_is_said_aloud():
    result = make_result()
    result.demand["p60_micro"] += 1
    assert "CHECK FAILED" in build_report(result, "en")


def test_unknown_people_are_named_by_what_would_settle_them(page):
    assert unknown_people(make_result()) == {STATION: {"TOO_FAR": 1_000_000}}
    assert "street that can be joined Unknown Home-care station 1 1" in page
    assert "Add the missing compound ways" in page


def test_zone_sheet_gives_all_numbers_and_the_mend(page):
    # Required 0.20 · 1000 = 200; R3 counts nothing below 300; the sum is 230: no plain gap.
    assert "Z1 Zone 1 existing 1,000 200 0 230 0 150 ▲ ▲ ▲ ▲ not met" in page
    assert "enlarge the zone's room 1 (now 150 m²) by 150 m²" in page
    assert "or a new site of 300 m²" in page
    assert "▲ gap — 20:44 25.0%" in page


def test_first_line_of_the_zones_says_whether_the_reading_matters(page):
    section = page.partition("Residential zones The three readings")[2]
    assert section.startswith(" (R1, R2, R3) agree for every zone.")


def test_rules_show_value_threshold_and_shortfall(page):
    assert "Z1 Zone 1 ▲ not met 0 ≥ 200 150 m²" in page


def test_network_and_attribution(page):
    assert "Length (km) 2.0" in page
    assert "footways, paths, steps and the like 1" in page
    assert "© OpenStreetMap contributors" in page


def test_quality_shows_islands_bands_and_the_worst(page):
    assert "Dead ends (share of nodes) 2 (66.7%)" in page
    assert "Private ways, share of length 25.0%" in page
    assert "0.30 2 1" in page  # the island: 0.3 km, 1.5 persons, one site
    assert "0-25 m 4 80.0% 2 2" in page
    assert "not joined 1 20.0% 1 0" in page
    assert "400.0 too far from the nearest street" in page
    assert "T1 Station Home-care station" in page


def test_synthetic_streets_are_not_attributed_to_openstreetmap():
    page = build_report(make_result(make_study(synthetic=True)), "en")
    assert "SYNTHETIC DATA" in page
    assert "© OpenStreetMap" not in page


def test_facility_sums_count_open_sites_and_keep_unknown_apart():
    result = make_result()
    (one,) = facility_sums(result.facilities, result.categories)
    assert (one.rows, one.open, one.floor_area_m2, one.area_unknown) == (2, 1, Decimal("320.25"), 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_study_still_makes_sense(language):
    empty = make_area("").streets.iloc[:0]
    result = replace(
        make_result(make_study(facilities=(), rules=Rules(), circle=Circle())),
        area=StudyArea(None, empty, empty, empty, []), categories=[], coverage_rows=[],
        zone_rows=[], catchments={}, rules=[], zone_checks=[], issues=[],
        judged=NOBODY_JUDGED, facilities=make_facilities("").iloc[:0],
        quality=replace(make_quality(), far_sites=()),
    )  # fmt: skip
    page = text_of(build_report(result, language))
    assert "nan" not in page.casefold().replace("provenance", "")
    assert {"zh": "没有设施名单", "en": "no list of facilities"}[language] in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_prints_as_a_dash(language):
    result = make_result()
    nobody = Counts(0, 0, 0, 0)
    rows = [replace(row, counts=nobody, claimed=nobody) for row in result.coverage_rows]
    zones = [replace(row, counts=nobody) for row in result.zone_rows]
    page = text_of(build_report(replace(result, coverage_rows=rows, zone_rows=zones), language))
    assert "15 0 0 0 0 — — —" in page
    assert "NaN" not in page


def test_same_result_gives_the_same_page():
    assert build_report(make_result(), "zh") == build_report(make_result(), "zh")


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (people(None), "—"),
        (people(2_499_999), "2"),
        (share(0, 5), "0.0%"),
        (share(5, 5), "100.0%"),
        (percent(None), "—"),
        (percent(float("nan")), "—"),
        (points(0.5, 0.5), "±0.0"),
        (points(0.4, 0.5), "−10.0"),
        (area(Fraction(3004, 10)), "300.4"),
        (area(Fraction(1, 300)), "0.003"),
        (area(Fraction(300) - Fraction(1, 1000), apart_from=Fraction(300)), "299.999"),
        (area(Decimal("1234567.5")), "1,234,567.5"),
        (clock(900.001), "15:01"),
        (clock(59.0), "0:59"),
        (count(0), "0"),
        (persons_exact(1), "0.000001"),
        (plain_decimal(Decimal("0.80")), "0.8"),
    ],
)
def test_numbers(found, wanted):
    assert found == wanted


def test_printed_parts_always_sum_to_the_printed_total():
    parts = split_people(Counts(2_000_000, 666_667, 666_667, 666_666))
    assert parts == ("2", "1", "1", "0")


@pytest.mark.parametrize(("language", "end"), [("en", r"\.(?=\s|$)"), ("zh", "。")])
def test_the_first_page_says_exactly_three_sentences_and_five_figures(language, end):
    html = build_report(make_result(), language)
    said = re.findall("<li>(.*?)</li>", html.partition('class="headline"')[2].partition("</ol>")[0])
    assert len(said) == 3
    assert [len(re.findall(end, text_of(one))) for one in said] == [1, 1, 1]
    assert html.count('<span class="figure">') == 5


def test_the_fifth_figure_is_the_floor_area_that_zones_lack(page):
    # Zone Z1 lacks 150 m² (see make_checks); without any zone it is what circles would claim.
    assert "Elder-care rooms to add 150 m² in 1 zones" in page
    bare = text_of(build_report(replace(make_result(), zone_checks=[]), "en"))
    assert "Straight-line circles 75.0% +12.5 points to walking" in bare


def test_the_report_says_how_it_is_computed_again():
    """An analyst who is handed the page alone finds the command; the study's file has its name."""
    assert "circle15 run study.toml" in build_report(make_result(), "zh")
    assert "circle15 run study.toml" in build_report(make_result(), "en")
