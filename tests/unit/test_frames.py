"""Frames in, frames out, on a small town; the oracle is networkx with the rounding of DESIGN.

D ──────── E         600 m north
│          │
A ── B ─── C ── F    A 0, B 300, C 600, F 900 m east; F–C is one way, from F to C
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.streets import EAST_M, NORTH_M

import circle15 as c15
from circle15.errors import CrsError, InputDataError

CRS = "EPSG:4549"
NODES = {
    "A": (0, 0),
    "B": (300, 0),
    "C": (600, 0),
    "D": (0, 600),
    "E": (600, 600),
    "F": (900, 0),
}
BOTH_WAYS = (("A", "B"), ("B", "C"), ("A", "D"), ("D", "E"), ("E", "C"))


def town(**options):
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(crs=CRS)
    for name, (x, y) in NODES.items():
        graph.add_node(name, x=EAST_M + x, y=NORTH_M + y)
    for number, (u, v) in enumerate([*BOTH_WAYS, ("F", "C")]):
        one_way = {"oneway:foot": "yes"} if u == "F" else {}
        graph.add_edge(u, v, highway="footway", osmid=number, **one_way)
    around = gpd.GeoSeries([shapely.box(-9e3, -9e3, 9e3, 9e3)], crs=CRS).translate(EAST_M, NORTH_M)
    return c15.network_from_graph(graph, crs=CRS, min_component_m=0, extent=around, **options)


def points(places, crs=CRS, **columns):
    """Points by label, metres from A; None for no geometry."""
    shapes = [p and shapely.Point(EAST_M + p[0], NORTH_M + p[1]) for p in places.values()]
    frame = gpd.GeoDataFrame(columns, index=list(places), geometry=shapes, crs=CRS)
    return frame if crs == CRS else frame.to_crs(crs)


NETWORK = town()
HOMES = points(
    {
        "h1": (100, 20),
        "h2": (450, 10),
        "h3": (0, 500),
        "h4": (750, 30),
        "h5": (300, 300),
        "h6": (5, 5),
    },
    persons=[10.0, 2.5, 4.0, 1.0, 0.25, 7.0],
    street=["x", "x", "y", "y", None, "x"],
)
SITES = points({"s1": (200, 15), "s2": (600, 400), "s3": (900, 40)})


def rounded(value):
    return math.floor(value + 0.5)


def walked(speed):
    """The network as a graph of networkx, each edge rounded half up."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    n = NETWORK
    for u, v, forth, back in zip(n.u, n.v, n.base_mm_fwd, n.base_mm_bwd, strict=True):
        for a, b, mm in ((int(u), int(v), forth), (int(v), int(u), back)):
            if mm >= 0:
                graph.add_edge(a, b, ms=rounded(mm / speed))
    return graph


def joint(point, speed):
    """Ends of the nearest edge, place on it, and the time of the leg."""
    place = np.column_stack([NETWORK.x_m, NETWORK.y_m])
    ends = [(int(u), int(v)) for u, v in zip(NETWORK.u, NETWORK.v, strict=True)]
    lines = [shapely.LineString([place[u], place[v]]) for u, v in ends]
    k = min(range(len(lines)), key=lambda k: lines[k].distance(point))
    leg_ms = rounded(rounded(lines[k].distance(point) * 1000) / speed)
    return ends[k], lines[k].project(point, normalized=True), leg_ms


def oracle_ms(origin, destination, speed):
    """Least time by networkx; an edge is split as floor(f · ms + 0.5) and the rest."""
    graph = walked(speed)
    (u, v), f, leg = joint(origin, speed)
    (p, q), h, other_leg = joint(destination, speed)

    def split(a, b, fraction):
        ms = graph[a][b]["ms"]
        return rounded(fraction * ms), ms - rounded(fraction * ms)

    leave, arrive, ways = {}, {}, []
    if graph.has_edge(u, v):
        leave[v] = split(u, v, f)[1]
    if graph.has_edge(v, u):
        leave[u] = split(v, u, f)[0]
    if graph.has_edge(p, q):
        arrive[p] = split(p, q, h)[0]
    if graph.has_edge(q, p):
        arrive[q] = split(q, p, h)[1]
    for (a, out), (b, into) in itertools.product(leave.items(), arrive.items()):
        if nx.has_path(graph, a, b):
            ways.append(out + nx.shortest_path_length(graph, a, b, "ms") + into)
    if (u, v) == (p, q):
        if f <= h and graph.has_edge(u, v):
            ways.append(split(u, v, h)[0] - split(u, v, f)[0])
        if f >= h and graph.has_edge(v, u):
            ways.append(split(v, u, f)[0] - split(v, u, h)[0])
    return min(ways) + leg + other_leg if ways else None


