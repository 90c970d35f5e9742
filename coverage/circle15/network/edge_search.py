"""Search an index grid of edges for the edges near a point; see `edge_grid`."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types of the compiled functions.

from __future__ import annotations

from typing import Final

import numpy as np

from circle15.network.compiled import compiled
from circle15.network.leg_barriers import crossed

PARTS: Final = 4
"""The index of barriers has this many cells along a side of a cell of the edges."""
SORTING: Final = 16
"""To sort an edge by its distance takes as long as this many comparisons."""


@compiled
def _place(px, py, x0, y0, x1, y1):
    """Return fraction, point and distance on a piece, as `snapping.place_on_edges` does."""
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy
    f = 0.0
    if square > 0:
        f = ((px - x0) * dx + (py - y0) * dy) / square
        f = min(max(f, 0.0), 1.0)
    qx, qy = x0 + f * dx, y0 + f * dy
    if f == 1.0:
        qx, qy = x1, y1
    ex, ey = px - qx, py - qy
    return f, qx, qy, np.sqrt(ex * ex + ey * ey)


@compiled
def nearest_edges(
    x_m, y_m, node_x, node_y, u, v, pointer, edges, barrier, west, south, cell, rows, columns,
    limit, edge, fraction, distance, doubtful, most,
):  # fmt: skip
    """
    Search the cells around each point in rings, until none farther can hold a nearer edge.

    Returns how often a point was compared with an edge; it ends beyond `most`.
    """
    compared = np.int64(0)
    for i in range(len(x_m)):
        px, py = x_m[i], y_m[i]
        if not (np.isfinite(px) and np.isfinite(py)):
            continue
        column, row = int((px - west) // cell), int((py - south) // cell)
        # From the point to the nearest side of its own cell; every ring adds one cell to it.
        inner = min(
            px - west - column * cell,
            (column + 1) * cell - (px - west),
            py - south - row * cell,
            (row + 1) * cell - (py - south),
        )
        best, best_f, best_x, best_y = limit, 0.0, px, py
        found = np.int64(-1)
        # A point outside of the index begins with the first ring that meets a cell.
        ring = max(0, -column, column - columns + 1, -row, row - rows + 1)
        while (ring - 1) * cell + inner <= best:
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring else max(2 * ring, 1)
                for q in range(column - ring, column + ring + 1, step):
                    if q < 0 or q >= columns:
                        continue
                    compared += pointer[r * columns + q + 1] - pointer[r * columns + q]
                    for k in range(pointer[r * columns + q], pointer[r * columns + q + 1]):
                        e = edges[k]
                        a, b = u[e], v[e]
                        f, qx, qy, d = _place(px, py, node_x[a], node_y[a], node_x[b], node_y[b])
                        if d < best or (d == best and (found < 0 or e < found)):
                            best, best_f, best_x, best_y, found = d, f, qx, qy, e
            ring += 1
        if found >= 0:
            edge[i], fraction[i], distance[i] = found, best_f, best
            doubtful[i] = _passes(
                px - west, py - south, best_x - west, best_y - south,
                cell / PARTS, rows * PARTS, columns * PARTS, barrier,
            )  # fmt: skip
        if compared > most:
            break
    return compared


@compiled
def edges_of_lower_rank(
    x_m, y_m, own, rank, node_x, node_y, u, v, pointer, by_rank, west, south, cell, rows, columns,
    limit, edge, fraction, distance,
):  # fmt: skip
    """Search as `_nearest` does, in each cell only the edges of a lower rank than the point's."""
    for i in range(len(x_m)):
        px, py = x_m[i], y_m[i]
        column, row = int((px - west) // cell), int((py - south) // cell)
        inner = min(
            px - west - column * cell,
            (column + 1) * cell - (px - west),
            py - south - row * cell,
            (row + 1) * cell - (py - south),
        )
        best, best_f = limit, 0.0
        found = np.int64(-1)
        ring = 0
        while (ring - 1) * cell + inner <= best:
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring else max(2 * ring, 1)
                for q in range(column - ring, column + ring + 1, step):
                    if q < 0 or q >= columns:
                        continue
                    for k in range(pointer[r * columns + q], pointer[r * columns + q + 1]):
                        e = by_rank[k]
                        if rank[e] >= own[i]:
                            break
                        a, b = u[e], v[e]
                        f, _, _, d = _place(px, py, node_x[a], node_y[a], node_x[b], node_y[b])
                        if d < best or (d == best and (found < 0 or e < found)):
                            best, best_f, found = d, f, e
            ring += 1
        if found >= 0:
            edge[i], fraction[i], distance[i] = found, best_f, best


@compiled
def _passes(x0, y0, x1, y1, cell, rows, columns, barrier):
    """
    Return whether the box of a straight leg holds a cell with a barrier.

    The box is one cell larger on every side, as a leg may touch a barrier in the next cell. A leg
    that begins outside the grid may touch a barrier that is not indexed, which counts as one.
    """
    left, right = int(min(x0, x1) // cell) - 1, int(max(x0, x1) // cell) + 1
    low, high = int(min(y0, y1) // cell) - 1, int(max(y0, y1) // cell) + 1
    if left < 0 or low < 0 or right >= columns or high >= rows:
        return True
    for r in range(low, high + 1):
        for q in range(left, right + 1):
            if barrier[r * columns + q]:
                return True
    return False


@compiled
def _by_distance(px, py, streets, pointer, edges, frame, limit):
    """
    Return the edges within a distance of a point, the nearest first, and how many were placed.

    An edge may be there several times, one after the other: once for each of its cells.
    """
    node_x, node_y, u, v = streets
    west, south, cell, rows, columns = frame
    reach = int(limit // cell) + 1
    column, row = int((px - west) // cell), int((py - south) // cell)
    low_r, high_r = max(row - reach, 0), min(row + reach, rows - 1)
    low_q, high_q = max(column - reach, 0), min(column + reach, columns - 1)
    many = 0
    for r in range(low_r, high_r + 1):
        if low_q <= high_q:
            many += pointer[r * columns + high_q + 1] - pointer[r * columns + low_q]
    near = np.empty(many, np.int64)
    apart = np.empty(many)
    found = 0
    for r in range(low_r, high_r + 1):
        for k in range(pointer[r * columns + low_q], pointer[r * columns + high_q + 1]):
            e = edges[k]
            a, b = u[e], v[e]
            d = _place(px, py, node_x[a], node_y[a], node_x[b], node_y[b])[3]
            if d <= limit:
                near[found], apart[found] = e, d
                found += 1
    by_number = np.argsort(near[:found])
    order = by_number[np.argsort(apart[:found][by_number], kind="mergesort")]
    return near[:found][order], many


@compiled
def first_free_edges(
    x_m, y_m, streets, pointer, edges, barriers, limit, nearest, edge, fraction, distance, barrier,
    most,
):  # fmt: skip
    """
    Try the edges around each point by distance, then index, until a leg crosses no barrier.

    Returns how often a leg was compared with a street or barrier; it ends beyond `most`.
    """
    compared = np.int64(0)
    node_x, node_y, u, v = streets
    frame = barriers[5:]
    for i in range(len(x_m)):
        px, py = x_m[i], y_m[i]
        a, b = u[nearest[i]], v[nearest[i]]
        f, qx, qy, d = _place(px, py, node_x[a], node_y[a], node_x[b], node_y[b])
        hard, soft, steps = crossed(px, py, qx, qy, barriers, False)  # noqa: FBT003 - compiled
        compared += steps
        if compared > most:
            return compared
        if hard < 0 and soft < 0:
            edge[i], fraction[i], distance[i] = nearest[i], f, d
            continue
        barrier[i] = hard
        near, many = _by_distance(px, py, streets, pointer, edges, frame, limit)
        compared += SORTING * many
        before = -1
        for e in near:
            if e == before:
                continue  # the same edge, from another cell
            before = e
            a, b = u[e], v[e]
            f, qx, qy, d = _place(px, py, node_x[a], node_y[a], node_x[b], node_y[b])
            hard, soft, steps = crossed(px, py, qx, qy, barriers, True)  # noqa: FBT003 - compiled
            compared += steps
            if compared > most:
                return compared
            if hard >= 0:
                continue
            if soft < 0:
                edge[i], fraction[i], distance[i], barrier[i] = e, f, d, -1
                break
            if edge[i] < 0:  # the nearest behind passable barriers only
                edge[i], fraction[i], distance[i], barrier[i] = e, f, d, soft
    return compared
