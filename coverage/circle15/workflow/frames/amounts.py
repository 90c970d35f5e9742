"""Capacities in a frame of a caller: exact numbers, null where they are unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from circle15.errors import InputDataError
from circle15.workflow.frames.settings import exact

if TYPE_CHECKING:
    from decimal import Decimal

    from circle15.workflow.frames.settings import Number


def amounts_of(sites: pd.DataFrame, column: str, what: str) -> list[Decimal | None]:
    """
    Read what each site offers, exactly; null means unknown.

    Parameters
    ----------
    what
        Name of the parameter that holds the sites, for messages.

    Raises
    ------
    InputDataError
        If there is no such column, or a value is text, infinite or below 0.
    """
    if column not in sites:
        raise InputDataError(
            "is not among the columns.",
            file=what,
            column=column,
            mend=f"Name the capacity column. Columns: {', '.join(map(str, sites.columns))}.",
        )
    return [_amount(value, column, what) for value in sites[column].tolist()]


def _amount(value: Any, column: str, what: str) -> Decimal | None:
    if pd.isna(value):
        return None
    if isinstance(value, str):
        mend = "Give numbers, and null where a capacity is unknown."
        raise InputDataError(f"{value!r} is text.", file=what, column=column, mend=mend)
    found = exact(column, value)
    if found < 0:
        mend = "Give 0 or more, and null where a capacity is unknown."
        raise InputDataError(f"{found} is negative.", file=what, column=column, mend=mend)
    return found


def each_asks(per_person: Number) -> Decimal:
    """
    Return the units of capacity that one person asks for.

    Raises
    ------
    InputDataError
        If it is not a number above 0.
    """
    each = exact("per_person", per_person)
    if each <= 0:
        mend = "Give the units of capacity that one person needs."
        raise InputDataError(f"is {each}.", file="per_person", mend=mend)
    return each