@pytest.mark.parametrize("speed", [1.0, 0.7])
def test_times_are_those_of_networkx(speed):
    """Every pair, among them s3, which lies at the blind end of a one-way street."""
    wanted = {
        (home, site): oracle_ms(HOMES.geometry[home], SITES.geometry[site], speed)
        for home in HOMES.index.drop("h5")
        for site in SITES.index
    }
    reached = {pair: ms for pair, ms in wanted.items() if ms is not None}
    found = c15.od_times(HOMES, SITES, NETWORK, cutoff_min=60, speed_m_s=speed)
    pairs = zip(found["demand_id"], found["facility_id"], strict=True)
    times = (round(s * 1000) for s in found["time_s"])
    assert dict(zip(pairs, times, strict=True)) == reached
    near = c15.nearest_facility(HOMES, SITES, NETWORK, speed_m_s=speed)
    assert near.index.tolist() == HOMES.index.tolist()
    best = {
        home: min((ms, s) for (h, s), ms in reached.items() if h == home) for home, _ in reached
    }
    assert [(round(s * 1000), own) for own, s in near.dropna().to_numpy()] == list(best.values())
    assert near[near["time_s"].isna()].index.tolist() == ["h5"]
    assert wanted["h1", "s3"] is None


def test_the_pairs_are_in_order_and_cut_off():
    """A pair of exactly the cutoff is inside: h6 to s1 takes 5 + 195 + 15 s; 3 min leave it out."""
    table = c15.od_times(HOMES, SITES, NETWORK, cutoff_min=4)
    assert table["time_s"].max() <= 240
    assert table.index.tolist() == sorted(table.index)
    pairs = zip(table.index, table["facility_id"], strict=True)
    assert ("h6", "s1") in set(pairs)
    exact = points({"p": (260, 0)})
    assert len(c15.od_times(points({"q": (200, 0)}), exact, NETWORK, cutoff_min=1)) == 1
    assert len(c15.od_times(points({"q": (199.99, 0)}), exact, NETWORK, cutoff_min=1)) == 0


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:32651"])
def test_any_crs_serves(crs):
    """Metres of the network or degrees: the same joints to the millimetre."""
    found = c15.snap_to_network(points({"h": (100, 20)}, crs=crs), NETWORK)
    assert found["access_m"].tolist() == pytest.approx([20.0], abs=0.002)
    assert found["fraction"].tolist() == pytest.approx([1 / 3], abs=1e-5)


def test_a_tie_goes_to_the_smaller_id_whatever_the_order():
    """B stands 100 m from both; of '9' and '10' the smaller text is '10'."""
    two = points({9: (200, 0), 10: (400, 0)})
    home = points({"b": (300, 0)})
    for sites in (two, two.iloc[::-1]):
        found = c15.nearest_facility(home, sites, NETWORK)
        assert found.to_dict("list") == {"facility_id": ["10"], "time_s": [100.0]}


def test_closed_unsure_and_missing_sites():
    """Only open ones with a sure position are nearest; one without a geometry may be anywhere."""
    home = points({"h": (100, 0)})
    sites = points(
        {"a": (120, 0), "b": (150, 0), "c": (200, 0)},
        open=[False, True, True],
        position_unsure=[False, True, False],
    )
    assert c15.nearest_facility(home, sites, NETWORK)["facility_id"].tolist() == ["c"]
    assert c15.od_times(home, sites, NETWORK)["facility_id"].tolist() == ["b", "c"]
    far = points({"h": (0, 500)})
    nowhere = points({"a": (600, 590), "b": None})
    found = c15.coverage(far, nowhere, NETWORK, cutoffs_min=[5])
    assert found[["state", "unknown_reason"]].to_numpy().tolist() == [["unknown", "SITE_UNPLACED"]]
    nowhere["whereabouts"] = [None, shapely.Point(EAST_M, NORTH_M).buffer(9)]
    found = c15.coverage(far, nowhere, NETWORK, cutoffs_min=[5])
    assert found[["state", "unknown_reason"]].to_numpy().tolist() == [["gap", None]]


