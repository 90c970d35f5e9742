"""The coverage table: a row for every demand point, category, speed and cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.states import REASON_WORDS, STATE_WORDS
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from circle15.access.judged_people import JudgedPeople
    from circle15.arrays import Codes, Ints

    Words = npt.NDArray[np.object_]


def coverage_blocks(
    judged: JudgedPeople, demand_ids: Words, facility_ids: Words, *, alike: bool
) -> Iterator[pd.DataFrame]:
    """
    Convert the judged arrays to tables, one for each way of walking, category and cutoff.

    One after the other they are the table that `StudyResult.coverage` describes.

    Parameters
    ----------
    judged
        Times, states and reasons of the judged demand points, as codes.
    demand_ids, facility_ids
        Ids of all rows of the demand table and of the facility table.
    alike
        Whether all people walk at the same speed; the table then has no `group` and no `factor`.

    Yields
    ------
    Text columns are categorical, with the same words in all tables; times `Int64` milliseconds.
    """
    n = len(judged.rows)
    demand = _words(np.arange(n), demand_ids[judged.rows])
    site_words = sorted(set(facility_ids))
    number = {word: k for k, word in enumerate(site_words)}
    site_code = np.array([*(number[s] for s in facility_ids), -1], np.int64)
    names = [name for name in dict.fromkeys(one.name for one in judged.walks) if name]
    for walk in judged.walks:
        own: dict[str, object] = {}
        if not alike:
            code = names.index(walk.name) if walk.name else -1
            own[c.GROUP] = _words(np.full(n, code), names)
            own[c.FACTOR] = np.full(n, float(walk.factor))
        categories = list(walk.categories)
        for place, found in enumerate(walk.categories.values()):
            time = pd.array(np.maximum(found.time_ms, 0), dtype="Int64")
            time[found.time_ms < 0] = pd.NA
            for cutoff, state in found.states.items():
                block = {
                    c.DEMAND_ID: demand,
                    c.CATEGORY: _words(np.full(n, place), categories),
                    **own,
                    c.SPEED_M_S: np.full(n, float(walk.speed_m_s)),
                    c.TIME_MS: time,
                    c.FACILITY_ID: _words(site_code[found.facility], site_words),
                    c.CUTOFF_MIN: np.full(n, cutoff, np.int32),
                    c.STATE: _words(state, STATE_WORDS),
                    c.UNKNOWN_REASON: _words(found.reasons[cutoff], REASON_WORDS),
                }
                yield pd.DataFrame(block)


def coverage_table(blocks: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Join `coverage_blocks` to one table; empty without judged points."""
    every = list(blocks)
    return pd.concat(every, ignore_index=True) if every else pd.DataFrame()


def _words(codes: Ints | Codes, values: Sequence[str] | Words) -> pd.Categorical:
    """Return a categorical column from codes and their values; code -1 is null."""
    return pd.Categorical.from_codes(codes, pd.Index(list(values)))
