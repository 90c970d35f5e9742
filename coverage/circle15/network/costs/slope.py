"""
Slope of streets: heights of nodes, and the cost of climbing on foot.

Every node has one height, so a walk back to its start climbs as much as it descends. Heights are
those of the smoothed elevation model (`elevation.Dem.heights`): OSM cuts streets into pieces of a
few metres, cells are 30 m wide and off by metres, and a slope between raw cells would be noise,
which always costs time because the cost of a slope is convex. Long edges are sampled along their
length, as densely as the model has cells.

On bridges and in tunnels the model shows the ground below or above, so heights there are
interpolated linearly from abutment to abutment, over all ways of a bridge; the same is done across
small holes of the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from circle15.network.relief import Relief
from circle15.network.walk_network import node_components

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Bools, Floats, Ints


STEEPEST: Final = 0.35
"""Slopes are limited to this: the steepest street known (Baldwin Street, Dunedin) has 35 %."""

HOLE_M: Final = 1000.0
"""Streets in a hole of the model are interpolated if they total at most this; else flat."""

STEEP_OVER_M: Final = 10.0
"""Least length of a piece whose slope may be reported as the steepest."""

_FEW = 500
"""Up to this many equations are solved as a full matrix."""

_SHORTEST_M = 0.001
_MEASURED, _SPAN, _HOLE, _FLAT = range(4)


class Heights(Protocol):
    """A source of heights, such as `elevation.Dem`."""

    @property
    def spacing_m(self) -> float:
        """Spacing of samples along streets, metres."""

    def heights(self, x_m: Floats, y_m: Floats, crs: CRS) -> Floats:
        """Heights of points, metres; NaN where unknown."""


def slope_ratio(slope: Floats) -> Floats:
    """
    Return the flat-equivalent metres of a metre of sloping street.

    Tobler's hiking function f(s) = 6·exp(−3.5·|s + 0.05|) km/h (Tobler 1993), taken as the ratio
    f(0) / f(s), so that the walking speed is that on flat streets. It is least at −5 %.

    Parameters
    ----------
    slope
        Rise / run, signed in the direction of walking; limited to ±`STEEPEST`.

    Returns
    -------
    The ratio, rounded to 10⁻⁶ so that it is the same on every machine.

    Examples
    --------
    >>> slope_ratio(np.array([0.0, 0.10, -0.10, -0.05, 9.9])).tolist()
    [1.0, 1.419068, 1.0, 0.839457, 3.404166]
    """
    limited = np.clip(slope, -STEEPEST, STEEPEST).round(6)
    return np.exp(3.5 * (np.abs(limited + 0.05) - 0.05)).round(6)


def measure_relief(
    dem: Heights,
    crs: CRS,
    position: tuple[Floats, Floats],
    ends: tuple[Ints, Ints],
    length_m: Floats,
    *,
    spans: Bools,
    stairs: Bools,
) -> Relief:
    """
    Measure the slopes of a network.

    Parameters
    ----------
    position
        Nodes in `crs`.
    ends, length_m
        First and last node of each edge, and its length.
    spans
        Edges on bridges and in tunnels.
    stairs
        Stairs, which lead to a bridge but whose foot is not at the height of its deck.
    """
    x, y = position
    u, v = ends
    z = dem.heights(x, y, crs)
    z = _spanned(z, ends, length_m, spans, stairs)
    unknown = np.isnan(z)
    z = _filled(z, ends, length_m)
    edge, start, stop = _pieces(length_m, dem.spacing_m, spans | unknown[u] | unknown[v])
    inner = stop < 1.0
    sample = np.full(len(edge), np.nan)
    a, b, f = u[edge[inner]], v[edge[inner]], stop[inner]
    sample[inner] = dem.heights(x[a] + f * (x[b] - x[a]), y[a] + f * (y[b] - y[a]), crs)
    # Across a hole between two nodes of known height the street is interpolated linearly.
    holed = np.zeros(len(u), bool)
    holed[edge[inner][np.isnan(sample[inner])]] = True
    straight = z[u[edge]] + stop * (z[v[edge]] - z[u[edge]])
    top = np.where(inner & ~holed[edge], sample, straight)
    bottom = np.where(start > 0, np.r_[np.nan, top[:-1]], z[u[edge]])
    rise = (top - bottom).round(6)
    no_height = np.isnan(z[u]) | np.isnan(z[v])
    holes = unknown[u] | unknown[v] | holed
    sort = np.select([no_height, spans, holes], [_FLAT, _SPAN, _HOLE], _MEASURED)
    return _relief(z, rise, (edge, stop - start), length_m, sort, stairs=stairs)


def _relief(
    z: Floats,
    rise: Floats,
    pieces: tuple[Ints, Floats],
    length_m: Floats,
    sort: Ints,
    *,
    stairs: Bools,
) -> Relief:
    """Sum the pieces of each edge; `sort` is how an edge got its heights (`_MEASURED` …)."""
    edge, share = pieces
    rise = np.where(sort[edge] == _FLAT, 0.0, rise)
    metres = share * length_m[edge]
    slope = rise / np.maximum(metres, _SHORTEST_M)
    streets = (sort[edge] == _MEASURED) & ~stairs[edge] & (metres >= STEEP_OVER_M)

    def total(values: Floats) -> Floats:
        sums = np.bincount(edge, weights=values, minlength=len(length_m))
        return np.asarray(sums, np.float64).round(6)

    by_sort = np.bincount(sort, weights=length_m, minlength=4)
    return Relief(
        node_z_m=z,
        ratio_fwd=total(share * slope_ratio(slope)),
        ratio_bwd=total(share * slope_ratio(-slope)),
        ascent_m=total(np.maximum(rise, 0.0)),
        descent_m=total(np.maximum(-rise, 0.0)),
        measured_m=float(by_sort[_MEASURED]),
        spanned_m=float(by_sort[_SPAN]),
        filled_m=float(by_sort[_HOLE]),
        flat_m=float(by_sort[_FLAT]),
        steepest=float(np.abs(slope[streets]).max(initial=0.0).round(6)),
    )


def _pieces(length_m: Floats, spacing_m: float, whole: Bools) -> tuple[Ints, Floats, Floats]:
    """Cut edges into equal pieces; return the edge of each and its ends as shares (0–1) of it."""
    count = np.where(whole, 1, np.ceil(length_m / spacing_m - 1e-9)).astype(np.int64)
    count = np.maximum(count, 1)
    edge = np.repeat(np.arange(len(length_m)), count)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    return edge, number / count[edge], (number + 1) / count[edge]


def _spanned(
    z: Floats, ends: tuple[Ints, Ints], length_m: Floats, spans: Bools, stairs: Bools
) -> Floats:
    """
    Interpolate the heights of the nodes of bridges and tunnels between their abutments.

    Abutments are where a span meets ways other than stairs, or stairs if it meets nothing else.
    A span that meets nothing keeps the heights of the model.
    """
    if not spans.any():
        return z
    u, v = ends
    n = len(z)
    touched, by_way, by_stairs = (
        _touched(n, u[which], v[which]) for which in (spans, ~spans & ~stairs, ~spans & stairs)
    )
    part = node_components(n, u[spans], v[spans])
    has_way = np.zeros(n, bool)
    has_way[part[touched & by_way]] = True
    anchor = touched & np.where(has_way[part], by_way, by_stairs)
    has_anchor = np.zeros(n, bool)
    has_anchor[part[anchor]] = True
    free = touched & ~anchor & has_anchor[part]
    return _even(np.where(free, np.nan, z), free, (u[spans], v[spans]), length_m[spans])


def _touched(n: int, u: Ints, v: Ints) -> Bools:
    result = np.zeros(n, bool)
    result[u] = result[v] = True
    return result


def _filled(z: Floats, ends: tuple[Ints, Ints], length_m: Floats) -> Floats:
    """Interpolate nodes in small holes of the model between at least two known heights."""
    u, v = ends
    unknown = np.isnan(z)
    both = unknown[u] & unknown[v]
    one = unknown[u] ^ unknown[v]
    if not one.any():
        return z
    n = len(z)
    part = node_components(n, u[both], v[both])
    known_end = np.where(unknown[u], v, u)[one]
    hole = part[np.where(unknown[u], u, v)[one]]
    rims = np.bincount(np.unique(np.column_stack([hole, known_end]), axis=0)[:, 0], minlength=n)
    touching = np.r_[part[u[both]], hole]
    metres = np.bincount(touching, np.r_[length_m[both], length_m[one]], minlength=n)
    free = unknown & (rims[part] >= 2) & (metres[part] <= HOLE_M)
    return _even(z, free, ends, length_m)


def _even(z: Floats, free: Bools, ends: tuple[Ints, Ints], length_m: Floats) -> Floats:
    """
    Interpolate the heights of free nodes harmonically along the edges.

    Between two known nodes this is the straight line; where several meet, the height at which
    the slopes balance (Laplace's equation on the edges). Free nodes that are connected to no known
    one become NaN.
    """
    u, v = ends
    n = len(z)
    reach = free[u] | free[v]
    u, v, weight = u[reach], v[reach], 1.0 / np.maximum(length_m[reach], _SHORTEST_M)
    usable = free | np.isfinite(z)
    within = usable[u] & usable[v]
    u, v, weight = u[within], v[within], weight[within]
    part = node_components(n, u[free[u] & free[v]], v[free[u] & free[v]])
    led = np.zeros(n, bool)
    led[part[u[~free[v]]]] = led[part[v[~free[u]]]] = True
    wanted = free & led[part]
    result = np.where(free, np.nan, z)
    if not wanted.any():
        return result
    number = np.cumsum(wanted) - 1
    size = int(wanted.sum())
    a, b = np.r_[u, v], np.r_[v, u]
    weight = np.r_[weight, weight]
    mine = wanted[a]
    a, b, weight = a[mine], b[mine], weight[mine]
    inner = wanted[b]
    diagonal = np.bincount(number[a], weights=weight, minlength=size)
    known = np.bincount(number[a[~inner]], weights=(weight * z[b])[~inner], minlength=size)
    pairs = number[a[inner]], number[b[inner]]
    solution = _solved(diagonal.astype(float), pairs, -weight[inner], known.astype(float))
    result[wanted] = solution.round(6)
    return result


def _solved(diagonal: Floats, pairs: tuple[Ints, Ints], beside: Floats, right: Floats) -> Floats:
    """Solve the system whose matrix has a diagonal and off-diagonal entries (summed by pair)."""
    size = len(diagonal)
    if size <= _FEW:
        matrix = np.diag(diagonal)
        np.add.at(matrix, pairs, beside)
        return np.asarray(np.linalg.solve(matrix, right), np.float64)
    from scipy.sparse import csr_array  # slow to import, and only large bridges and holes need it
    from scipy.sparse.linalg import spsolve

    rows, columns = (np.r_[np.arange(size), side] for side in pairs)
    matrix = csr_array((np.r_[diagonal, beside], (rows, columns)), shape=(size, size))
    return np.asarray(spsolve(matrix.tocsc(), right), np.float64)
