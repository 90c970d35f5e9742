"""Which categories of sites, and which sites, are the same in a study and in a scenario of it."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class SiteChanges:
    """
    How the open sites of a category differ from those of another list.

    A site stays if its id, the places where it is reached, and whether its position is sure stay.

    Attributes
    ----------
    row : int64, shape (rows of the other list + 1,)
        Row of each site that stays, by its row in the other list; -1 for all others and, at the
        end, for no site. Sites that stay keep their order, which is that of their ids.
    added
        Rows of the open sites that are new, opened, moved, or otherwise known.
    gone
        Rows of the other list of the sites that it has instead.
    """

    row: Ints
    added: Ints
    gone: Ints


def site_changes(sites: Sites, base: Sites, category: str) -> SiteChanges | None:
    """Compare the open sites of a category; None where its list is complete elsewhere."""
    if category not in base.covers or category not in sites.covers:
        return None
    if not shapely.equals_exact(sites.covers[category], base.covers[category]):
        return None
    rows, before = (one.rows(category, sure=False) for one in (sites, base))
    own, other = _reached(sites, rows), _reached(base, before)
    row = np.full(len(base.table) + 1, -1, np.int64)
    for key, place in other.items():
        row[place] = own.get(key, -1)
    stays = np.isin(rows, row)
    return SiteChanges(row, rows[~stays], before[row[before] < 0])


def _reached(sites: Sites, rows: Ints) -> dict[tuple[object, ...], int]:
    """Return the row of each site by what makes it the same; sites of a category differ in id."""
    goals, owner = sites.goals(rows)
    ids, unsure = (sites.table[key].to_numpy(object) for key in (c.FACILITY_ID, c.POSITION_UNSURE))
    ends = np.searchsorted(owner, np.arange(len(rows) + 1)).tolist()
    found: dict[tuple[object, ...], int] = {}
    for k, row in enumerate(rows.tolist()):
        here = slice(ends[k], ends[k + 1])
        places = (goals.edge[here], goals.fraction[here], goals.access_mm[here])
        found[ids[row], bool(unsure[row]), *(one.tobytes() for one in places)] = row
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
