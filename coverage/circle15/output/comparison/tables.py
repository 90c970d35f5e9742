"""The tables of a comparison, for the page and the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from circle15.output.comparison.wording import PARTS
from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.comparison.wording import ComparisonWords
    from circle15.results.difference.comparison_entries import Comparison

Kind = Literal["text", "people", "part", "number"]
"""Of a column: text, people, a signed part of a change, any other number."""
_CHANGE: tuple[tuple[str, Kind], ...] = (
    ("col_a", "people"), *((part, "part") for part in PARTS), ("col_b", "people"),
)  # fmt: skip


@dataclass(frozen=True)
class ComparisonTable:
    """A table: key of its heading, columns by key and kind, rows of unrounded values."""

    key: str
    columns: Sequence[tuple[str, Kind]]
    rows: Sequence[Sequence[Any]]


def comparison_tables(found: Comparison, words: ComparisonWords) -> list[ComparisonTable]:
    """Return all tables; those without rows are left out."""
    tables = [
        _coverage(found, words),
        *(_zones(found, words, level) for level in ("street", "community")),
        _sites(found, words),
        _people(found, words),
        _verdicts(found, words),
        *(_fields(found, key) for key in ("parameters", "inputs", "network", "versions")),
        _streets(found),
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
    return ComparisonTable("coverage", [*head, ("col_minutes", "number"), *_CHANGE], rows)


def _zones(found: Comparison, words: ComparisonWords, level: str) -> ComparisonTable:
    rows = [
        [
            row["name"] or row["id"] or words.say("no_zone"),
            words.category(row["category"]),
            row["cutoff_min"],
            *_parts(row),
        ]
        for row in found["zones"]
        if row["level"] == level
    ]
    head: list[tuple[str, Kind]] = [("col_zone", "text"), ("col_category", "text")]
    return ComparisonTable(f"zones_{level}", [*head, ("col_minutes", "number"), *_CHANGE], rows)


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
            "; ".join(words.field(one) for one in site["fields"] if one["field"] != "position"),
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
    found: Comparison, key: Literal["parameters", "inputs", "network", "versions"]
) -> ComparisonTable:
    short = key == "inputs"
    rows = [[one["field"], *(_shown(one[side], short=short) for side in ("a", "b"))]
            for one in found[key]]  # fmt: skip
    return ComparisonTable(key, [("col_field", "text"), ("col_a", "text"), ("col_b", "text")], rows)


def _shown(value: object, *, short: bool) -> str:
    if value is None:
        return "–"
    return str(value)[:12] if short else str(value)


def _streets(found: Comparison) -> ComparisonTable:
    keys = ("a_km", "gone_km", "added_km", "changed_km", "b_km")
    rows = [[row["kind"], *(row[key] for key in keys)] for row in found["streets"]]  # type: ignore[literal-required]  # all are keys
    columns: list[tuple[str, Kind]] = [("col_kind", "text")]
    columns += [(f"col_{key}", "number") for key in keys]
    return ComparisonTable("streets", columns, rows)
