"""Mark sites that are probably duplicates, which count once and are reported."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from circle15.arrays import Floats, Ints

DUPLICATE_M: Final = 20.0
"""Sites of one category and name within this distance are probably one site."""

_CELL_M: Final = 2 * DUPLICATE_M
"""Cells wider than the distance, so that nearness is decided by our own rounding alone."""


def mark_duplicates(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """
    Mark sites of one category and name within 20 m, so that only one of them counts.

    Returns
    -------
    The sites, in which each duplicate is not open and has the id of the counted one in
    `duplicate_of`; and a finding for each duplicate.
    """
    original_of: dict[int, str] = {}
    findings: list[Finding] = []
    named = frame.assign(
        _name=[normalise(name) for name in frame[c.NAME]],
        _place=np.arange(len(frame)),
        # The most complete site counts: open, with a floor area, then first by id.
        _less=~frame[c.OPEN].astype(bool),
        _bare=frame[c.FLOOR_AREA_M2].isna(),
    )
    placed = named[named[c.X_M].notna() & (named["_name"] != "")]
    placed = placed[placed.duplicated([c.CATEGORY, "_name"], keep=False)]
    ranked = placed.sort_values([c.CATEGORY, "_name", "_less", "_bare", c.FACILITY_ID])
    place = ranked["_place"].to_numpy(np.int64)
    xy = ranked[[c.X_M, c.Y_M]].to_numpy(np.float64)
    ids, files, rows, areas = (
        frame[name].to_numpy(object) for name in (c.FACILITY_ID, "file", "row", c.FLOOR_AREA_M2)
    )
    for start, end in stretches(ranked[[c.CATEGORY, "_name"]]):
        first = first_near(xy[start:end])
        for k in np.flatnonzero(first != np.arange(end - start)).tolist():
            at = place[start + k]
            original = ids[place[start + first[k]]]
            original_of[ranked.index[start + k]] = original
            area = areas[at]
            findings.append(
                Finding(
                    "PROBABLE_DUPLICATE",
                    "warning",
                    files[at],
                    int(rows[at]),
                    floor_area_m2=area if isinstance(area, Decimal) else None,
                    detail={"facility_id": ids[at], "original": original},
                )
            )
    marked = frame.copy()
    marked.loc[list(original_of), c.DUPLICATE_OF] = list(original_of.values())
    marked.loc[marked[c.DUPLICATE_OF].notna(), [c.OPEN, c.OPEN_AT_PLAN]] = False
    return marked, findings


def stretches(sorted_by: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each stretch of rows that are equal in all columns."""
    # The first row differs from what stands before it, which is missing.
    new = (sorted_by != sorted_by.shift()).any(axis=1).to_numpy(np.bool_)
    yield from pairwise([*np.flatnonzero(new).tolist(), len(new)])


class PlacesApart:
    """Numbered places more than 20 m apart, in cells, so that those near a place are few."""

    def __init__(self) -> None:
        self._cells: dict[tuple[float, float], list[tuple[int, float, float]]] = {}

    def add(self, x: float, y: float, number: int) -> None:
        """Add a place."""
        self._cells.setdefault((x // _CELL_M, y // _CELL_M), []).append((number, x, y))

    def near(self, x: float, y: float) -> int | None:
        """Return the lowest number of a place within 20 m; None if there is none."""
        column, row = x // _CELL_M, y // _CELL_M
        around = product((column - 1, column, column + 1), (row - 1, row, row + 1))
        near = [one for cell in around for one in self._cells.get(cell, ())]
        return min(
            (k for k, x0, y0 in near if np.hypot(x0 - x, y0 - y) <= DUPLICATE_M), default=None
        )


def first_near(xy: Floats) -> Ints:
    """
    Group points around first ones, in their order; the time is in proportion to their number.

    A point is a first one unless it lies within 20 m of an earlier first one. First ones lie apart,
    so that a cell holds only a few of them, however many points it holds.

    Parameters
    ----------
    xy
        Positions, metres, shape (n, 2), none missing.

    Returns
    -------
    For each point the earliest first one within 20 m, which is the point itself for a first one.
    """
    first = np.arange(len(xy))
    firsts = PlacesApart()
    known: dict[tuple[float, float], int] = {}
    for k, (x, y) in enumerate(xy.tolist()):
        if (x, y) in known:  # a later first one does not change the earliest one near a place
            first[k] = known[x, y]
            continue
        near = firsts.near(x, y)
        if near is None:
            firsts.add(x, y, k)
        else:
            first[k] = near
        known[x, y] = int(first[k])
    return first