def test_states_reasons_and_counts():
    """
    At 1 m/s and 5 min from s1 (200 m east): h1, h2 and h6 are covered, h3 and h4 are too far.

    Within 10 min h4 is (30 + 550 + 15 s), h3 (500 + 200 + 15 s) is not. h5 stands 300 m from any
    street. Lists that end at 700 m east leave h4 (750) unknown.
    """
    sites = SITES.loc[["s1"]]
    table = c15.coverage(HOMES, sites, NETWORK, cutoffs_min=[5, 10])
    assert table.index.tolist() == [*HOMES.index, *HOMES.index]
    at_5 = table[table["cutoff_min"] == 5]
    assert at_5["state"].to_dict() == {
        "h1": "covered",
        "h2": "covered",
        "h3": "gap",
        "h4": "gap",
        "h5": "unknown",
        "h6": "covered",
    }
    assert at_5["unknown_reason"].dropna().to_dict() == {"h5": "UNSNAPPED"}
    ends = gpd.GeoSeries([shapely.box(-900, -900, 700, 900)], crs=CRS).translate(EAST_M, NORTH_M)
    other = c15.coverage(HOMES, sites, NETWORK, cutoffs_min=[5], covers=ends)
    assert other["unknown_reason"].dropna().to_dict() == {"h4": "LIST_ENDS", "h5": "UNSNAPPED"}
    counted = c15.count_people(table, HOMES)
    assert counted[["cutoff_min", "persons", "covered", "gap", "unknown"]].to_numpy().tolist() == [
        [5, 24.75, 19.5, 5.0, 0.25],
        [10, 24.75, 20.5, 4.0, 0.25],
    ]
    by_street = c15.count_people(at_5, HOMES, by="street")
    assert by_street[["street", "persons", "covered", "gap"]].to_numpy().tolist() == [
        ["x", 19.5, 19.5, 0.0],
        ["y", 5.0, 0.0, 5.0],
        [None, 0.25, 0.0, 0.0],
    ]


def test_any_and_all_of_the_required_categories():
    sites = SITES.assign(category=["medical", "bath_point", "bath_point"])
    table = c15.coverage(HOMES, sites, NETWORK, cutoffs_min=[5], require=["medical", "bath_point"])
    words = table.reset_index().pivot_table(
        index="index", columns="category", values="state", aggfunc="first"
    )
    assert words.loc["h2"].to_dict() == {
        "all": "gap",
        "any": "covered",
        "bath_point": "gap",
        "medical": "covered",
    }
    with pytest.raises(InputDataError, match=r"require: no site has the category 'childcare'"):
        c15.coverage(HOMES, sites, NETWORK, require=["childcare"])


def test_a_round_trip_counts_both_ways():
    """h4 walks 150 m to C; the way back up the one-way street is shut, so it is a gap there."""
    home = points({"f": (880, 0)})
    there = c15.nearest_facility(home, points({"s": (600, 100)}), NETWORK)
    both = c15.nearest_facility(home, points({"s": (600, 100)}), NETWORK, judge="round_trip")
    assert (there["time_s"].tolist(), both["time_s"].isna().tolist()) == ([380.0], [True])
    near = points({"h": (0, 100)})
    again = c15.nearest_facility(near, points({"s": (100, 0)}), NETWORK, judge="round_trip")
    assert again["time_s"].tolist() == [400.0]


def test_entrances_replace_the_place_of_a_site():
    doors = points({0: (100, 0), 1: (280, 0)}, facility_id=["s2", "s2"])
    found = c15.nearest_facility(HOMES, SITES, NETWORK, entrances=doors)
    assert found.to_numpy().tolist()[-1] == ["s2", 100.0]
    with pytest.raises(InputDataError, match=r"entrances, .*'x' is not the id of a site"):
        c15.od_times(HOMES, SITES, NETWORK, entrances=doors.assign(facility_id="x"))


def test_inputs_stay_as_they_are():
    homes, sites = HOMES.copy(), SITES.copy()
    c15.coverage(homes, sites, NETWORK)
    pd.testing.assert_frame_equal(homes, HOMES)
    pd.testing.assert_frame_equal(sites, SITES)


