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

from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from circle15.study.database_tables import Source
    from circle15.study.vocabulary.finding import Severity


class HasColumns(Protocol):
    """What is recorded of a table."""

    @property
    def file(self) -> Source:
        """Where it was read from."""

    @property
    def cells(self) -> pd.DataFrame:
        """One column per heading."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Columns that belong to the format and are not empty."""


_LATIN: Final = re.compile(r"[a-z]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ALIKE: Final = 0.8
"""Least similarity of a heading and a known one for it to count as a misspelling."""
_LEAST_MISSPELT: Final = 3
"""Shorter known headings are similar to too many words."""
_MOST_MISSPELT: Final = 200
"""The most unread columns of a table that are compared with known headings, which is slow."""

_NOT_STATED: Final = (
    ("facility", "status", "NO_STATUS_COLUMN"),
    ("residential", "rooms_m2", "NO_ROOMS_COLUMN"),
)
"""Kind of table and field that decides verdicts, to the finding where it has no column."""

_OF_ZONES: Final = frozenset({"zone_id", "pool_id"})
"""Fields that matter only where a study has residential zones."""

_NAMED_IN_COLUMNS: Final = "columns = {{ {field} = {heading} }}"
_NAMED_AS: Final = {
    "facility": _NAMED_IN_COLUMNS,
    "residential": _NAMED_IN_COLUMNS,
    "edges": _NAMED_IN_COLUMNS,
    "communities": "{field} = {heading}",
    "people": 'layers = [ …, {{ group = "{field}", value = {heading} … }} ]',
}
"""How a study names the column of a field; in tables of other kinds it must be renamed."""


@dataclass
class ColumnsRead:
    """
    What was read of one table.

    Attributes
    ----------
    kinds
        Kinds of table that it was read as: those of the heading list, `edges`, `communities`, and
        `people` (points or counts of zones).
    headings
        All columns, in the order of the file.
    fields
        Column to the fields that it became.
    missing
        Fields that were searched for and have no column.
    settled
        Fields that need no column: the study or the geometry gives them.
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
# The only thing that is not passed as an argument: tables are read in a dozen places at every
# depth, and each function on the way would have to take and return the same list.
_current: ContextVar[_Records | None] = ContextVar("columns_read", default=None)


@contextmanager
def recorded() -> Iterator[_Records]:
    """Record the columns of every table that is read in the `with` block."""
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


def record_again(tables: Iterable[ColumnsRead]) -> None:
    """Record what was recorded of tables when they were read before."""
    records = _current.get()
    if records is None:
        return
    for one in tables:
        names = one.headings
        entry = records.setdefault((str(one.file), names), ColumnsRead(one.file, names))
        entry.kinds |= one.kinds
        entry.missing |= one.missing
        entry.settled |= one.settled
        for heading, fields in one.fields.items():
            entry.fields.setdefault(heading, set()).update(fields)


@dataclass(frozen=True)
class _Marks:
    """Words that a heading may hold: Latin ones as a whole, Chinese ones anywhere."""

    latin: frozenset[str]
    chinese: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> _Marks:
        """Fold words, and add the plural of Latin ones."""
        folded = [normalise(word) for word in words]
        latin = [word for word in folded if word.isascii()]
        chinese = tuple(word for word in folded if not word.isascii())
        return cls(frozenset([*latin, *(f"{word}s" for word in latin)]), chinese)

    def are_in(self, folded: str, words: Collection[str]) -> bool:
        """Return whether a folded heading contains one of them, or has it as a Latin word."""
        return not self.latin.isdisjoint(words) or any(mark in folded for mark in self.chinese)


@cache
def _marks() -> Mapping[str, Mapping[str, _Marks]]:
    text = (
        resources.files("circle15.inputs.tables").joinpath("heading_marks.toml").read_text("utf-8")
    )
    return {
        kind: {name: _Marks.of(words) for name, words in fields.items()}
        for kind, fields in tomllib.loads(text).items()
    }


def likely_field(
    heading: str, kinds: Collection[str], known: Mapping[str, Mapping[str, Sequence[str]]]
) -> tuple[str, str] | None:
    """
    Find the kind of table and the field that an unread heading most likely stands for.

    Parameters
    ----------
    kinds
        Kinds of the table that it is in.
    known
        The known headings: kind to field to its names; empty to leave out misspelt ones.

    Returns
    -------
    None where it resembles no field.
    """
    folded = normalise(heading)
    words = set(_LATIN.findall(_CAMEL.sub(" ", heading).casefold()))
    marks = _marks()
    if marks["harmless"]["words"].are_in(folded, words):
        return None
    for kind in sorted(kinds & marks.keys()):
        for name, own in marks[kind].items():
            if own.are_in(folded, words):
                return kind, name
        names = {normalise(word): name for name, own in known.get(kind, {}).items() for word in own}
        usual = [word for word in names if len(word) > _LEAST_MISSPELT]
        near = get_close_matches(folded, usual, n=1, cutoff=_ALIKE)
        if near:
            return kind, names[near[0]]
    return None


def column_findings(
    records: Sequence[ColumnsRead], known: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[Finding]:
    """
    Report unread columns that seem to matter, and what tables do not state at all.

    Such a column is a warning where its field has no other column, else a note.
    """
    found = []
    idle = set() if any("residential" in one.kinds for one in records) else _OF_ZONES
    for one in records:
        for k, heading in enumerate(one.unread):
            likely = likely_field(heading, one.kinds, known if k < _MOST_MISSPELT else {})
            if likely is not None and likely[1] not in one.settled | idle:
                found.append(_unread(one, heading, *likely))
        for kind, key, missing in _NOT_STATED:
            if kind in one.kinds and key in one.missing and one.column_of(key) is None:
                found.append(Finding(missing, "note", one.file.name))
    return found


def _unread(one: ColumnsRead, heading: str, kind: str, name: str) -> Finding:
    """Report which field an unread column resembles, and how to name it."""
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
    return Finding(code, severity, one.file.name, column=heading, detail=detail)
