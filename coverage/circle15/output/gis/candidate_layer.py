"""The layer `candidates` of `results.gpkg`: what every candidate for a new site would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.results.siting.candidate_gains import candidate_gains
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.results.records import StudyResult

TEXTS = (
    "question",
    c.CATEGORY,
    c.CANDIDATE_ID,
    c.NAME,
    c.STREET_ID,
    c.COMMUNITY_ID,
)
NUMBERS = (c.FLOOR_AREA_M2, c.COST)
_PEOPLE = {"persons_reached": "reached", "persons_newly": "newly", "persons_unknown": "unknown"}


def candidate_columns(result: StudyResult) -> tuple[pd.DataFrame, dict[str, Any]]:
    """
    Return the candidates of all questions, and the columns that count.

    Returns
    -------
    The table of `candidate_gains`, and by name: `rank` (1 for the candidate of its question that
    alone would newly reach most people), `persons_reached` (within its circle), `persons_newly`
    (those in a gap today; with `backup` those with one site), `persons_unknown` (those whose state
    is unknown today), `proposed`, and `number` and `phase` (null if not proposed).
    """
    found = candidate_gains(result)
    proposed = found["number"].to_numpy() > 0
    columns: dict[str, Any] = {"rank": found["rank"].to_numpy()}
    columns |= {name: (found[key] / c.MICRO).to_numpy() for name, key in _PEOPLE.items()}
    columns["proposed"] = proposed
    for key in ("number", "phase"):
        columns[key] = pd.arrays.IntegerArray(found[key].to_numpy(np.int64), ~proposed)
    return found, columns
