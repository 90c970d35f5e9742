"""Settings of a study made of the parameters of one function, with the defaults of `study.toml`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.study.settings.records import Demand, NetworkSource, Study

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_FILE: Final = Path("-")
NO_STUDY: Final = Study(
    file=_NO_FILE,
    name="frames",
    title="",
    as_of=dt.date(1970, 1, 1),
    network=NetworkSource(_NO_FILE),
    demand=Demand(()),
)
"""Settings for functions that stand alone; they replace what they know."""


def exact(name: str, number: object, *, least: int = 0) -> Decimal:
    """
    Return a number of a caller as the decimal that it is printed as.

    Parameters
    ----------
    name
        Name of the parameter, for messages.
    least
        Smaller numbers are refused; so is 0 where that is 1.

    Raises
    ------
    InputDataError
        If it is no finite number, or too small.

    Examples
    --------
    >>> exact("speed_m_s", 0.8)
    Decimal('0.8')
    """
    try:
        found = Decimal(str(number))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(number, bool) or not found.is_finite():
        raise InputDataError(f"{number!r} is no number.", file=name, mend="Give a number.")
    if found < 0 or (least and found == 0):
        raise InputDataError(
            f"{number!r} is too small.",
            file=name,
            mend="Give a number above 0." if least else "Give 0 or more.",
        )
    return found


def minutes(name: str, cutoffs: Any) -> tuple[int, ...]:
    """
    Return cutoffs as a study has them: whole minutes, rising.

    Raises
    ------
    InputDataError
        If there is none, or one is no whole number of minutes from 1 to 60, or they do not rise.

    Examples
    --------
    >>> minutes("cutoffs_min", (5, 10, 15)), minutes("cutoff_min", 15)
    ((5, 10, 15), (15,))
    """
    given: Sequence[Any] = (cutoffs,) if isinstance(cutoffs, int | float) else tuple(cutoffs)
    whole = [int(one) for one in given if not isinstance(one, bool) and one == one // 1]
    if not given or len(whole) < len(given) or whole != sorted(set(whole)):
        raise InputDataError(
            f"{cutoffs!r} are no rising whole minutes.", file=name, mend="Give e.g. (5, 10, 15)."
        )
    if not (whole[0] >= 1 and whole[-1] <= 60):
        raise InputDataError(
            f"{cutoffs!r} are not from 1 to 60 minutes.", file=name, mend="Give e.g. (5, 10, 15)."
        )
    return tuple(whole)
