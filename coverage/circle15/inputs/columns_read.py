"""Which column of each table became which field, and which were left unread."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Protocol

from circle15.study.categories import normalise
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from circle15.study.databases import Source
    from circle15.study.issues import Severity


class HasColumns(Protocol):
    """A table, as far as its columns are recorded."""

    @property
    def file(self) -> Source:
        """Where it was read from."""

    @property
    def cells(self) -> pd.DataFrame:
        """One column per heading."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Columns that the format has for its own ends, and that hold something."""


_LATIN: Final = re.compile(r"[a-z]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ALIKE: Final = 0.8
"""How alike a heading and a known one must be for the heading to be a misspelling of it."""

_NOT_STATED: Final = (
    ("facility", "status", "NO_STATUS_COLUMN"),
    ("residential", "rooms_m2", "NO_ROOMS_COLUMN"),
)
"""Kind of table, field that decides verdicts, and what is said where it has no column."""

_OF_ZONES: Final = frozenset({"zone_id", "pool_id"})
"""Fields that matter only where a study has residential zones."""

_NAMED_IN_COLUMNS: Final = "columns = {{ {field} = {heading} }}"
_NAMED_AS: Final = {
    "facility": _NAMED_IN_COLUMNS,
    "residential": _NAMED_IN_COLUMNS,
    "edges": _NAMED_IN_COLUMNS,
    "communities": "{field} = {heading}",
}
"""How a study names the column of a field; tables of other kinds need the column renamed."""


@dataclass
class ColumnsRead:
    """
    What was read of one table.

    Attributes
    ----------
    kinds
        Kinds of table that it was read as: those of the heading list, `edges`, `communities`.
    headings
        All columns, in the order of the file.
    fields
        Column to the fields that it became.
    missing
        Fields that were looked for and have no column.
    settled
        Fields that need no column: the study, or the geometry, says them.
    """

    file: Source
    headings: tuple[str, ...]
    kinds: set[str] = field(default_factory=set)
    fields: dict[str, set[str]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)

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

    def column_of(self, name: str) -> str | None:
        """Return the column that became a field."""
        have = (heading for heading in self.headings if name in self.fields.get(heading, ()))
        return next(have, None)


_Records = dict[tuple[str, tuple[str, ...]], ColumnsRead]
# The one thing that is not handed on as an argument: tables are read in a dozen places at every
# depth, and each function on the way would have to take and return the same list.
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
    table: HasColumns,
    fields: Mapping[str, str | None],
    *,
    kind: str | None = None,
    settled: Iterable[str] = (),
) -> None:
    """
    Record fields and their columns (None: there is no such column) of a table.

    Parameters
    ----------
    kind
        The kind of table, where its unread columns may be ones that matter.
    settled
        Fields that need no column.
    """
    records = _current.get()
    if records is None:
        return
    names = (*map(str, table.cells.columns), *table.left_out)
    entry = records.setdefault((str(table.file), names), ColumnsRead(table.file, names))
    if kind is not None:
        entry.kinds.add(kind)
    entry.settled.update(settled)
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
) -> tuple[str, str] | None:
    """
    Find the kind of table and the field that an unread heading most likely stands for.

    Parameters
    ----------
    kinds
        Kinds of table that it stands in.
    known
        The known headings: kind to field to its names.

    Returns
    -------
    None where it looks like none.
    """
    folded = normalise(heading)
    words = set(_LATIN.findall(_CAMEL.sub(" ", heading).casefold()))
    marks = _marks()
    if any(_is_in(word, folded, words) for word in marks["harmless"]["words"]):
        return None
    for kind in sorted(kinds & marks.keys()):
        for name, own in marks[kind].items():
            if any(_is_in(word, folded, words) for word in own):
                return kind, name
        own_names = known.get(kind, {}).items()
        names = {normalise(word): name for name, own in own_names for word in own}
        usual = [word for word in names if len(word) > 3]
        near = get_close_matches(folded, usual, n=1, cutoff=_ALIKE)
        if near:
            return kind, names[near[0]]
    return None


def _is_in(mark: str, folded: str, words: Collection[str]) -> bool:
    """Tell whether a mark is a word of a heading; Chinese has no spaces between words."""
    mark = normalise(mark)
    return mark in words or mark + "s" in words if mark.isascii() else mark in folded


def column_issues(
    records: Sequence[ColumnsRead], known: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[Issue]:
    """
    List unread columns that look like ones that matter, and what tables do not state at all.

    Such a column is a warning where its field has no other column, else a note.
    """
    found = []
    idle = set() if any("residential" in one.kinds for one in records) else _OF_ZONES
    for one in records:
        for heading in one.unread:
            likely = likely_field(heading, one.kinds, known)
            if likely is not None and likely[1] not in one.settled | idle:
                found.append(_unread(one, heading, *likely))
        for kind, key, missing in _NOT_STATED:
            if kind in one.kinds and key in one.missing and one.column_of(key) is None:
                found.append(Issue(missing, "note", one.file.name))
    return found


def _unread(one: ColumnsRead, heading: str, kind: str, name: str) -> Issue:
    """Say of an unread column which field it looks like, and how to name it."""
    other = one.column_of(name)
    code = "UNREAD_COLUMN" if other is None else "UNREAD_COLUMN_BESIDE"
    detail = {"field": name}
    if other is not None:
        detail["other"] = other
    if kind in _NAMED_AS:
        quoted = json.dumps(heading, ensure_ascii=False)
        detail["named"] = _NAMED_AS[kind].format(field=name, heading=quoted)
    else:
        code += "_RENAME"
    severity: Severity = "warning" if other is None else "note"
    return Issue(code, severity, one.file.name, column=heading, detail=detail)
