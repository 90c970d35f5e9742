"""Show values of a pack in messages."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_ID: Final = 80
_MOST_SHOWN: Final = 5
_LONGEST_SHOWN: Final = 40


def shown(value: object) -> str:
    """
    Return a value of a pack as TOML, shortened, for messages.

    Examples
    --------
    >>> import datetime as dt
    >>> from decimal import Decimal
    >>> shown([Decimal("0.50"), dt.date(2025, 1, 1), True])
    '[0.50, 2025-01-01, true]'
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        each = ["a list" if isinstance(x, list) else shown(x) for x in value[:_MOST_SHOWN]]
        return f"[{', '.join(each + ['…'] * (len(value) > _MOST_SHOWN))}]"
    if not isinstance(value, str):
        return str(value)
    return repr(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…")


def other_id(name: str, known: Iterable[str], what: str) -> InputDataError:
    """Return the error for an id that does not exist, which names the nearest one."""
    plain = {one.casefold(): one for one in known}
    near = get_close_matches(name.strip().casefold(), plain, n=1, cutoff=0)
    hint = f"; the nearest known one is '{plain[near[0]]}'" if near else ""
    return InputDataError(f"names {shown(name)}, which is not a known {what}{hint}.")
