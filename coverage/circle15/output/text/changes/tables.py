"""The tables of what changed between two results, for pages and workbooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from circle15.output.text.changes.wording import PARTS
from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.text.changes.wording import ComparisonWords
    from circle15.results.difference.comparison_entries import ChangeEntry, Comparison

Kind = Literal["text", "people", "part", "number", "km"]
"""Of a column: text, people, a signed part of a change, any other number, kilometres."""
_HASH: Final = 12
"""Digits of a SHA-256 that tell files apart."""
_FIELDS: Final = ("parameters", "inputs", "packs", "network", "versions")
"""Lists of what differs field by field, each a table."""
_CHANGE: tuple[tuple[str, Kind], ...] = (
    ("col_a", "people"), *((part, "part") for part in PARTS), ("col_b", "people"),
)  # fmt: skip


@dataclass(frozen=True)
class ComparisonTable:
    """
    A table: key of its heading, columns by key and kind, rows of unrounded values.

    `changes` are those whose ends and parts are the last columns of the rows, if they are any.
    """

    key: str
    columns: Sequence[tuple[str, Kind]]
    rows: Sequence[Sequence[Any]]
    changes: Sequence[ChangeEntry] = ()


def comparison_tables(found: Comparison, words: ComparisonWords) -> list[ComparisonTable]:
    """Return all tables; those without rows are left out."""
    tables = [
        _coverage(found, words),
        *(_zones(found, words, level) for level in ("street", "community")),
        _sites(found, words),
        _people(found, words),
        _verdicts(found, words),
        *(_fields(found, words, key) for key in _FIELDS),
        _ways(found, words),
        _kinds(found),
        ComparisonTable(
            "alone", [("col_note", "text")], [[words.alone(one)] for one in found["not_compared"]]
        ),
    ]
    return [table for table in tables if table.rows]


def _coverage(found: Comparison, words: ComparisonWords) -> ComparisonTable:
    rows = [
        [
            words.category(row["category"]),
            words.group(row["group"]),
            row["cutoff_min"],
            *_parts(row),
        ]
        for row in found["coverage"]
    ]
    head: list[tuple[str, Kind]] = [("col_category", "text"), ("col_group", "text")]
    columns = [*head, ("col_minutes", "number"), *_CHANGE]
    return ComparisonTable("coverage", columns, rows, found["coverage"])


def _zones(found: Comparison, words: ComparisonWords, level: str) -> ComparisonTable:
    changes = [row for row in found["zones"] if row["level"] == level]
    if not any(row["id"] for row in changes):  # the study has no such zones
        changes = []
    rows = [
        [
            row["name"] or row["id"] or words.say("no_zone"),
            words.category(row["category"]),
            row["cutoff_min"],
            *_parts(row),
        ]
        for row in changes
    ]
    head: list[tuple[str, Kind]] = [("col_zone", "text"), ("col_category", "text")]
    columns = [*head, ("col_minutes", "number"), *_CHANGE]
    return ComparisonTable(f"zones_{level}", columns, rows, changes)


def _parts(row: Any) -> list[float]:
    return [row[key] for key in ("a", *PARTS, "b")]


def _sites(found: Comparison, words: ComparisonWords) -> ComparisonTable:
    rows = [
        [
            site["facility_id"],
            site["name"],
            words.category(site["category"]),
            words.say(f"site_{site['change']}"),
            site["moved_m"],
            words.fields(site),
        ]
        for site in found["sites"]
    ]
    columns: list[tuple[str, Kind]] = [
        ("col_id", "text"),
        ("col_name", "text"),
        ("col_category", "text"),
        ("col_change", "text"),
        ("col_metres", "number"),
        ("col_fields", "text"),
    ]
    return ComparisonTable("sites", columns, rows)


def _people(found: Comparison, words: ComparisonWords) -> ComparisonTable:
    keys = ("a", "gone", "new", "fewer", "more", "b")
    rows = [
        [words.group(row["group"]), *(row[key] for key in keys)]  # type: ignore[literal-required]  # all are keys
        for row in found["population"]
    ]
    columns: list[tuple[str, Kind]] = [("col_group", "text")]
    columns += [(f"col_{key}", "people") for key in keys]
    return ComparisonTable("population", columns, rows)


def _verdicts(found: Comparison, words: ComparisonWords) -> ComparisonTable:
    rows = [
        [
            f"{row['pack']} {row['id']}".strip(),
            row["scope"],
            say(f"verdicts.{row['verdict_a']}", words.language),
            say(f"verdicts.{row['verdict_b']}", words.language),
            words.through(row),
        ]
        for row in found["verdicts"]
    ]
    keys = ("col_rule", "col_scope", "col_a", "col_b", "col_through")
    return ComparisonTable("verdicts", [(key, "text") for key in keys], rows)


def _fields(
    found: Comparison,
    words: ComparisonWords,
    key: Literal["parameters", "inputs", "packs", "network", "versions"],
) -> ComparisonTable:
    most = _HASH if key in {"inputs", "packs"} else None
    rows = [
        [one["field"], *(words.value(one[side])[:most] for side in ("a", "b"))]
        for one in found[key]
    ]
    return ComparisonTable(key, [("col_field", "text"), ("col_a", "text"), ("col_b", "text")], rows)


_KM: Final = ("a_km", "gone_km", "added_km", "changed_km", "b_km")
_KM_COLUMNS: Final[list[tuple[str, Kind]]] = [(f"col_{key}", "km") for key in _KM]


def _kinds(found: Comparison) -> ComparisonTable:
    rows = [[row["kind"], *(row[key] for key in _KM)] for row in found["streets"]]
    return ComparisonTable("streets", [("col_kind", "text"), *_KM_COLUMNS], rows)


def _ways(found: Comparison, words: ComparisonWords) -> ComparisonTable:
    rows = [
        [
            words.street(row),
            words.say(f"street_{row['change']}"),
            ", ".join(row["kinds"]),
            *(row[key] for key in _KM),
            words.ways(row),
        ]
        for row in found["ways"]
    ]
    texts: list[tuple[str, Kind]] = [
        ("col_street", "text"),
        ("col_change", "text"),
        ("col_kind", "text"),
    ]
    return ComparisonTable("ways", [*texts, *_KM_COLUMNS, ("col_ways", "text")], rows)
