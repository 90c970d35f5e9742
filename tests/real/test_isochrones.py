"""
Isochrones of real facilities against a brute-force truth of the same rule.

The truth judges a point every 5 m: the nearest edge whose leg touches no barrier, by shapely's
tree, and the time by scipy's Dijkstra in floating point. It shares nothing with the drawing but
the network and the places of the facilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from tests.builders.rasters import raster_over
from tests.builders.reached_parts import ReachedParts, reached_parts

from circle15.network.snapping import snap_to_network
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.graph import Positions, TravelGraph, positions_at
from circle15.travel.engine.search import nearest
from circle15.travel.served_areas.drawing import Drawing
from circle15.travel.served_areas.isochrones import Isochrones
from circle15.travel.served_areas.node_positions import node_positions
from circle15.travel.served_areas.raster_frame import RasterFrame

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.network.walk_network import WalkNetwork
    from circle15.results.records import StudyResult

CELL_M = 20.0
TRUTH_M = 5.0
MAX_SNAP_M = 200.0
CUTOFF_S = 900.0


@dataclass(frozen=True)
class Joined:
    """Points on edges: edge (-1 where none), fraction and leg in metres."""

    edge: np.ndarray
    fraction: np.ndarray
    leg_m: np.ndarray


class Truth:
    """The rule at 1 m/s, by brute force."""

    def __init__(self, network: WalkNetwork, x: np.ndarray, y: np.ndarray) -> None:
        self.network = network
        self.usable = np.flatnonzero(network.snappable)
        self.tree = shapely.STRtree(network.lines[self.usable])
        self.barriers = shapely.STRtree(network.barriers)
        self.forward, self.backward = (
            np.where(base >= 0, (base + delay) / 1000, np.inf)
            for base, delay in (
                (network.base_mm_fwd, network.delay_ms_fwd),
                (network.base_mm_bwd, network.delay_ms_bwd),
            )
        )
        self.sites = self.join(x, y)
        west, south, east, north = network.extent.bounds
        self.corner = np.array([west, south]) - 300
        self.size = np.ceil((np.array([east, north]) + 300 - self.corner) / TRUTH_M).astype(int)
        self.node_s = np.stack([self._from_nodes(k) for k in range(len(x))])
        self.windows = [self._window(k) for k in range(len(x))]

    def _foot(
        self, x: np.ndarray, y: np.ndarray, edge: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        lines = self.network.lines[edge]
        along = shapely.line_locate_point(lines, shapely.points(x, y))
        foot = shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
        length = shapely.length(lines)
        fraction = np.divide(along, length, out=np.zeros(len(edge)), where=length > 0)
        legs = shapely.linestrings(np.stack([np.column_stack([x, y]), foot], axis=1))
        return fraction, np.asarray(shapely.length(legs)), np.asarray(legs)

    def _touching(self, legs: np.ndarray) -> np.ndarray:
        touching: np.ndarray = np.zeros(len(legs), bool)
        touching[self.barriers.query(legs, "intersects")[0]] = True
        return touching

    def join(self, x: np.ndarray, y: np.ndarray) -> Joined:
        found = Joined(np.full(len(x), -1), np.zeros(len(x)), np.full(len(x), np.inf))
        for begin in range(0, len(x), 500_000):
            points = shapely.points(x[begin : begin + 500_000], y[begin : begin + 500_000])
            near, edge = self.tree.query_nearest(points, max_distance=MAX_SNAP_M, all_matches=False)
            found.edge[begin + near] = self.usable[edge]
        index = np.flatnonzero(found.edge >= 0)
        fraction, leg_m, legs = self._foot(x[index], y[index], found.edge[index])
        found.fraction[index], found.leg_m[index] = fraction, leg_m
        blocked = index[self._touching(legs)]
        found.edge[blocked] = -1
        found.leg_m[blocked] = np.inf
        near, edge = self.tree.query(
            shapely.points(x[blocked], y[blocked]), "dwithin", distance=MAX_SNAP_M
        )
        point, edge = blocked[near], self.usable[edge]
        fraction, leg_m, legs = self._foot(x[point], y[point], edge)
        free = np.flatnonzero(~self._touching(legs))
        free = free[np.argsort(-leg_m[free], kind="stable")]  # the nearest is written last
        for target, values in (
            (found.edge, edge),
            (found.fraction, fraction),
            (found.leg_m, leg_m),
        ):
            target[point[free]] = values[free]
        return found

    @cached_property
    def _towards(self) -> csr_array:
        """Arcs against the walking direction, the quickest of parallel ones."""
        network = self.network
        arcs = pd.DataFrame(
            {
                "from": np.r_[network.v, network.u],
                "to": np.r_[network.u, network.v],
                "s": np.maximum(np.r_[self.forward, self.backward], 1e-9),
            }
        )
        arcs = arcs[np.isfinite(arcs["s"])].groupby(["from", "to"], as_index=False)["s"].min()
        n = len(network.x_m)
        return csr_array((arcs["s"], (arcs["from"], arcs["to"])), shape=(n, n))

    def _from_nodes(self, k: int) -> np.ndarray:
        """Seconds from every node to a site, its leg included."""
        edge, share = self.sites.edge[k], self.sites.fraction[k]
        ends = [self.network.u[edge], self.network.v[edge]]
        seconds = dijkstra(self._towards, indices=ends, limit=CUTOFF_S + 60)
        # From an end of the edge to the site one walks on: forward from u, backward from v.
        by_u, by_v = share * self.forward[edge], (1 - share) * self.backward[edge]
        found: np.ndarray = np.minimum(seconds[0] + by_u, seconds[1] + by_v)
        return found + float(self.sites.leg_m[k])

    def _window(self, k: int) -> tuple[slice, slice]:
        """Rows and columns of the points that can be within the cutoff."""
        network, edge = self.network, self.sites.edge[k]
        reached = self.node_s[k] <= CUTOFF_S
        partly = reached[network.u] | reached[network.v]
        partly[edge] = True
        nodes = np.r_[network.u[partly], network.v[partly]]
        xy = np.column_stack([network.x_m[nodes], network.y_m[nodes]])
        low = (xy.min(axis=0) - MAX_SNAP_M - 50 - self.corner) / TRUTH_M
        high = (xy.max(axis=0) + MAX_SNAP_M + 50 - self.corner) / TRUTH_M
        low, high = np.maximum(low, 0).astype(int), np.minimum(high, self.size).astype(int)
        return slice(low[1], high[1]), slice(low[0], high[0])

    @cached_property
    def grid(self) -> Joined:
        """Every point of every window, joined once; arrays of the whole grid."""
        wanted = np.zeros(self.size[::-1], bool)
        for window in self.windows:
            wanted[window] = True
        row, column = np.nonzero(wanted)
        x, y = self.corner[0] + column * TRUTH_M, self.corner[1] + row * TRUTH_M
        joined = self.join(x, y)
        whole = Joined(
            np.full(wanted.shape, -1), np.zeros(wanted.shape), np.full(wanted.shape, np.inf)
        )
        whole.edge[row, column] = joined.edge
        whole.fraction[row, column] = joined.fraction
        whole.leg_m[row, column] = joined.leg_m
        return whole

    def seconds_at(self, k: int, edge: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Seconds from points of edges to a site."""
        network = self.network
        with np.errstate(invalid="ignore"):  # 0 · inf at the end of a one-way edge
            back, on = share * self.backward[edge], (1 - share) * self.forward[edge]
            seconds: np.ndarray = np.fmin(
                self.node_s[k, network.u[edge]] + back, self.node_s[k, network.v[edge]] + on
            )
            site = self.sites.fraction[k]
            own = edge == self.sites.edge[k]
            ahead = (site - share) * self.forward[edge]
            behind = (share - site) * self.backward[edge]
            direct = np.where(share <= site, ahead, behind) + self.sites.leg_m[k]
        return np.where(own, np.fmin(seconds, direct), seconds)

    def points(self, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """X, y and seconds of the points of a site's window."""
        window = self.windows[k]
        edge, share, leg_m = (
            values[window].ravel()
            for values in (self.grid.edge, self.grid.fraction, self.grid.leg_m)
        )
        seconds = np.full(len(edge), np.inf)
        joined = edge >= 0
        seconds[joined] = self.seconds_at(k, edge[joined], share[joined]) + leg_m[joined]
        row, column = np.mgrid[window]
        x = self.corner[0] + column.ravel() * TRUTH_M
        return x, self.corner[1] + row.ravel() * TRUTH_M, seconds


@dataclass(frozen=True)
class Case:
    """The drawn areas of all sites, and what they are held against."""

    network: WalkNetwork
    graph: TravelGraph
    sites: Positions
    truth: Truth
    areas: dict[int, Any]

    def reached(self, k: int) -> ReachedParts:
        site = self.sites.take(np.array([k]))
        nodes = node_positions(self.network)
        cutoff_ms = int(CUTOFF_S * 1000)
        node_ms = nearest(self.graph, nodes, site, horizon_ms=cutoff_ms).time_ms
        return reached_parts(self.graph, self.network, node_ms, site, cutoff_ms=cutoff_ms)

    def lines(self, edge: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Draw parts of edges."""
        network = self.network
        u, v = network.u[edge], network.v[edge]
        first = np.column_stack([network.x_m[u], network.y_m[u]])
        way = np.column_stack([network.x_m[v], network.y_m[v]]) - first
        ends = [first + way * start[:, None], first + way * end[:, None]]
        return np.asarray(shapely.linestrings(np.stack(ends, axis=1)))


@pytest.fixture(scope="module")
def case(real_result: Callable[[str], StudyResult], real_data: Path) -> Case:
    result = real_result("porto_alegre")
    network = result.network
    x, y = (result.facilities[name].to_numpy() for name in (c.X_M, c.Y_M))
    graph = TravelGraph.from_network(network, Fraction(1))
    sites = positions_at(snap_to_network(x, y, network), Fraction(1))
    over = shapely.buffer(network.extent, MAX_SNAP_M + CELL_M)
    raster = raster_over(over, network, cell_m=CELL_M)
    drawing = Isochrones(raster, network, graph, access_speed_m_s=Fraction(1))
    cutoff_ms = int(CUTOFF_S * 1000)
    areas = {k: area for k, (area,) in drawing.each(sites, [cutoff_ms])}
    return Case(network, graph, sites, Truth(network, x, y), areas)


def test_every_area_is_the_truth_of_its_rule(case: Case) -> None:
    assert len(case.areas) == 117
    shares = []
    for k, area in case.areas.items():
        assert area.is_valid
        x, y, seconds = case.truth.points(k)
        shapely.prepare(area)
        drawn, true = shapely.contains_xy(area, x, y), seconds <= CUTOFF_S
        shares.append((drawn & true).sum() / (drawn | true).sum())
    print(f"IoU: median {np.median(shares):.4f}, least {min(shares):.4f} of {len(shares)}")
    assert min(shares) >= 0.98
    assert np.median(shares) >= 0.995


def test_windows_draw_the_same_areas(case: Case) -> None:
    """Some fifty windows instead of one raster of 442,000 cells."""
    drawing = Drawing(
        RasterFrame.over(shapely.buffer(case.network.extent, MAX_SNAP_M + CELL_M), cell_m=CELL_M),
        case.network,
        case.graph,
        joined=case.network,
        access_speed_m_s=Fraction(1),
        max_snap_m=MAX_SNAP_M,
        window_cells=50_000,
    )
    drawn = dict(drawing.each(case.sites, [int(CUTOFF_S * 1000)]))
    assert drawn.keys() == case.areas.keys()
    apart = [
        area.symmetric_difference(drawn[k][0]).area / area.area for k, area in case.areas.items()
    ]
    assert max(apart) < 1e-9


def test_reached_parts_are_the_truth_of_their_times(case: Case) -> None:
    rng = np.random.default_rng(15)
    for k in range(0, len(case.sites), 10):
        found = case.reached(k)
        near = np.unique(np.r_[found.edge, rng.integers(0, len(case.network.u), 500)])
        edge = np.repeat(near, 20)
        share = rng.random(len(edge))
        seconds = case.truth.seconds_at(k, edge, share)
        # Two parts of an edge at most, or three with the site's own: look into each.
        inside = np.zeros(len(edge), bool)
        order = np.searchsorted(found.edge, edge)
        for step in range(3):
            part = np.minimum(order + step, len(found.edge) - 1)
            within = (found.start[part] <= share) & (share <= found.end[part])
            inside |= (found.edge[part] == edge) & within
        clear = np.abs(seconds - CUTOFF_S) > 0.02  # each edge is rounded to the millisecond
        assert (inside == (seconds <= CUTOFF_S))[clear].all()


def test_reached_streets_are_inside_up_to_one_cell(case: Case) -> None:
    """
    Bridges and tunnels apart: nobody joins there.

    What lies beyond is the last second or two of a way, where all homes of the rule together
    cover less than a cell: such specks are not drawn.
    """
    length_m = 0.0
    for k, area in case.areas.items():
        found = case.reached(k)
        lines = case.lines(found.edge, found.start, found.end)[case.network.snappable[found.edge]]
        length_m += shapely.length(lines).sum()
        missed = shapely.difference(lines, area.buffer(CELL_M))
        missed = missed[~shapely.is_empty(missed)]
        if len(missed):
            x, y, seconds = case.truth.points(k)
            homes = np.asarray(shapely.points(x[seconds <= CUTOFF_S], y[seconds <= CUTOFF_S]))
            counts = np.bincount(
                shapely.STRtree(homes).query(missed, "dwithin", distance=CELL_M)[0],
                minlength=len(missed),
            )
            assert (counts * TRUTH_M**2 < CELL_M**2).all()
            assert shapely.length(missed).max() < 5
    assert length_m > 2e6


def test_no_unreached_street_is_inside_beyond_one_cell(case: Case) -> None:
    """Streets that nobody joins apart: bridges and tunnels, and ways that hang on nothing."""
    tree = shapely.STRtree(case.network.lines)
    for k, area in case.areas.items():
        inner = area.buffer(-CELL_M)
        shapely.prepare(inner)
        near = tree.query(inner, "intersects")
        near = near[case.network.snappable[near]]
        found = case.reached(k)
        of_edge = found.edge.searchsorted(near), found.edge.searchsorted(near, "right")
        gaps = [
            (edge, start, end)
            for edge, low, high in zip(near, *of_edge, strict=True)
            for start, end in zip(
                np.r_[0.0, found.end[low:high]], np.r_[found.start[low:high], 1.0], strict=True
            )
            if end > start
        ]
        if gaps:
            edge, start, end = map(np.array, zip(*gaps, strict=True))
            lines = case.lines(edge, start, end)
            assert shapely.length(shapely.intersection(lines, inner)).max() == 0
