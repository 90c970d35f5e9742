"""Mark sites that are probably duplicates, which count once and are reported."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

DUPLICATE_M: Final = 20.0
"""Sites of one category and name within this distance are probably one site."""


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
    named = frame.assign(_name=[normalise(name) for name in frame[c.NAME]])
    placed = named[named[c.X_M].notna() & (named["_name"] != "")]
    placed = placed[placed.duplicated([c.CATEGORY, "_name"], keep=False)]
    for _, group in placed.groupby([c.CATEGORY, "_name"], sort=True):
        # The most complete site counts: open, with a floor area, then first by id.
        ranked = group.assign(
            _less=~group[c.OPEN].astype(bool), _bare=group[c.FLOOR_AREA_M2].isna()
        )
        ranked = ranked.sort_values(["_less", "_bare", c.FACILITY_ID])
        x, y = ranked[c.X_M].to_numpy(), ranked[c.Y_M].to_numpy()
        stands: dict[int, str] = {}
        for place in range(1, len(ranked)):
            apart_m = np.hypot(x[:place] - x[place], y[:place] - y[place])
            earlier = [k for k in np.flatnonzero(apart_m <= DUPLICATE_M) if k not in stands]
            if earlier:
                stands[place] = ranked[c.FACILITY_ID].iloc[earlier[0]]
        for place, original in stands.items():
            index = ranked.index[place]
            original_of[index] = original
            area = frame.loc[index, c.FLOOR_AREA_M2]
            findings.append(
                Finding(
                    "PROBABLE_DUPLICATE",
                    "warning",
                    frame.loc[index, "file"],
                    int(frame.loc[index, "row"]),
                    floor_area_m2=area if isinstance(area, Decimal) else None,
                    detail={"facility_id": frame.loc[index, c.FACILITY_ID], "original": original},
                )
            )
    marked = frame.copy()
    marked.loc[list(original_of), c.DUPLICATE_OF] = list(original_of.values())
    marked.loc[marked[c.DUPLICATE_OF].notna(), [c.OPEN, c.OPEN_AT_PLAN]] = False
    return marked, findings
