"""The tables of a pack file, each of which knows where it stands."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeVar

from circle15.errors import InputDataError
from circle15.study.names import fault_of_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.study.languages import Language

_SHOWN: Final = 80
_T = TypeVar("_T")
_S = TypeVar("_S", bound=str)
_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([\w.\-]+)\s*=")
_MOST_SHOWN = 5
_LONGEST_SHOWN = 40
_KINDS: dict[type, str] = {
    str: "text", int: "whole number", bool: "true or false", list: "list", dict: "table",
    dt.date: "date", Decimal: "number",
}  # fmt: skip


def lines_of(text: str) -> dict[str, int]:
    r"""
    Find the line of every table and key of a TOML file, by its place.

    Examples
    --------
    >>> lines_of("id = 1\n[[rules]]\nunit = 2")
    {'id': 1, 'rules[0]': 2, 'rules[0].unit': 3}
    """
    found: dict[str, int] = {}
    counted: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head is not None:
            name = head[2]
            first, dot, rest = name.partition(".")
            if head[1] == "[[":
                counted[name] = counted.get(name, -1) + 1
                place = f"{name}[{counted[name]}]"
            elif first in counted:
                place = f"{first}[{counted[first]}]{dot}{rest}"
            else:
                place = name
            found.setdefault(place, number)
            prefix = place + "."
        elif key is not None:
            found.setdefault(prefix + key[1], number)
    return found


def shown(value: object) -> str:
    """
    Return a value of a pack as it is written there, shortened, for messages.

    Examples
    --------
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


@dataclass(frozen=True, slots=True)
class PackTable:
    """A table of a pack file; `place` is its dotted path and ends in a dot, or is empty."""

    file: str
    place: str
    content: dict[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, key: str, found: str) -> InputDataError:
        """Say what is wrong with a key, and in which line."""
        line = self._line(self.place + key)
        file = self.file if line is None else f"{self.file}, line {line}"
        return InputDataError(f"key '{self.place}{key}' {found}.", file=file)

    def _line(self, place: str) -> int | None:
        """Line of a key, else of the nearest table around it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place.rpartition(".")[0]
        return None

    def with_values(self, content: dict[str, Any]) -> PackTable:
        """Return a table at this place with other content."""
        return PackTable(self.file, self.place, content, self.lines)

    def refuse_unknown(self, *known: str) -> None:
        """Refuse a misspelt key, which would else be ignored."""
        for key in self.content:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0)
                hint = f"the nearest known key is '{near[0]}'" if near else "none may stand here"
                raise self.fault(key, f"is unknown; {hint}")

    def refuse_other(self, key: str, value: str, known: Sequence[str], what: str) -> None:
        """Refuse an id that does not exist, and name the nearest one."""
        if value not in known:
            plain = {one.casefold(): one for one in known}
            near = get_close_matches(value.strip().casefold(), plain, n=1, cutoff=0)
            hint = f"; the nearest known one is '{plain[near[0]]}'" if near else ""
            raise self.fault(key, f"names '{value}', which is no {what}{hint}")

    def get(self, key: str, kind: type[_T]) -> _T:
        """Return the value of a required key, which has this type."""
        if key not in self.content:
            raise self.fault(key, "is missing")
        value = self.content[key]
        if kind is dt.date and isinstance(value, dt.datetime):
            raise self.fault(key, f"is {value}; give the date alone, such as {value.date()}")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fault(key, f"is {shown(value)}, which is no {_KINDS[kind]}")
        return value

    def id(self, key: str) -> str:
        """Return a name by which others, files and pages call the thing."""
        value = self.get(key, str)
        if (wrong := fault_of_id(value)) is not None:
            raise self.fault(key, f"is {value[:_SHOWN]!r}, which {wrong}")
        return value

    def filled(self, key: str) -> str:
        """Return a text that is not blank."""
        value = self.get(key, str)
        if not value.strip():
            raise self.fault(key, "is blank")
        return value

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; a single text is a list of one."""
        value = [self.content[key]] if isinstance(self.content.get(key), str) else None
        rows: list[Any] = value if value is not None else self.get(key, list)
        if not rows or not all(isinstance(row, str) for row in rows):
            raise self.fault(key, f"is {shown(rows)}, and must list words")
        return rows

    def number(self, key: str) -> Decimal:
        """Return a finite number, exactly as written."""
        value = self.content[key]
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.fault(key, f"is {shown(value)}, which is no number")
        if not Decimal(value).is_finite():
            raise self.fault(key, f"is {value}, which is no finite number")
        return Decimal(value)

    def one_of(self, key: str, allowed: Sequence[_S]) -> _S:
        """Return one of the words that may stand here."""
        value = self.get(key, str)
        for word in allowed:
            if word == value:
                return word
        raise self.fault(key, f"is '{value}', and may be {', '.join(allowed)}")

    def words(self, key: str) -> dict[Language, str]:
        """Return a text in both languages."""
        table = self.table(key)
        table.refuse_unknown("zh", "en")
        return {"zh": table.filled("zh"), "en": table.filled("en")}

    def table(self, key: str) -> PackTable:
        """Return a table below this one."""
        return PackTable(self.file, f"{self.place}{key}.", self.get(key, dict), self.lines)

    def tables(self, key: str) -> list[PackTable]:
        """Return a list of tables below this one."""
        rows = self.get(key, list)
        if not all(isinstance(row, dict) for row in rows):
            raise self.fault(key, "must be a list of tables")
        return [
            PackTable(self.file, f"{self.place}{key}[{i}].", row, self.lines)
            for i, row in enumerate(rows)
        ]
