"""Which categories of sites are the same in a study and in a scenario of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from circle15.access.joining.sites import Sites
    from circle15.arrays import Ints

_JUDGED: Final = (c.FACILITY_ID, c.X_M, c.Y_M, c.POSITION_UNSURE)
"""Columns of open sites that times and states depend on."""


def same_sites(sites: Sites, base: Sites, categories: Sequence[str]) -> Mapping[str, Ints]:
    """
    Find the categories whose open sites are in all that is judged those of another list.

    Returns
    -------
    By such a category, the row in `sites` of each row of `base`; its last entry, -1, is that of no
    site. Rows of other categories have no meaning there.
    """
    found = {}
    for category in categories:
        if category not in base.covers:
            continue
        rows, before = (one.rows(category, sure=False) for one in (sites, base))
        if not (
            shapely.equals_exact(sites.covers[category], base.covers[category])
            and _table(sites, rows).equals(_table(base, before))
            and _joined(sites, rows) == _joined(base, before)
            and _whereabouts(sites, rows) == _whereabouts(base, before)
        ):
            continue
        row = np.full(len(base.table) + 1, -1, np.int64)
        row[before] = rows
        found[category] = row
    return found


def _table(sites: Sites, rows: Ints) -> pd.DataFrame:
    return sites.table.iloc[rows][list(_JUDGED)].reset_index(drop=True)


def _joined(sites: Sites, rows: Ints) -> list[bytes]:
    """Return where sites are reached, joined to the streets or not."""
    goals, owner = sites.goals(rows)
    x_m, y_m, places = sites.places(rows)
    parts = [owner, x_m, y_m]
    for snaps in (goals, places):
        parts += [snaps.edge, snaps.fraction, snaps.access_mm]
    return [one.tobytes() for one in parts]


def _whereabouts(sites: Sites, rows: Ints) -> list[bytes | None]:
    """Return the areas in which sites without a position may be: None for anywhere."""
    shapes = [sites.whereabouts.get(int(row), b"") for row in rows]
    return [one if isinstance(one, bytes) or one is None else shapely.to_wkb(one) for one in shapes]
