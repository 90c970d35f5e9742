"""Service areas and gap areas of frames, worked out by hand along one straight street of 4 km."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.streets import EAST_M, NORTH_M

import circle15 as c15
from circle15.errors import InputDataError

CRS = "EPSG:4549"


def points(x, crs=CRS, **columns):
    shapes = [None if one is None else shapely.Point(EAST_M + one, NORTH_M) for one in x]
    place = np.array(shapes, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=place, crs=CRS).to_crs(crs)


@pytest.fixture(scope="module")
def street():
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs=CRS)
    graph.add_nodes_from([(0, {"x": EAST_M, "y": NORTH_M}), (1, {"x": EAST_M + 4e3, "y": NORTH_M})])
    graph.add_edge(0, 1, highway="footway")
    return c15.network_from_graph(graph, crs=CRS)


@pytest.mark.parametrize("crs", [CRS, "EPSG:4326"])
def test_an_area_reaches_as_far_as_one_walks(street, crs):
    """From 2,000 m at 1 m/s: 300 m to each side in 5 min, 600 m in 10; 9 km joins nothing."""
    sites = points([2000, 9000], crs, open=[True, True])
    areas = c15.service_areas(sites, street, cutoffs_min=[5, 10])
    assert areas.crs == sites.crs
    assert areas.index.tolist() == [0, 0, 1, 1]
    assert areas["facility_id"].tolist() == ["0", "0", "1", "1"]
    assert areas.geometry.isna().tolist() == [False, False, True, True]
    west, _, east, _ = areas.to_crs(CRS).bounds.iloc[:2].to_numpy().T
    assert (west - EAST_M) == pytest.approx([1700, 1400], abs=3)
    assert (east - EAST_M) == pytest.approx([2300, 2600], abs=3)
    closed = c15.service_areas(sites.assign(open=[False, True]), street, cutoffs_min=[5])
    assert closed.index.tolist() == [1]
    whole = c15.service_areas(sites, street, cutoffs_min=[5], by="category")
    assert whole["category"].tolist() == ["facility"]
    assert whole.to_crs(CRS).area.iloc[0] == pytest.approx(areas.to_crs(CRS).area.iloc[0], rel=0.02)


def judged(states, **columns):
    table = {"category": "medical", "speed_m_s": 1.0, "cutoff_min": 15, "state": states}
    return pd.DataFrame(table | columns)


HOMES = {"persons": [5.0, 0.5, 3.0, 4.0, 2.0, 9.0]}
X = [50, 150, 250, 950, 1050, None]
STATES = ["gap", "covered", "gap", "gap", "gap", "gap"]


@pytest.mark.parametrize("crs", [CRS, "EPSG:4326"])
def test_cells_in_the_gap_that_touch_are_one_area(crs):
    """
    Squares of 110 m (1.1 times the usual 100 m): the covered home parts 5 from 3 people.

    4 and 2 people stand in touching squares. Half of them, 3, are reached once those of 1,000 s
    are in. A home without a place is in no area.
    """
    table = judged(STATES, time_s=[950.0, 100.0, np.nan, 1000.0, 1300.0, 1.0])
    areas = c15.gap_areas(table, points(X, crs, **HOMES))
    assert areas[["rank", "persons", "homes"]].to_numpy().tolist() == [
        [1, 6.0, 2],
        [2, 5.0, 1],
        [3, 3.0, 1],
    ]
    assert areas["time_s"].fillna(-1).tolist() == [1000.0, 950.0, -1.0]
    homes = points(X, crs, **HOMES)
    assert areas.crs == homes.crs
    assert areas.contains(homes.geometry.iloc[3]).tolist() == [True, False, False]
    assert areas.to_crs(CRS).area.round(-1).tolist() == [24200.0, 12100.0, 12100.0]


def test_areas_are_joined_by_streets_and_split_at_the_size_of_a_circle(street):
    """Eight homes 100 m apart along the street; another street, apart from it, 100 m north."""
    x = [50 + 100 * k for k in range(8)]
    homes = points(x, persons=[1.0] * 8)
    table = judged(["gap"] * 8)
    assert c15.gap_areas(table, homes)["homes"].tolist() == [8]
    assert c15.gap_areas(table, homes, network=street)["homes"].tolist() == [8]
    split = c15.gap_areas(table, homes, network=street, circle_m=200)
    assert split["homes"].tolist() == [4, 4]
    assert split.to_crs(CRS).area.sum() == pytest.approx(8 * 110**2, rel=1e-3)
    north = homes.set_geometry(homes.translate(0, 100))
    both = pd.concat([homes, north], ignore_index=True)
    table = judged(["gap"] * 16)
    assert c15.gap_areas(table, both)["homes"].tolist() == [16]
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs=CRS)
    for node, (east, north_m) in enumerate([(0, 0), (4e3, 0), (0, 100), (4e3, 100)]):
        graph.add_node(node, x=EAST_M + east, y=NORTH_M + north_m)
    graph.add_edge(0, 1, highway="footway")
    graph.add_edge(2, 3, highway="footway")
    apart = c15.network_from_graph(graph, crs=CRS)
    assert c15.gap_areas(table, both, network=apart)["homes"].tolist() == [8, 8]


def test_nobody_in_the_gap_is_no_area():
    assert len(c15.gap_areas(judged(["covered"] * 6), points(X, **HOMES))) == 0
    assert len(c15.gap_areas(judged(["gap"]), points([None], persons=[1.0]))) == 0


def test_what_is_lacking_must_be_clear():
    homes = points(X, **HOMES)
    both = pd.concat([judged(STATES), judged(STATES).assign(category="day_care")])
    for table, options, message in (
        (both, {}, "category: is required. Use one of medical, day_care"),
        (both, {"category": "x"}, "category: 'x' is not in the coverage"),
        (judged(STATES), {"circle_m": 0}, "circle_m: is 0. It must be greater than 0"),
        (judged(STATES), {"cutoff_min": 7}, "cutoff_min: 7 is not in the coverage. Use one of 15"),
        (pd.concat([judged(STATES), judged(STATES).assign(speed_m_s=0.8)]), {}, "several speeds"),
        (judged(STATES).iloc[1:], {}, "has 5 rows of 6 homes"),
    ):
        with pytest.raises(InputDataError, match=message):
            c15.gap_areas(table, homes, **options)


def test_areas_need_cells_and_a_known_owner(street):
    for options, message in (
        ({"by": "town"}, "by: 'town' is not known. Use facility or category"),
        ({"cell_m": 0}, "cell_m: is 0"),
    ):
        with pytest.raises(InputDataError, match=message):
            c15.service_areas(points([0]), street, **options)
