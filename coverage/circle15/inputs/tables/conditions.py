"""Conditions on the rows of a table, such as `beds > 0 and kind = 医院`."""

from __future__ import annotations

import operator
import re
from bisect import bisect_left
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.headings import named_column
from circle15.inputs.tables.values import clean, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

HOW_TO_WRITE: Final = (
    "Write it as `column = value`; for numbers also !=, >, >=, < and <=. Join several with `and` or"
    " `or`; put a text that contains such a word or sign in quotes."
)
"""The end of the message about a condition that cannot be read."""

_SIGN: Final = re.compile(r"!=|<>|>=|=>|<=|=<|==|[=><≥≤≠＝＞＜]")
_JOINING: Final = re.compile(
    r"(?<=\s)(?P<and>and|且|并且)(?=\s)|(?<=\s)(?P<or>or|或|或者)(?=\s)", re.IGNORECASE
)
_TOKEN: Final = re.compile(f"(?P<sign>{_SIGN.pattern})|{_JOINING.pattern}", re.IGNORECASE)
_AFTER_QUOTE: Final = re.compile(r"\s*$|\s+(?:and|or|且|并且|或|或者)\s", re.IGNORECASE)
_DOUBTFUL: Final = re.compile(
    rf"{_SIGN.pattern}|[\"“”&|且或]|(?:^|\s)(?:and|or)(?:\s|$)", re.IGNORECASE
)
"""What in a text without quotes may be meant as a part of the condition."""
_CLOSING: Final = {'"': '"', "“": "”", "'": "'", "‘": "’", "「": "」"}
_SAME: Final = {
    **dict.fromkeys(("==", "＝"), "="),
    **dict.fromkeys(("<>", "≠"), "!="),
    **dict.fromkeys(("=>", "≥"), ">="),
    **dict.fromkeys(("=<", "≤"), "<="),
    "＞": ">",
    "＜": "<",
}
"""Signs by other spellings."""
_SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_OF_TEXTS: Final = ("=", "!=")
_BLANKS: Final = re.compile(r"\s*")
_THEN_SIGN: Final = re.compile(rf"\s*({_SIGN.pattern})")
_NO_CONDITION: Final = "is not a condition"


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A comparison, and whether `or` stands before it."""

    column: str
    sign: str
    value: str
    in_quotes: bool
    after_or: bool


def choose_rows(table: Table, where: str) -> Table:
    """
    Keep the rows of a table for which a condition such as `beds > 0` or `kind = 医院` holds.

    Numbers compare as numbers, exactly; anything else as text for `=` and `!=`. A blank cell meets
    no comparison. Comparisons may be joined with `and`, which binds first, and `or`. A text that
    contains one of these words, or a sign, is written in quotes, unless a cell holds just that
    text; a number in quotes is a text.

    Raises
    ------
    ValueError
        If the condition cannot be read, names no column of the table, orders what are no numbers,
        or could be meant in another way.
    """
    kept: set[int] = set()
    together: set[int] = set()
    for one in _Reader(where, [str(name) for name in table.cells.columns]).comparisons():
        rows = _meeting(table, one)
        if one.after_or:
            kept |= together
            together = rows
        else:
            together &= rows
    return table.take(sorted(kept | together))


class _Reader:
    """Splits a condition into its comparisons; `columns` are the names that it may use."""

    def __init__(self, where: str, columns: Sequence[str]) -> None:
        self.text = where
        self.columns = sorted(filter(None, columns), key=len, reverse=True)
        self.ends = {
            closing: [
                found.start()
                for found in re.finditer(re.escape(closing), where)
                if _AFTER_QUOTE.match(where, found.end())
            ]
            for closing in _CLOSING.values()
        }

    def comparisons(self) -> Iterator[_Comparison]:
        """
        Yield the comparisons in their order.

        Raises
        ------
        ValueError
            If one has no column, sign or value.
        """
        at, after_or = 0, True
        while True:
            head = self._head(at) or self._unknown_head(at)
            if head is None:
                raise ValueError(_NO_CONDITION)
            column, sign, at = head
            value, in_quotes, joining = self._value(at)
            if not value and not in_quotes:
                raise ValueError(_NO_CONDITION)
            yield _Comparison(column, _SAME.get(sign, sign), value, in_quotes, after_or)
            if joining is None:
                return
            at, after_or = joining.end(), joining["or"] is not None

    def _head(self, at: int) -> tuple[str, str, int] | None:
        """Return the column and sign at a place, and where they end; None if they are not there."""
        text, at = self.text, self._after_blanks(at)
        closing = _CLOSING.get(text[at : at + 1])
        quoted = text.find(closing, at + 1) if closing else -1
        if quoted > 0 and (sign := _THEN_SIGN.match(text, quoted + 1)):
            return text[at + 1 : quoted], sign[1], sign.end()
        for name in self.columns:
            if text.startswith(name, at) and (sign := _THEN_SIGN.match(text, at + len(name))):
                return name, sign[1], sign.end()
        token = _TOKEN.search(text, at)
        if token is None or not token["sign"] or not text[at : token.start()].strip():
            return None
        return text[at : token.start()].strip(), token[0], token.end()

    def _unknown_head(self, at: int) -> tuple[str, str, int] | None:
        """Return as `_head` what is no column, for a message."""
        sign = _SIGN.search(self.text, at)
        column = self.text[at : sign.start()].strip() if sign else ""
        return (column, sign[0], sign.end()) if sign and column else None

    def _value(self, at: int) -> tuple[str, bool, re.Match[str] | None]:
        """Return the value at a place, whether it is in quotes, and the word that follows it."""
        text, at = self.text, self._after_blanks(at)
        ends = self.ends.get(_CLOSING.get(text[at : at + 1], ""), [])
        k = bisect_left(ends, at + 1)
        if k < len(ends):
            return text[at + 1 : ends[k]], True, _JOINING.search(text, ends[k])
        for joining in _JOINING.finditer(text, at):
            if self._head(joining.end()) is not None:
                return text[at : joining.start()].strip(), False, joining
        return text[at:].strip(), False, None

    def _after_blanks(self, at: int) -> int:
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at


def _meeting(table: Table, one: _Comparison) -> set[int]:
    """Positions of the rows that meet one comparison."""
    try:
        cells = table.column(named_column(table, one.column, field="where"))
    except InputDataError:
        raise ValueError(_no_column(one.column, table)) from None
    texts = [clean(cell) for cell in cells]
    number = None if one.in_quotes else _number(one.value)
    if one.sign not in _OF_TEXTS:
        _require_numbers(
            one, number, [cell for cell, text in zip(cells, texts, strict=True) if text]
        )
    elif not one.in_quotes and _DOUBTFUL.search(one.value) and clean(one.value) not in texts:
        msg = f"no cell of '{one.column}' is '{one.value}'; if it is one text, put it in quotes"
        raise ValueError(msg)
    holds, wanted = _SIGNS[one.sign], clean(one.value)
    met = set()
    for i, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        if text is None:
            continue
        own = None if number is None else _number(cell)
        if own is not None and number is not None:
            if holds(own, number):
                met.add(i)
        elif one.sign in _OF_TEXTS and holds(text, wanted):
            met.add(i)
    return met


def _require_numbers(one: _Comparison, number: Decimal | None, cells: Sequence[Any]) -> None:
    """Refuse to put texts in order."""
    if number is None:
        given = f'"{one.value}"' if one.in_quotes else f"'{one.value}'"
        msg = f"{given} is not a number, and '{one.sign}' compares numbers"
        raise ValueError(msg)
    if cells and all(_number(cell) is None for cell in cells):
        msg = f"no cell of '{one.column}' is a number, and '{one.sign}' compares numbers"
        raise ValueError(msg)


def _number(cell: Any) -> Decimal | None:
    try:
        return parse_number(cell)
    except (ValueError, TypeError):
        return None


def _no_column(column: str, table: Table) -> str:
    have = [str(name) for name in table.cells.columns]
    near = get_close_matches(column, have, n=1, cutoff=0.5)
    meant = f" (did you mean '{near[0]}'?)" if near else f" (columns: {', '.join(have)})"
    return f"there is no column '{column}' in {table.file.name}{meant}"
