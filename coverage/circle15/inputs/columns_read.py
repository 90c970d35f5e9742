"""Which column of each table became which field, and which were left unread."""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from circle15.study.categories import normalise
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from circle15.study.databases import Source
    from circle15.study.issues import Severity

_LATIN: Final = re.compile(r"[a-z]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ALIKE: Final = 0.8
"""How alike a heading and a known one must be for the heading to be a misspelling of it."""

_NOT_STATED: Final = (
    ("facility", "status", "NO_STATUS_COLUMN"),
    ("residential", "rooms_m2", "NO_ROOMS_COLUMN"),
)
"""Kind of table, field that decides verdicts, and what is said where it has no column."""


@dataclass
class ColumnsRead:
    """
    What was read of one table.

    Attributes
    ----------
    kinds
        Kinds of table, as in the heading list, that it was read as.
    headings
        All columns, in the order of the file.
    fields
        Column to the fields that it became.
    missing
        Fields that were looked for and have no column.
    """

    file: Source
    headings: tuple[str, ...]
    kinds: set[str] = field(default_factory=set)
    fields: dict[str, set[str]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    @property
    def columns(self) -> dict[str, str]:
        """Column to the field that it became, several as `id, name`, in the file's order."""
        return {
            heading: ", ".join(sorted(self.fields[heading]))
            for heading in self.headings
            if heading in self.fields
        }

    @property
    def unread(self) -> list[str]:
        """Columns that no field was read from, in the file's order."""
        return [heading for heading in self.headings if heading not in self.fields]


_Records = dict[tuple[str, tuple[str, ...]], ColumnsRead]
_current: ContextVar[_Records | None] = ContextVar("columns_read", default=None)


@contextmanager
def recorded() -> Iterator[_Records]:
    """Record the columns of every table that is read inside the `with` block."""
    records: _Records = {}
    token = _current.set(records)
    try:
        yield records
    finally:
        _current.reset(token)


def record(
    file: Source,
    headings: Iterable[object],
    fields: Mapping[str, str | None],
    *,
    kind: str | None = None,
) -> None:
    """Record fields and their columns (None: there is no such column) of a table."""
    records = _current.get()
    if records is None:
        return
    names = tuple(map(str, headings))
    entry = records.setdefault((str(file), names), ColumnsRead(file, names))
    if kind is not None:
        entry.kinds.add(kind)
    for name, heading in fields.items():
        if heading is None:
            entry.missing.add(name)
        else:
            entry.fields.setdefault(heading, set()).add(name)


@cache
def _marks() -> Mapping[str, Mapping[str, list[str]]]:
    text = resources.files("circle15.inputs").joinpath("heading_marks.toml").read_text("utf-8")
    return tomllib.loads(text)


def likely_field(
    heading: str, kinds: Collection[str], known: Mapping[str, Mapping[str, Sequence[str]]]
) -> str | None:
    """
    Find the field that an unread heading most likely stands for, None where it looks like none.

    Parameters
    ----------
    kinds
        Kinds of table that it stands in.
    known
        The known headings: kind to field to its names.
    """
    folded = normalise(heading)
    words = set(_LATIN.findall(_CAMEL.sub(" ", heading).casefold()))
    marks = _marks()
    if any(_is_in(word, folded, words) for word in marks["harmless"]["words"]):
        return None
    for kind in sorted(kinds & marks.keys()):
        for name, own in marks[kind].items():
            if any(_is_in(word, folded, words) for word in own):
                return name
        names = {normalise(word): name for name, own in known[kind].items() for word in own}
        usual = [word for word in names if len(word) > 3]
        near = get_close_matches(folded, usual, n=1, cutoff=_ALIKE)
        if near:
            return names[near[0]]
    return None


def _is_in(mark: str, folded: str, words: Collection[str]) -> bool:
    """Tell whether a mark is a word of a heading; Chinese has no spaces between words."""
    mark = normalise(mark)
    return mark in words or mark + "s" in words if mark.isascii() else mark in folded


def column_issues(
    records: Iterable[ColumnsRead], known: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[Issue]:
    """
    List unread columns that look like ones that matter, and what tables do not state at all.

    Such a column is a warning where its field has no other column, else a note.
    """
    found = []
    for one in records:
        name = one.file.name
        taken = {field for own in one.fields.values() for field in own}
        for heading in one.unread:
            likely = likely_field(heading, one.kinds, known)
            if likely is not None:
                detail = {"field": likely, "heading": heading}
                beside = likely in taken
                severity: Severity = "note" if beside else "warning"
                code = "UNREAD_COLUMN_BESIDE" if beside else "UNREAD_COLUMN"
                found.append(Issue(code, severity, name, column=heading, detail=detail))
        for kind, key, missing in _NOT_STATED:
            if kind in one.kinds and key in one.missing and key not in taken:
                found.append(Issue(missing, "note", name))
    return found
