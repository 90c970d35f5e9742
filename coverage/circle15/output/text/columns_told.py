"""Text about how the columns of input tables were read: fields and unread columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.output.text.numbers import NOTHING
from circle15.output.text.wording import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.output.text.wording import Words

COLUMNS_SHOWN: Final = 60
"""Most columns of a table that a page lists; `summary.json` has all."""
_LONGEST: Final = 80


def columns_headings(words: Words) -> list[str]:
    """Return the headings of the table made by `columns_rows`."""
    return [words.say(f"check.columns_{key}") for key in ("file", "read", "unread")]


def columns_rows(
    tables: Iterable[tuple[str, Mapping[str, str], Sequence[str]]], words: Words
) -> list[list[str]]:
    """
    Return a row per input table: the file, `column → field` of the columns read, unread columns.

    Parameters
    ----------
    tables
        File, field by column, and unread columns of each table.
    """
    return [
        [
            shortened(printable(file), _LONGEST),
            _list([f"{_short(column)} → {field}" for column, field in read.items()], words),
            _list([_short(column) for column in unread], words),
        ]
        for file, read, unread in tables
    ]


def columns_lines(records: Iterable[ColumnsRead], words: Words) -> Iterator[str]:
    """Yield a line per input table, as `columns_rows`; layers without columns are left out."""
    told = [(one.file.name, one.columns, one.unread) for one in records if one.headings]
    for file, read, unread in columns_rows(told, words):
        yield words.say("check.columns_line", file=file, read=read, unread=unread)


def tables_of(provenance: Mapping[str, Any]) -> list[tuple[str, dict[str, str], list[str]]]:
    """Return the input tables of a run, in the form for `columns_rows`, from its provenance."""
    return [
        (str(one["path"]), one["columns"], one["unread"])
        for one in provenance.get("inputs", [])
        if "columns" in one
    ]


def _short(column: str) -> str:
    return shortened(printable(column), _LONGEST)


def _list(names: Sequence[str], words: Words) -> str:
    if len(names) > COLUMNS_SHOWN:
        more = words.say("check.columns_more", count=f"{len(names) - COLUMNS_SHOWN:,}")
        names = [*names[:COLUMNS_SHOWN], more]
    return words.list(list(names)) or NOTHING
