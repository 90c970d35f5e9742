"""Shapes of a layer that meet, found some at a time; how many may lie over each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.near_boxes import slices_of
from circle15.study.limits import PIECES, SHAPE_PAIRS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.arrays import Ints
    from circle15.inputs.shapes import Shapes
    from circle15.study.database_tables import Source

_AT_ONCE: Final = 500_000
_OF_A_PAIR: Final = 20
"""Corners that take as long as whatever a pair needs besides its own."""
_PIECES_EACH: Final = 10
"""A shape may lie over so many zones, however many shapes there are."""
_NEAR_EACH: Final = 20
"""So often may each corner of a layer be looked at; with neighbours that only touch it is 8."""


def require_few_near(
    shapes: Shapes, what: str, file: Source | None, *, others: Shapes | None = None
) -> None:
    """
    Refuse a layer of which very many shapes lie over each other, or over those of another one.

    Parameters
    ----------
    shapes, others
        Geometries, shape (n,) and (m,); missing and empty ones lie nowhere. Without others each
        pair of the layer's own counts once.
    what
        What they are, such as `zones`, for the message.

    Raises
    ------
    InputDataError
        If the corners of all pairs whose boxes meet are more than the limit.
    """
    among = shapes if others is None else others
    sizes, of_others = _sizes(shapes), _sizes(among)
    every = int(sizes.sum()) + (0 if others is None else int(of_others.sum()))
    most = max(SHAPE_PAIRS.most, _NEAR_EACH * every)
    looked_at = 0
    for a, b in _own(shapes) if others is None else _near(shapes, others):
        looked_at += int((sizes[a] + of_others[b]).sum())
        if looked_at > most:
            limit = replace(SHAPE_PAIRS, most=most)
            raise limit.fault(f"has too many {what} over each other", file=file)


def require_few_pieces(shapes: Shapes, zones: Shapes, what: str, file: Source | None) -> None:
    """
    Refuse a layer of which very many shapes each lie over very many zones.

    Parameters
    ----------
    shapes, zones
        Geometries, shape (n,) and (m,); missing and empty ones lie nowhere.
    what
        What the shapes are, such as `polygons with people`, for the message.

    Raises
    ------
    InputDataError
        If the shapes, cut by the zones, could have more pieces than the limit.
    """
    most = max(PIECES.most, _PIECES_EACH * len(shapes))
    pieces = 0
    for a, _ in _near(shapes, zones):
        pieces += len(a)
        if pieces > most:
            found = f"has {what} over too many zones"
            raise replace(PIECES, most=most).fault(found, file=file)


def pairs_that_meet(shapes: Shapes) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of shapes that meet, the earlier one first, in order; each pair once."""
    for a, b in _own(shapes):
        met = np.asarray(shapely.intersects(shapes[a], shapes[b]), bool)
        yield a[met], b[met]


def _sizes(shapes: Shapes) -> Ints:
    return np.asarray(shapely.get_num_coordinates(shapes), np.int64) + _OF_A_PAIR


def _own(shapes: Shapes) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of shapes of one layer whose boxes meet, the earlier one first, in order."""
    for a, b in _near(shapes, shapes):
        once = np.flatnonzero(a < b)
        once = once[np.lexsort((b[once], a[once]))]
        yield a[once], b[once]


def _near(shapes: Shapes, others: Shapes) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of shapes of two layers whose boxes meet; the first ones rise by slices."""
    mine, theirs = _there(shapes), _there(others)
    if not (len(mine) and len(theirs)):
        return
    left, low, right, high = shapely.bounds(shapes[mine]).T
    among = tuple(shapely.bounds(others[theirs]).T)
    tree = shapely.STRtree(others[theirs])
    for rows in slices_of((left, low, right, high), among, _AT_ONCE):
        a, b = tree.query(shapely.box(left[rows], low[rows], right[rows], high[rows]))
        yield mine[a + rows.start], theirs[b]


def _there(shapes: Shapes) -> Ints:
    return np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