BLOCK = gpd.GeoDataFrame(index=["k"], geometry=[shapely.box(0, 0, 9, 9)], crs=CRS)
WITHOUT_CRS = gpd.GeoDataFrame(geometry=list(HOMES.geometry))
AS_POINTS = r"hold Polygon. Give points, as homes.set_geometry\(homes.representative_point\(\)\)"
BAD = {
    "no CRS": (WITHOUT_CRS, CrsError, "homes: the layer has no"),
    "no frame": (pd.DataFrame({"x": [1]}), InputDataError, "homes: is a DataFrame. Give a Geo"),
    "polygons": (BLOCK, InputDataError, rf"homes: 1 of 1 rows \(first: 'k'\) {AS_POINTS}"),
    "twice": (pd.concat([HOMES, HOMES]), InputDataError, "homes: 6 ids occur in several rows"),
    "ids": (HOMES.assign(demand_id="a"), InputDataError, r"1 ids occur .*\(first: 'a'\)"),
    "null": (HOMES.assign(demand_id=None), InputDataError, "'demand_id' is null in 6 of 6"),
    "abroad": (HOMES.set_crs("EPSG:2326", allow_override=True), CrsError, "homes"),
}


@pytest.mark.parametrize("kind", BAD)
def test_homes_that_cannot_be_used(kind):
    homes, error, message = BAD[kind]
    with pytest.raises(error, match=message):
        c15.coverage(homes, SITES, NETWORK)


OUT_OF_RANGE: dict[str, tuple[Any, str]] = {
    "speed_m_s": (0, r"speed_m_s: is 0. It must be greater than 0"),
    "max_snap_m": (float("nan"), "max_snap_m: nan is not a number"),
    "access_speed_factor": (-1, "access_speed_factor: is -1"),
    "cutoffs_min": ((15, 5), "cutoffs_min: must be minutes in rising order"),
    "judge": ("there", "judge: 'there' is not known. Use outbound or round_trip"),
    "covers": (gpd.GeoSeries([shapely.box(0, 0, 9, 9)]), "covers: the layer has no"),
}


@pytest.mark.parametrize("name", OUT_OF_RANGE)
def test_parameters_out_of_range(name):
    value, message = OUT_OF_RANGE[name]
    with pytest.raises(InputDataError, match=message):
        c15.coverage(HOMES, SITES, NETWORK, **{name: value})


@pytest.mark.parametrize(
    ("persons", "message"),
    [
        (
            [1, -2, 3, 4, 5, 6],
            r"homes, column 'persons': is negative in 1 of 6 rows \(first: 'h2'\)",
        ),
        ([1, None, 3, 4, 5, 6], "is not a number in 1 of 6 rows"),
        (["a"] * 6, "is not a number in 6 of 6 rows"),
        ([np.inf] * 6, "is not a number in 6 of 6 rows"),
        ([1e12] * 6, "is more people than exist in 6"),
    ],
)
def test_people_that_are_no_numbers(persons, message):
    table = c15.coverage(HOMES, SITES, NETWORK, cutoffs_min=[5])
    with pytest.raises(InputDataError, match=message):
        c15.count_people(table, HOMES.assign(persons=persons))


def test_a_coverage_of_other_homes_is_refused():
    table = c15.coverage(HOMES, SITES, NETWORK, cutoffs_min=[5])
    for wrong, message in (
        (table.iloc[1:], r"coverage: has 5 rows of 6 homes for facility, 5 min"),
        (table.rename({"h1": "z"}), r"has a home that is unknown in 1 rows \(first: 'z'\)"),
        (table.assign(state="lost"), "has an invalid state in 6 rows"),
        (table.drop(columns="state"), "has no column 'state'"),
    ):
        with pytest.raises(InputDataError, match=message):
            c15.count_people(wrong, HOMES)
    with pytest.raises(InputDataError, match="homes, column 'quarter': is not among the columns"):
        c15.count_people(table, HOMES, by="quarter")


def test_tables_without_rows():
    nothing = HOMES.iloc[:0]
    assert len(c15.coverage(nothing, SITES, NETWORK)) == 0
    assert len(c15.od_times(nothing, SITES, NETWORK)) == 0
    none = c15.nearest_facility(HOMES, SITES.iloc[:0], NETWORK)
    assert none["facility_id"].tolist() == [None] * 6
