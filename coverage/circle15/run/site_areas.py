"""The area from which each single facility is reached, drawn by the rule that counts people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.output.result import SiteAreas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.judging import Sites
    from circle15.travel.graph import Positions
    from circle15.travel.isochrones import Isochrones


def site_areas(
    drawing: Isochrones,
    sites: Sites,
    positions: Positions,
    categories: Sequence[str],
    limits_ms: Sequence[int],
) -> SiteAreas:
    """
    Draw the areas of every open facility of the judged categories.

    Several services of one site are drawn once: they join the streets at the same place.

    Parameters
    ----------
    positions
        Where each row of the facility table joins the streets.
    limits_ms
        The study's cutoffs, each inclusive.

    Returns
    -------
    Areas in the study CRS; a facility that has not joined the streets has none.
    """
    found = [sites.rows(category, sure=False) for category in categories]
    rows = np.concatenate(found) if found else np.zeros(0, np.int64)
    own = positions.take(rows)
    place = np.column_stack([own.edge, own.fraction, own.access_ms])
    _, first, same = np.unique(place, axis=0, return_index=True, return_inverse=True)
    # The drawing goes on beside the counting, which has the other processors.
    drawn = dict(drawing.each(own.take(first), limits_ms, threads=1))
    by_row = {
        int(row): int(one) for row, one in zip(rows, same.ravel(), strict=True) if one in drawn
    }
    return SiteAreas(by_row, {one: tuple(drawn[one]) for one in sorted(drawn)})
