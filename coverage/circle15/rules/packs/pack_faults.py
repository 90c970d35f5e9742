"""Word the faults of a rule pack: the key, its line, and the nearest valid value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.rules.packs.shown import shown
from circle15.study.typed_toml.kinds import DATE_WITH_TIME, NO_FINITE_NUMBER, NUMBER_TYPE
from circle15.study.typed_toml.reader import Fault, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.study.typed_toml.lines import Lines

_WANTED: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a table",
    "dataclass_type": "a table",
    "date_type": "a date",
    NUMBER_TYPE: "a number",
}


@dataclass(frozen=True, slots=True)
class PackWording:
    """Words the faults of one file."""

    file: str
    lines: Lines

    def fault(self, place: str, found: str) -> InputDataError:
        """Return the error for a key, with its line."""
        line = self.lines.line(place)
        file = self.file if line is None else f"{self.file}, line {line}"
        return InputDataError(f"key '{place}' {found}.", file=file)

    def errors(self, faults: Iterable[Fault]) -> list[InputDataError]:
        """Return an error for each fault: unknown keys first, then in the order of lines."""
        ordered = sorted(
            faults, key=lambda one: (one.kind != "unknown", self.lines.line(one.path) or 0)
        )
        return [self.fault(*_said(one)) for one in ordered]


def _said(fault: Fault) -> tuple[str, str]:
    """Return the path of the key, and what is wrong with it."""
    if fault.error is not None:
        return fault.path, fault.error.found.removesuffix(".")
    if fault.kind == "unknown":
        near = nearest(str(fault.place[-1]), fault.allowed, cutoff=0)
        hint = f"the nearest known key is '{near}'" if near else "no key is allowed here"
        return fault.path, f"is unknown; {hint}"
    if fault.kind == "missing":
        return fault.path, "is missing"
    if fault.kind == "dataclass_type" and isinstance(fault.place[-1], int):
        return Fault(fault.place[:-1], "").path, "must be a list of tables"
    if fault.kind == "choice" and isinstance(fault.value, str):
        return fault.path, f"is {shown(fault.value)}; allowed are {', '.join(fault.allowed)}"
    if fault.kind == DATE_WITH_TIME and isinstance(fault.value, dt.datetime):
        day = fault.value.date()
        return fault.path, f"is {fault.value}; give the date alone, such as {day}"
    if fault.kind == NO_FINITE_NUMBER:
        return fault.path, f"is {fault.value}, which is not a finite number"
    wanted = _WANTED.get(fault.kind, "a text")
    return fault.path, f"is {shown(fault.value)}, which is not {wanted}"
