"""Messages for faults of a study: key, line, what is wrong, and the fix."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError, MissingFileError, StudyError
from circle15.study.typed_toml.kinds import DATE_WITH_TIME, NUMBER_TYPE
from circle15.study.typed_toml.reader import Fault, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.typed_toml.lines import Lines

_TEXT: Final = "text"
_WHOLE: Final = "a whole number"
_YES_NO: Final = "true or false"
_NUMBER: Final = "a number"
_LIST: Final = "a list"
_DATE: Final = "a date such as 2025-12-31"
_TABLE: Final = "a table of keys"

_MUST_BE: Final = {
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "bool_type": _YES_NO,
    NUMBER_TYPE: _NUMBER,
    "date_type": _DATE,
    "tuple_type": _LIST,
    "dict_type": _TABLE,
    "dataclass_type": _TABLE,
}
_KINDS: Final[dict[type, str]] = {
    str: _TEXT,
    int: _WHOLE,
    Decimal: _NUMBER,
    dt.date: "a date",
    list: _LIST,
}
_ROW: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Wording:
    """Turns faults of one study file into errors with messages."""

    file: Path
    lines: Lines

    def fail(self, where: str, found: str, mend: str = "") -> StudyError:
        """Return the error of a key, such as `walk.speed_m_s`."""
        line = self.lines.line(where.partition(" ")[0])
        return StudyError(found, mend=mend, file=self.file, row=line, column=where)

    def error(self, fault: Fault) -> InputDataError:
        """Return the error for a fault found by the TOML reader."""
        where = _ROW.sub("", fault.path)  # the line number tells which [[block]] it is
        found, mend = _said(fault, where)
        line = self.lines.line(fault.path)
        kind = MissingFileError if isinstance(fault.error, MissingFileError) else StudyError
        return kind(found, mend=mend, file=self.file, row=line, column=where)


def _said(fault: Fault, where: str) -> tuple[str, str]:
    """Return what is wrong, and the fix."""
    if fault.error is not None:
        return fault.error.found, fault.error.mend
    if fault.kind == "unknown":
        return _unknown(fault)
    if fault.kind == "missing":
        return _missing(fault)
    if fault.kind == "choice":
        return f"{fault.value!r} is not allowed.", f"Use one of {', '.join(fault.allowed)}."
    if fault.kind == DATE_WITH_TIME and isinstance(fault.value, dt.datetime):
        mend = f"Give the date alone, such as {fault.value.date()}."
        return f"is {fault.value}, a date with a time.", mend
    if fault.kind == "tuple_type" and len(fault.place) == 1:
        return f"is {kind_of(fault.value)}.", f"Write it as [[{where}]]."
    return f"is {kind_of(fault.value)}.", f"It must be {_MUST_BE[fault.kind]}."


def _unknown(fault: Fault) -> tuple[str, str]:
    near = nearest(str(fault.place[-1]), fault.allowed, cutoff=0.5)
    known = f"Known keys: {', '.join(fault.allowed)}."
    return "is an unknown key.", f"Did you mean '{near}'?" if near else known


def _missing(fault: Fault) -> tuple[str, str]:
    *table, key = (part for part in fault.place if isinstance(part, str))
    if not table:
        return f"the section [{key}] is missing.", f"Add [{key}]."
    name = f"[{'.'.join(table)}]"
    name = f"[{name}]" if isinstance(fault.place[-2], int) else name
    return "is missing.", f"Add '{key}' under {name}."


def kind_of(value: object) -> str:
    """
    Name the kind of a TOML value.

    Examples
    --------
    >>> kind_of(Decimal("0.5")), kind_of({}), kind_of(True)
    ('a number', 'a table', 'true or false')
    """
    if isinstance(value, bool):
        return _YES_NO
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, dt.datetime):
        return "a date with a time"
    return next((text for kind, text in _KINDS.items() if isinstance(value, kind)), repr(value))
