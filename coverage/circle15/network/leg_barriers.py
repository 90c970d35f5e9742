"""Find the barriers that a straight leg crosses; touching is not crossing, openings are free."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types of the compiled functions.

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import shapely

from circle15.network.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Bools, Floats, Ints


TOUCH_M: Final = 0.001
"""A leg that extends at most this far beyond a barrier touches it and does not cross it."""
ASIDE_M: Final = 0.0005
"""A barrier is crossed if parallels of the leg at this distance to the left and right cross it.

Positions are known to a millimetre. The end of a wall that only touches a leg meets one of the
two parallels; a corner of a wall that a leg passes through meets both.
"""
OPENING_M: Final = 1.0
"""A gate, or a node that a barrier shares with a street, is open to legs this near to it."""


class WithBarriers(Protocol):
    """The barriers of a network; see `WalkNetwork`."""

    @property
    def barriers(self) -> npt.NDArray[np.object_]:
        """Lines of the barriers."""

    @property
    def seen_barriers(self) -> Bools:
        """Barriers that legs take into account."""

    @property
    def openings(self) -> Floats:
        """Positions at which barriers are open, metres, shape (n, 2)."""


class WithEdges(WithBarriers, Protocol):
    """The edges of a network, with its barriers; see `WalkNetwork`."""

    @property
    def x_m(self) -> Floats:
        """Eastings of the nodes, metres."""

    @property
    def y_m(self) -> Floats:
        """Northings of the nodes, metres."""

    @property
    def u(self) -> Ints:
        """First node of each edge."""

    @property
    def v(self) -> Ints:
        """Last node of each edge."""

    @property
    def snappable(self) -> Bools:
        """Edges that take snaps."""

    @property
    def passable_barriers(self) -> Bools:
        """Barriers that a leg may pass where every other leg is stopped."""


def straight_pieces(network: WithBarriers) -> tuple[Floats, Ints]:
    """
    Return the ends of the straight pieces of barriers as x, y, x, y, and the barrier of each.

    Pieces are shortened at openings, and omitted where nothing remains.
    """
    parts, barrier = shapely.get_parts(network.barriers, return_index=True)
    points, owner = shapely.get_coordinates(parts, return_index=True)
    same = owner[1:] == owner[:-1]
    a, b = points[:-1][same], points[1:][same]
    barrier = barrier[owner[1:][same]]
    is_open = np.isin(_millimetres(points), _millimetres(network.openings))
    length_m = np.hypot(*(b - a).T)
    step = (b - a) * np.divide(
        OPENING_M, length_m, out=np.zeros_like(length_m), where=length_m > 0
    )[:, None]
    first, last = is_open[:-1][same], is_open[1:][same]
    walls = np.column_stack([a + step * first[:, None], b - step * last[:, None]])
    seen = network.seen_barriers[barrier] & (
        length_m > OPENING_M * (first.astype(float) + last.astype(float))
    )
    return walls[seen], barrier[seen]


def _millimetres(points: Floats) -> npt.NDArray[np.complex128]:
    """Return positions in whole millimetres, one complex number each."""
    whole = np.rint(points * 1000)
    return whole[:, 0] + 1j * whole[:, 1]


@compiled
def crossed(px, py, qx, qy, barriers, any_hard):
    """
    Find the first impassable and the first passable piece of a barrier that a leg crosses.

    Each is -1 where there is none. With `any_hard` it ends at any impassable one. The third number
    is how many pieces were compared.
    """
    walls, passable, pointer, items, beyond, west, south, cell, rows, columns = barriers
    length = np.hypot(qx - px, qy - py)
    best = np.full(2, -1, np.int64)
    compared = np.int64(0)
    if length <= 2 * TOUCH_M:
        return best[0], best[1], compared
    ux, uy = (qx - px) / length, (qy - py) / length
    ax, ay = px + ux * TOUCH_M, py + uy * TOUCH_M
    bx, by = qx - ux * TOUCH_M, qy - uy * TOUCH_M
    sx, sy = -uy * ASIDE_M, ux * ASIDE_M
    # By kind (0 impassable, 1 passable): where the first piece meets the leg, and whether
    # any piece meets the parallel on either side.
    first = np.full(2, np.inf)
    left, right = np.zeros(2, np.bool_), np.zeros(2, np.bool_)
    west_q, east_q = int((min(px, qx) - west) // cell) - 1, int((max(px, qx) - west) // cell) + 1
    low_r, high_r = int((min(py, qy) - south) // cell) - 1, int((max(py, qy) - south) // cell) + 1
    outside = west_q < 0 or low_r < 0 or east_q >= columns or high_r >= rows
    west_q, east_q = max(west_q, 0), min(east_q, columns - 1)
    low_r, high_r = max(low_r, 0), min(high_r, rows - 1)
    for r in range(low_r, high_r + 2):
        if r <= high_r:
            if west_q > east_q:
                continue
            start, stop = pointer[r * columns + west_q], pointer[r * columns + east_q + 1]
        else:  # last the pieces outside the grid
            start, stop = 0, len(beyond) if outside else 0
        compared += stop - start
        for k in range(start, stop):
            w = items[k] if r <= high_r else beyond[k]
            cx, cy, dx, dy = walls[w, 0], walls[w, 1], walls[w, 2], walls[w, 3]
            # A millimetre of margin, which includes the parallels of the leg.
            if max(cx, dx) < min(px, qx) - 1e-3 or min(cx, dx) > max(px, qx) + 1e-3:
                continue
            if max(cy, dy) < min(py, qy) - 1e-3 or min(cy, dy) > max(py, qy) + 1e-3:
                continue
            kind = 1 if passable[w] else 0
            on_left = _meet(ax + sx, ay + sy, bx + sx, by + sy, cx, cy, dx, dy)
            on_right = _meet(ax - sx, ay - sy, bx - sx, by - sy, cx, cy, dx, dy)
            left[kind] |= on_left >= 0
            right[kind] |= on_right >= 0
            along = on_left if on_left >= 0 else on_right
            if along >= 0 and (along < first[kind] or (along == first[kind] and w < best[kind])):
                first[kind], best[kind] = along, w
            if any_hard and left[0] and right[0]:
                return best[0], np.int64(-1), compared - (stop - 1 - k)
    hard = best[0] if left[0] and right[0] else -1
    return hard, best[1] if left[1] and right[1] else -1, compared


@compiled
def _meet(ax, ay, bx, by, cx, cy, dx, dy):
    """Return the share of a–b at which it meets c–d; -1 where it does not."""
    rx, ry, wx, wy = bx - ax, by - ay, dx - cx, dy - cy
    turn = rx * wy - ry * wx
    if turn == 0.0:
        return -1.0
    along = ((cx - ax) * wy - (cy - ay) * wx) / turn
    across = ((cx - ax) * ry - (cy - ay) * rx) / turn
    return along if 0.0 <= along <= 1.0 and 0.0 <= across <= 1.0 else -1.0
