"""Conditions on the rows of a table, such as `beds > 0`."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from circle15.errors import InputDataError
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.headings import named_column
from circle15.inputs.tables.values import clean, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable

_CONDITION = re.compile(r"(?P<column>.+?)(?P<sign>!=|>=|<=|=|>|<)(?P<value>.+)")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
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

    Numbers compare as numbers, anything else as text for `=` and `!=`. A blank cell meets no
    condition.

    Raises
    ------
    ValueError
        If the condition cannot be read or names no column of the table.
    """
    match = _CONDITION.fullmatch(where.strip())
    if match is None:
        msg = "is no condition"
        raise ValueError(msg)
    column, sign, value = (match[part].strip() for part in ("column", "sign", "value"))
    try:
        cells = table.column(named_column(table, column, field="where"))
    except InputDataError:
        msg = f"there is no column '{column}' in {table.file.name}"
        raise ValueError(msg) from None
    return table.take([i for i, x in enumerate(cells) if _holds(x, sign, value)])


def _holds(cell: Any, sign: str, value: str) -> bool:
    text = clean(cell)
    if text is None:
        return False
    try:
        return _SIGNS[sign](parse_number(cell), parse_number(value))
    except (ValueError, TypeError):
        return sign in {"=", "!="} and _SIGNS[sign](text, clean(value))
