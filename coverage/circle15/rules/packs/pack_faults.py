"""What is wrong with a rule pack, in words: which key, in which line, and what is near."""

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
    "string_type": "text",
    "int_type": "whole number",
    "bool_type": "true or false",
    "tuple_type": "list",
    "dict_type": "table",
    "dataclass_type": "table",
    "date_type": "date",
    NUMBER_TYPE: "number",
}


@dataclass(frozen=True, slots=True)
class PackWording:
    """Puts the faults of one file in words."""

    file: str
    lines: Lines

    def fault(self, place: str, found: str) -> InputDataError:
        """Say what is wrong with a key, and in which line."""
        line = self.lines.line(place)
        file = self.file if line is None else f"{self.file}, line {line}"
        return InputDataError(f"key '{place}' {found}.", file=file)

    def errors(self, faults: Iterable[Fault]) -> list[InputDataError]:
        """Make an error of each fault: unknown keys first, then in the order of their lines."""
        ordered = sorted(
            faults, key=lambda one: (one.kind != "unknown", self.lines.line(one.path) or 0)
        )
        return [self.fault(*_said(one)) for one in ordered]


def _said(fault: Fault) -> tuple[str, str]:
    """Return the place to name, and what is wrong with it."""
    if fault.error is not None:
        return fault.path, fault.error.found.removesuffix(".")
    if fault.kind == "unknown":
        near = nearest(str(fault.place[-1]), fault.allowed, cutoff=0)
        hint = f"the nearest known key is '{near}'" if near else "none may stand here"
        return fault.path, f"is unknown; {hint}"
    if fault.kind == "missing":
        return fault.path, "is missing"
    if fault.kind == "dataclass_type" and isinstance(fault.place[-1], int):
        return Fault(fault.place[:-1], "").path, "must be a list of tables"
    if fault.kind == "choice" and isinstance(fault.value, str):
        return fault.path, f"is {shown(fault.value)}, and may be {', '.join(fault.allowed)}"
    if fault.kind == DATE_WITH_TIME and isinstance(fault.value, dt.datetime):
        day = fault.value.date()
        return fault.path, f"is {fault.value}; give the date alone, such as {day}"
    if fault.kind == NO_FINITE_NUMBER:
        return fault.path, f"is {fault.value}, which is no finite number"
    wanted = _WANTED.get(fault.kind, "text")
    return fault.path, f"is {shown(fault.value)}, which is no {wanted}"
