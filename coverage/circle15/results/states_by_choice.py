"""The state of every home by what can be asked for: a category, or the whole circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.states import STATE_WORDS, all_of
from circle15.study import columns as c
from circle15.study.scopes import ALL

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.results.records import StudyResult

    Codes = npt.NDArray[np.int8]

NOT_JUDGED = -1


def states_by_choice(
    result: StudyResult, table: pd.DataFrame | None = None
) -> dict[tuple[str, int], Codes]:
    """
    State of every demand point at the judged speed, by choice and cutoff.

    Parameters
    ----------
    table
        Rows of the coverage of people who walk alike; without it those of the slowest.

    Returns
    -------
    Codes of `State`, a row per demand point of the study, -1 where a point was not judged.
    """
    table = result.drawn_coverage if table is None else table
    found: dict[tuple[str, int], Codes] = {}
    if len(table):
        row = result.homes_of(table)
        state = pd.Categorical(table[c.STATE], categories=list(STATE_WORDS)).codes
        for key, where in result.blocks_of(table).items():
            codes = np.full(len(result.demand), NOT_JUDGED, np.int8)
            codes[row[where]] = state[where]
            found[key] = codes
    required = result.study.circle.require
    for cutoff in result.study.walk.cutoffs_min:
        parts = [found[key, cutoff] for key in required if (key, cutoff) in found]
        if parts and len(parts) == len(required):
            judged = np.min(parts, axis=0) != NOT_JUDGED
            found[ALL, cutoff] = np.where(judged, all_of(parts), NOT_JUDGED).astype(np.int8)
    return found
