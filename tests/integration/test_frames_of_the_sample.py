"""The sample's homes and sites as frames give the times, states and counts of its run, exactly."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import circle15 as c15
from circle15.errors import CrsError, InputDataError, StudyError
from circle15.inputs.tables.column_kinds import DTYPES, typed
from circle15.results.gaps.gap_places import headline_areas
from circle15.results.summary.building import persons_by_state
from circle15.results.summary.zones import zone_entry
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import judge_inputs
from circle15.workflow.reading import read_inputs, silent

SPEEDS = (1.0, 0.8)


@pytest.fixture(scope="module")
def inputs(sample_study):
    return read_inputs(c15.load_study(sample_study), silent)


@pytest.fixture(scope="module")
def result(inputs):
    return judge_inputs(inputs, inputs.packs)[0]


@pytest.fixture(scope="module")
def network(sample_study):
    folder = sample_study.parent
    return c15.read_network(
        folder / "network.osm.pbf", crs="EPSG:4549", dem=folder / "dem.tif", gated="residents"
    )


def placed(table, crs):
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["x_m"], table["y_m"]), crs=crs)


@pytest.fixture(scope="module")
def homes(result):
    inside = result.demand[result.demand[c.IN_AREA]]
    kept = [c.DEMAND_ID, c.STREET_ID, "x_m", "y_m", "p60_micro"]
    return placed(inside[kept].assign(persons=inside["p60_micro"] / c.MICRO), result.crs)


@pytest.fixture(scope="module")
def sites(inputs, result):
    kept = [c.FACILITY_ID, c.CATEGORY, c.OPEN, c.POSITION_UNSURE, "x_m", "y_m"]
    places = [inputs.sites.whereabouts.get(row) for row in range(len(result.facilities))]
    frame = placed(result.facilities[kept].assign(whereabouts=places), result.crs)
    lost = frame["x_m"].isna()
    frame.loc[lost, "geometry"] = None
    # One of which nothing at all is known plays no part.
    return frame[~lost | np.array([place is not None for place in places])]


@pytest.fixture(scope="module")
def boundary(inputs):
    return gpd.GeoSeries([inputs.area.boundary], crs=inputs.crs).to_frame("geometry")


@pytest.fixture(scope="module")
def coverages(homes, sites, network, boundary):
    require = ["home_care_station", "meal_point"]
    return {
        speed: c15.coverage(
            homes, sites, network, covers=boundary, speed_m_s=speed, require=require
        )
        for speed in SPEEDS
    }


def test_the_network_is_that_of_the_run(network, result):
    for name in ("x_m", "y_m", "u", "v", "base_mm_fwd", "base_mm_bwd", "delay_ms_fwd", "snappable"):
        assert np.array_equal(getattr(network, name), getattr(result.network, name)), name
    assert network.extent.equals(result.network.extent)
    assert len(network.barriers) == len(result.network.barriers)
    codes = {one["code"] for one in network.findings}
    assert codes == {
        i.code for i in result.findings if i.file in {"network.osm.pbf", "dem.tif"}
    } - {
        "NETWORK_PIECES",
        "LOOSE_LINES",
    }


def test_people_of_a_file_are_those_of_the_run(sample_study, boundary, result):
    """Cells on the border are split as in the run; there they are split over communities too."""
    file = sample_study.parent / "population_p60.tif"
    mine = c15.read_demand(file, boundary, group="p60", calibrate_to=230_300)
    balance = next(one for one in result.population.balances if one.group == "p60")
    assert mine.crs == result.crs
    assert round(mine[c.PERSONS].sum() * c.MICRO) == balance.inside == 230_300_000_000
    outside = balance.outside / c.MICRO  # there cells are split over more zones, and rounded so
    assert mine.attrs["balance"]["outside"] == pytest.approx(outside, abs=1e-5)
    inside = result.demand[result.demand[c.IN_AREA]]
    places = set(zip(inside["x_m"], inside["y_m"], strict=True))
    points = mine[mine[c.PERSONS] > 0].geometry
    assert set(zip(points.x, points.y, strict=True)) <= places


def test_sites_of_a_file_are_those_of_the_run(sample_study, result):
    """In GCJ-02, with beds; ids, categories, positions and what counts as open are the same."""
    settings = c15.load_study(sample_study)
    layer = next(one for one in settings.facilities if one.category == "care_home")
    mine = c15.read_facilities(
        sample_study.parent / "care_homes.xlsx",
        category="care_home",
        datum="gcj02",
        columns=layer.columns,
        as_of=settings.as_of,
    )
    wanted = result.facilities[result.facilities["file"] == "care_homes.xlsx"].reset_index(
        drop=True
    )
    for name in (c.FACILITY_ID, c.CATEGORY, c.OPEN, "beds", c.FLOOR_AREA_M2, "row"):
        assert mine[name].tolist() == wanted[name].tolist(), name
    assert mine.geometry.x.tolist() == wanted["x_m"].tolist()
    told = {i.code for i in result.findings if i.file == "care_homes.xlsx"} - {"TOO_FAR"}
    assert {one["code"] for one in mine.attrs["findings"]} == told


def test_every_column_of_a_reader_has_its_declared_dtype(inputs, result, sample_study):
    """Whatever pandas infers: text is object with None, never `str` here and object there."""
    folder = sample_study.parent
    area = inputs.area
    frames = {
        "demand": inputs.population.demand,
        "sites": inputs.sites.table,
        "streets": area.streets,
        "communities": area.communities,
        "parts": area.parts,
        "joined homes": result.demand,
        "joined sites": result.facilities,
        "people": c15.read_demand(folder / "population_p60.tif"),
        "centers": c15.read_facilities(folder / "centers.csv", category_column="设施类型"),
    }
    for name, frame in frames.items():
        found = {column: str(dtype) for column, dtype in frame.dtypes.items()}
        assert found == {column: DTYPES[c.kind_of(str(column))] for column in frame}, name
        for column in frame:
            if DTYPES[c.kind_of(str(column))] == "object":
                lost = frame[column][frame[column].isna()]
                assert all(one is None for one in lost), (name, column)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"group": "p50"}, "group: 'p50' is not known"),
        ({"density": "acre"}, "density: 'acre' is not known"),
        ({"datum": "xian80"}, "datum: 'xian80' is not known"),
        ({"columns": {"x": "a"}}, "columns: 'x' is not known"),
        ({"calibrate_to": -1}, "calibrate_to: is -1"),
    ],
)
def test_people_are_not_read_by_unknown_words(sample_study, options, message):
    with pytest.raises(InputDataError, match=message):
        c15.read_demand(sample_study.parent / "population_p60.tif", **options)


def test_a_table_of_people_names_its_column(sample_study, tmp_path):
    file = tmp_path / "homes.csv"
    file.write_text("id,lon,lat,n\na,120.3,31.57,2.5\nb,,,1\n", encoding="utf-8")
    with pytest.raises(InputDataError, match="value: is required"):
        c15.read_demand(file)
    found = c15.read_demand(file, value="n")
    assert found[[c.DEMAND_ID, c.PERSONS]].to_numpy().tolist() == [["a", 2.5], ["b", 1.0]]
    assert found.geometry.isna().tolist() == [False, True]
    (lost,) = (one for one in found.attrs["findings"] if one["code"] == "NO_POSITION")
    assert (lost["file"], lost["row"], lost["severity"]) == ("homes.csv", 3, "warning")
    assert json.loads(json.dumps(found.attrs)) == found.attrs
    with pytest.raises(InputDataError, match="file: are not all rasters"):
        c15.read_demand([file, file], value="n")


def test_facilities_need_a_known_category(sample_study):
    file = sample_study.parent / "stations.xlsx"
    with pytest.raises(StudyError, match=r"stations\.xlsx has no category"):
        c15.read_facilities(file)
    with pytest.raises(StudyError, match="'tea_house' is not a category"):
        c15.read_facilities(file, category="tea_house")


def test_points_join_where_those_of_the_run_do(network, result, homes):
    found = c15.snap_to_network(homes, network)
    pd.testing.assert_frame_equal(found, typed(result.demand.loc[homes.index, found.columns]))


@pytest.mark.parametrize("speed", SPEEDS)
def test_times_and_states_are_those_of_the_run(coverages, result, speed):
    table = coverages[speed]
    mine = table[~table[c.CATEGORY].isin(["any", "all"])]
    wanted = result.coverage[result.coverage[c.SPEED_M_S] == speed]
    assert len(mine) == len(wanted)
    for name in (c.DEMAND_ID, c.CATEGORY, c.CUTOFF_MIN, c.STATE):
        assert mine[name].tolist() == wanted[name].tolist(), name
    for name in (c.FACILITY_ID, c.UNKNOWN_REASON):
        assert mine[name].fillna("").tolist() == wanted[name].astype(object).fillna("").tolist()
    times = wanted["time_ms"].to_numpy(np.float64, na_value=np.nan)
    assert np.array_equal(mine[c.TIME_S], times / 1000, equal_nan=True)


@pytest.mark.parametrize("speed", SPEEDS)
def test_counts_are_those_of_the_run(coverages, result, homes, speed):
    """In micro-persons, `any` and `all` of the required categories among them."""
    mine = c15.count_people(coverages[speed], homes)
    wanted = {
        (row.category, row.cutoff_min): persons_by_state(row.counts)
        for row in result.coverage_rows
        if row.group == "p60" and float(row.speed_m_s) == speed
    }
    keys = zip(mine[c.CATEGORY], mine[c.CUTOFF_MIN], strict=True)
    counts = mine[[c.PERSONS, c.COVERED, c.GAP, c.UNKNOWN]].to_dict("records")
    assert dict(zip(keys, counts, strict=True)) == wanted


def test_streets_are_those_of_the_run(coverages, result, homes):
    mine = c15.count_people(coverages[1.0], homes, by=c.STREET_ID)
    wanted = {
        (row.zone_id, row.category, row.cutoff_min): persons_by_state(row.counts)
        for row in result.zone_rows
        if row.level == "street"
    }
    keys = zip(mine[c.STREET_ID], mine[c.CATEGORY], mine[c.CUTOFF_MIN], strict=True)
    counts = mine[[c.PERSONS, c.COVERED, c.GAP, c.UNKNOWN]].to_dict("records")
    assert {k: v for k, v in zip(keys, counts, strict=True) if k[0] is not None} == wanted


def test_pairs_are_the_catchments_of_the_run(network, result, homes, sites):
    """Sums of micro-persons in reach of each station within 5, 10 and 15 minutes."""
    stations = sites[sites[c.CATEGORY] == "home_care_station"]
    pairs = c15.od_times(homes, stations, network)
    micro = homes["p60_micro"].loc[pairs.index].to_numpy()
    found = {
        minutes: pd.Series(np.where(pairs[c.TIME_S] <= 60 * minutes, micro, 0))
        .groupby(pairs[c.FACILITY_ID].to_numpy())
        .sum()
        for minutes in (5, 10, 15)
    }
    for one in result.catchments["home_care_station"]:
        own = result.facilities[c.FACILITY_ID].iloc[one.facility]
        sums = tuple(int(found[minutes].get(own, 0)) for minutes in (5, 10, 15))
        assert sums == one.persons_within["p60"], own


def test_the_nearest_is_that_of_the_run(network, result, homes, sites):
    for category in ("home_care_station", "care_home"):
        mine = c15.nearest_facility(homes, sites[sites[c.CATEGORY] == category], network)
        wanted = result.coverage.query(
            f"category == '{category}' and speed_m_s == 1 and cutoff_min == 15"
        )
        assert mine[c.FACILITY_ID].fillna("").tolist() == (
            wanted[c.FACILITY_ID].astype(object).fillna("").tolist()
        )


def test_gap_areas_are_those_of_the_run(coverages, result, homes, network, sample_study):
    """Of homes that lack a station or a meal point, by the cells of the raster of people."""
    raster = sample_study.parent / "population_p60.tif"
    mine = c15.gap_areas(
        coverages[1.0], homes, category="all", raster=raster, network=network, circle_m=900
    )
    wanted = headline_areas(result)
    assert wanted is not None
    assert [round(one * c.MICRO) for one in mine[c.PERSONS]] == wanted.persons.tolist()
    assert mine[c.RANK].tolist() == [area.rank for area in wanted.areas]
    outlines = gpd.GeoSeries(wanted.outlines(result.crs), crs=result.crs)
    assert mine.geometry.geom_equals(outlines).all()
    counted = c15.count_people(coverages[1.0], homes).query("category == 'all'")
    assert mine[c.PERSONS].sum() == pytest.approx(counted[c.GAP].iloc[-1], abs=1e-6)


def test_service_areas_hold_the_homes_that_are_covered(coverages, result, homes, sites, network):
    """All but those beside a border: 2 in 100, as cells of 45 m show it."""
    stations = sites[sites[c.CATEGORY] == "home_care_station"]
    (area,) = c15.service_areas(stations, network, cutoffs_min=[15], by="category").geometry
    state = coverages[1.0].query("category == 'home_care_station' and cutoff_min == 15")[c.STATE]
    inside = homes.geometry.intersects(area)
    assert (inside == (state == "covered")).mean() > 0.98
    drawn = result.served.query("category == 'home_care_station' and cutoff_min == 15").geometry
    assert area.intersection(drawn.iloc[0]).area > 0.97 * drawn.iloc[0].area


def test_residential_zones_are_judged_as_in_the_run(result, inputs, network, sites, sample_study):
    """Verdicts, areas and the service circle of the zones of the study."""
    layer = gpd.read_file(sample_study.parent / "zones.geojson").set_index("编号", drop=False)
    headings = inputs.study.residential_zones[0].columns
    zones = layer.rename(columns={heading: field for field, heading in headings.items()})
    rooms = gpd.GeoDataFrame(
        result.facilities.loc[sites.index].assign(whereabouts=sites["whereabouts"]),
        geometry=sites.geometry,
    )
    require = list(inputs.study.circle.require)
    boundary = gpd.GeoSeries([inputs.area.boundary], crs=inputs.crs)
    mine = c15.check_zones(
        zones, rooms, inputs.packs[0], network=network, require=require, covers=boundary
    )
    assert mine.index.tolist() == zones.index.tolist()
    wanted: dict[str, dict[str, Any]] = {
        one.zone.zone_id: {**zone_entry(one, result.facilities)} for one in result.zone_checks
    }
    assert len(wanted) == len(mine) > 3
    for row in mine.to_dict("records"):
        entry = wanted[row[c.ZONE_ID]]
        for name in (c.VERDICT, c.REASON, c.READING_DEPENDENT):
            assert row[name] == entry[name], (row[c.ZONE_ID], name)
        assert {key: row[key] for key in ("R1", "R2", "R3")} == entry["readings"]
        for name in (c.REQUIRED_M2, c.COUNTED_M2, c.PLAIN_SUM_M2, c.PLAIN_GAP_M2, c.SHORTFALL_M2):
            assert row[name] == (
                pytest.approx(np.nan, nan_ok=True) if entry[name] is None else entry[name]
            )
        for one in entry["circle"]:
            assert row[f"{one['category']}_state"] == one["state"]
            worst = np.nan if one["worst_s"] is None else one["worst_s"]
            assert row[f"{one['category']}_worst_s"] == pytest.approx(worst, nan_ok=True)
    areas = c15.check_zones(zones, rooms, inputs.packs[0])
    assert areas[c.VERDICT].tolist() == mine[c.VERDICT].tolist()


def test_zones_that_cannot_be_judged(sites, network):
    pack = c15.load_rules("liangxi-2025")
    zones = gpd.GeoDataFrame(
        {"zone_id": ["A", "A"], "households": [10, 20], "kind": "new"},
        geometry=gpd.points_from_xy([120.3, 120.31], [31.57, 31.57]),
        crs="EPSG:4326",
    )
    with pytest.raises(InputDataError, match=r"zones.*'A' is also in row 1 of zones"):
        c15.check_zones(zones, sites, pack)
    one = zones.iloc[:1]
    for rooms, options, message in (
        (sites, {"require": ["care_home"]}, "require: needs a network"),
        (sites, {"reading": "R4"}, "reading: 'R4' is not known"),
        (sites.drop(columns="category"), {}, "rooms, column 'category': is not among"),
        (sites.assign(floor_area_m2=-1.0), {}, "rooms, column 'floor_area_m2': -1.0 of"),
    ):
        with pytest.raises(InputDataError, match=message):
            c15.check_zones(one, rooms, pack, **options)
    with pytest.raises(InputDataError, match="zones, row 1, column 'households'"):
        c15.check_zones(one.assign(households=-5), sites, pack)
    twice = pd.concat([sites, sites.iloc[:1]])
    with pytest.raises(InputDataError, match="rooms: 1 ids occur in several rows"):
        c15.check_zones(one, twice, pack, network=network)
    with pytest.raises(CrsError, match="zones: the layer has no coordinate reference system"):
        c15.check_zones(gpd.GeoDataFrame(geometry=list(one.geometry)), sites, pack)
