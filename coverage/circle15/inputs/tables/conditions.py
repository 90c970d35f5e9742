"""Conditions on the rows of a table, such as `beds > 0 and kind = 医院`."""

from __future__ import annotations

import operator
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.headings import named_column
from circle15.inputs.tables.values import clean, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOW_TO_WRITE: Final = (
    "Write it as `column = value`; for numbers also !=, >, >=, < and <=. Join several with `and` or"
    " `or`; put a text that contains such a word in quotes."
)
"""The end of the message about a condition that cannot be read."""

_CONDITION: Final = re.compile(r"(?P<column>.+?)(?P<sign>!=|>=|<=|=|>|<)(?P<value>.+)")
_QUOTED_OR_WORD: Final = re.compile(r'"[^"]*"|“[^“”]*”|(?<=\s)(?:and|or)(?=\s)', re.IGNORECASE)
_QUOTES: Final = ('""', "“”")
_SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def choose_rows(table: Table, where: str) -> Table:
    """
    Keep the rows of a table for which a condition such as `beds > 0` or `kind = 医院` holds.

    Numbers compare as numbers, exactly; anything else as text for `=` and `!=`. A blank cell meets
    no comparison. Comparisons may be joined with `and`, which binds first, and `or`. A name or
    text that contains one of these words, or a sign, is written in double quotes; a number in
    quotes is a text.

    Raises
    ------
    ValueError
        If the condition cannot be read or names no column of the table.
    """
    kept: set[int] = set()
    for together in _alternatives(where):
        met = [_meeting(table, one) for one in together]
        kept |= met[0].intersection(*met[1:])
    return table.take(sorted(kept))


def _alternatives(where: str) -> Iterator[list[str]]:
    """Split a condition at each `or`, and the parts at each `and`."""
    together: list[str] = []
    for word, comparison in _comparisons(where):
        if word == "or":
            yield together
            together = []
        together.append(comparison)
    yield together


def _comparisons(where: str) -> Iterator[tuple[str, str]]:
    """
    Split a condition at its words; each comparison comes with the word before it.

    A word is part of a name or text where a piece beside it would not be a comparison.
    """
    words = [one for one in _QUOTED_OR_WORD.finditer(where) if one[0].casefold() in {"and", "or"}]
    ends = [one.start() for one in words] + [len(where)]
    begin, joining = 0, ""
    for k, end in enumerate(ends):
        following = where[words[k].end() : ends[k + 1]] if k < len(words) else ""
        if k < len(words) and not (_compares(where[begin:end]) and _compares(following)):
            continue
        yield joining, where[begin:end]
        if k < len(words):
            begin, joining = words[k].end(), words[k][0].casefold()


def _compares(piece: str) -> bool:
    return any(sign in piece for sign in "=<>")


def _meeting(table: Table, comparison: str) -> set[int]:
    """Positions of the rows that meet one comparison."""
    match = _CONDITION.fullmatch(comparison.strip())
    if match is None:
        msg = "is not a condition"
        raise ValueError(msg)
    column, sign, value = (match[part].strip() for part in ("column", "sign", "value"))
    try:
        cells = table.column(named_column(table, _unquoted(column), field="where"))
    except InputDataError:
        msg = _no_column(_unquoted(column), table)
        raise ValueError(msg) from None
    return {i for i, cell in enumerate(cells) if _holds(cell, sign, value)}


def _no_column(column: str, table: Table) -> str:
    have = [str(name) for name in table.cells.columns]
    near = get_close_matches(column, have, n=1, cutoff=0.5)
    meant = f"; did you mean '{near[0]}'?" if near else f" (columns: {', '.join(have)})"
    return f"there is no column '{column}' in {table.file.name}{meant}"


def _unquoted(text: str) -> str:
    quoted = len(text) >= 2 and text[0] + text[-1] in _QUOTES
    return text[1:-1] if quoted else text


def _holds(cell: Any, sign: str, value: str) -> bool:
    text = clean(cell)
    if text is None:
        return False
    wanted = _unquoted(value)
    try:
        if wanted == value:
            return _SIGNS[sign](parse_number(cell), parse_number(value))
    except (ValueError, TypeError):
        pass
    return sign in {"=", "!="} and _SIGNS[sign](text, clean(wanted))
