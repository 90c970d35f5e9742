"""Measures of equity for values of a caller."""

from __future__ import annotations

from typing import cast, get_args

import numpy as np
import pandas as pd

from circle15.access.equity import Worse, equity_of
from circle15.errors import InputDataError
from circle15.inputs.frames import numbers_of, people_of, require_once, require_word
from circle15.results.summary.supply import equity_numbers
from circle15.study.vocabulary import columns as c


def equity(
    values: pd.Series, persons: pd.Series, *, worse: Worse = "low", by: pd.Series | None = None
) -> dict[str, float | list[float] | None]:
    """
    Measure how evenly values are spread over people.

    Parameters
    ----------
    values
        Supply per person, minutes, or 1 for covered and 0 for not; not negative, null means
        unknown. The index must be unique.
    persons
        People of each home, with the same index: 0 or more, never null.
    worse
        Whether people with `low` values (supply) or with `high` values (minutes) are worse off.
    by
        Subdistrict of each home, with the same index, for `spread`; nulls are left out.

    Returns
    -------
    `persons` whose value is known and `persons_unknown`; `mean`, `least` (minimum) and `greatest`
    (maximum); `gini` (0: all equal, to 1; None if all people have nothing); `lorenz` (share of the
    total of the 0, 10, … 100 % of people with the lowest values); `coefficient_of_variation`;
    `palma` (total of the 10 % with the highest values ÷ total of the 40 % with the lowest);
    `decile_ratio` (mean of the 10 % with the highest values ÷ mean of the 10 % with the lowest);
    `worst_tenth` (mean of the 10 % worst off); `spread` (highest minus lowest mean of a
    subdistrict). Undefined measures are None.

    Raises
    ------
    InputDataError
        If a value is negative, infinite or not a number, people are negative or missing, or an
        index differs or has a label twice.

    Examples
    --------
    >>> import circle15 as c15
    >>> import pandas as pd
    >>> found = c15.equity(pd.Series([10.0, 20, 30, 40]), pd.Series([1, 1, 1, 1]))
    >>> found["gini"], found["decile_ratio"], round(found["palma"], 4)
    (0.25, 4.0, 0.7273)
    >>> c15.equity(pd.Series([0.0, 0.0]), pd.Series([5, 5]))["gini"] is None
    True
    """
    require_word("worse", worse, get_args(Worse))
    for name, series in (("values", values), ("persons", persons), ("by", by)):
        if series is None:
            continue
        once = "Call reset_index(drop=True), or drop the doubles."
        require_once(list(series.index), name, once)
        if len(series) != len(values) or not series.index.isin(values.index).all():
            mend = "Use the same index."
            raise InputDataError("has a different index from values.", file=name, mend=mend)
    x = numbers_of(values, "values", "Give numbers of 0 or more, and null where unknown.")
    people = people_of(
        pd.DataFrame({c.PERSONS: persons.reindex(values.index)}), c.PERSONS, "persons"
    )
    zone = None
    if by is not None:
        zone = pd.factorize(by.reindex(values.index))[0].astype(np.int64)
    found = equity_numbers(equity_of(x, people, worse=worse, zone=zone))
    return cast("dict[str, float | list[float] | None]", found)
