"""The accessibility table: what every home has of each category within the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.access.assignment.classes import known_served
from circle15.access.states import STATE_WORDS
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.access.supply.records import CategoryAccess, HomesOfPart
    from circle15.arrays import Floats
    from circle15.results.records import StudyResult


def accessibility_table(result: StudyResult) -> pd.DataFrame:
    """
    List homes by category, and by way of walking where people walk differently.

    Returns
    -------
    `demand_id`, `category`, `group` (only where not all people walk alike; null: as `[walk]`
    states), `persons` of the judged group, `time_ms` to the nearest site (null beyond 60 min),
    `second_ms` to the second nearest within the circle (null where there is none), `state` in the
    circle, `supply_per_person` (null where it is unknown, or `[capacity]` does not name the
    category), `at_least` (a site of unknown supply is in reach) and `served` persons (null where it
    is unknown of any of them, and without `per_person`). Empty without homes or categories.
    """
    ids = result.demand[c.DEMAND_ID].to_numpy(dtype=object)[result.judged.rows]
    blocks = [
        _block(result, one, part, ids) for one in result.access for part in one.homes if len(ids)
    ]
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()


def served_of(result: StudyResult, one: CategoryAccess, part: HomesOfPart) -> Floats | None:
    """
    Return the persons served of each judged home, NaN where it is unknown; None without any.

    Parameters
    ----------
    one, part
        A category of the result, and people of one way of walking in it.
    """
    if part.served is None or part.unserved is None:
        return None
    states = result.judged.at_judged_speed(part.name)[one.category].states
    state = states[result.study.walk.circle_min]
    return known_served(state, part.persons, part.served, part.unserved)


def served_persons(result: StudyResult, one: CategoryAccess) -> Floats | None:
    """Return all persons served of each judged home, NaN where it is unknown; None without any."""
    served = [served_of(result, one, part) for part in one.homes]
    known = [persons for persons in served if persons is not None]
    return np.sum(known, axis=0) if known else None


def _block(
    result: StudyResult, one: CategoryAccess, part: HomesOfPart, ids: np.ndarray
) -> pd.DataFrame:
    n = len(ids)
    judged = result.judged.at_judged_speed(part.name)[one.category]
    state = judged.states[result.study.walk.circle_min]
    supply = np.full(n, np.nan) if part.supply_per_person is None else part.supply_per_person
    columns: dict[str, object] = {
        c.DEMAND_ID: ids,
        c.CATEGORY: pd.Categorical.from_codes(np.zeros(n, np.int8), pd.Index([one.category])),
    }
    if not result.study.walk.alike:
        columns[c.GROUP] = np.full(n, part.name or None, dtype=object)
    columns |= {
        c.PERSONS: part.persons / c.MICRO,
        c.TIME_MS: _or_null(judged.time_ms),
        c.SECOND_MS: _or_null(part.second_ms),
        c.STATE: pd.Categorical.from_codes(state, pd.Index(STATE_WORDS)),
        c.SUPPLY_PER_PERSON: pd.array(supply, dtype="Float64"),
        c.AT_LEAST: _flags(part, n),
        c.SERVED: pd.array(
            np.full(n, np.nan) if (served := served_of(result, one, part)) is None else served,
            dtype="Float64",
        ),
    }
    return pd.DataFrame(columns)


def _or_null(ms: np.ndarray) -> Any:
    found = pd.array(np.maximum(ms, 0), dtype="Int64")
    found[ms < 0] = pd.NA
    return found


def _flags(part: HomesOfPart, n: int) -> Any:
    given = [None] * n if part.at_least is None else part.at_least
    return pd.array(given, dtype="boolean")
