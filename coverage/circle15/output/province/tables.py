"""The tables of a province, for the page and the workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from circle15.output.province.wording import link_to
from circle15.output.text.wording import place_text, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.output.province.wording import ProvinceWords
    from circle15.results.province.province_entries import Province
    from circle15.results.summary.zone_entries import VerdictWord

Kind = Literal["text", "people", "number", "share", "degrees"]
"""Of a column: text, persons, any other number, a share from 0 to 1, degrees."""

_VERDICTS: Final[tuple[VerdictWord, ...]] = ("met", "not_met", "undetermined")
"""Verdicts with a column of their own; the others say that a rule does not ask anything."""
_LONGEST_QUOTE: Final = 48
_STATES: tuple[tuple[str, Kind], ...] = (
    ("col_persons", "people"),
    ("col_covered", "people"),
    ("col_gap", "people"),
    ("col_unknown", "people"),
    ("col_share", "share"),
)


@dataclass(frozen=True)
class ProvinceTable:
    """
    A table: key of its heading, columns by key of their heading and kind, rows of unrounded values.

    Attributes
    ----------
    states
        Column of the persons that the three columns after it add up to; None without these.
    links
        By row, the address of what its name leads to, and the column of that name.
    shown
        Rows that the page shows; None: all.
    """

    key: str
    columns: Sequence[tuple[str, Kind]]
    rows: Sequence[Sequence[Any]]
    states: int | None = None
    links: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    shown: int | None = None


def province_tables(found: Province, words: ProvinceWords) -> list[ProvinceTable]:
    """Return all tables in the order of the page; those without rows are left out."""
    tables = [
        _districts(found, words),
        _coverage(found, words),
        _reasons(found, words),
        _largest_gaps(found, words),
        _rules(found, words),
        _new_sites_sums(found, words),
        _new_sites(found, words),
        _people(found, words),
        _missing(found, words),
        _files(found, words),
    ]
    return [table for table in tables if table.rows]


def _districts(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows, links = [], {}
    for k, one in enumerate(found["districts"]):
        rows.append(
            [
                one["rank"],
                words.title(one["title"]),
                *(one[key] for key in ("persons", "covered", "gap", "unknown", "share_covered")),
                one["gap_areas"],
                one["verdicts"].get("not_met", 0),
                one["zone_verdicts"].get("not_met", 0),
                one["new_sites"],
            ]
        )
        links[k] = 1, link_to(one["folder"], "map.html")
    columns: list[tuple[str, Kind]] = [
        ("col_rank", "number"),
        ("col_district", "text"),
        *_STATES,
        ("col_gap_areas", "number"),
        ("col_rules_not_met", "number"),
        ("col_zones_not_met", "number"),
        ("col_sites", "number"),
    ]
    return ProvinceTable("districts", columns, rows, states=2, links=links)


def _coverage(found: Province, words: ProvinceWords) -> ProvinceTable:
    asked = {(row["group"], row["cutoff_min"]) for row in found["headline"]}
    first = [row for row in found["coverage"] if (row["group"], row["cutoff_min"]) in asked]
    rows = [
        [
            words.services(row),
            words.group(row["group"]),
            row["cutoff_min"],
            row["speed_m_s"],
            row["studies"],
            *(row[key] for key in ("persons", "covered", "gap", "unknown", "share_covered")),
        ]
        for row in [*first, *(row for row in found["coverage"] if row not in first)]
    ]
    columns: list[tuple[str, Kind]] = [
        ("col_category", "text"),
        ("col_group", "text"),
        ("col_minutes", "number"),
        ("col_speed", "number"),
        ("col_studies", "number"),
        *_STATES,
    ]
    return ProvinceTable("coverage", columns, rows, states=5, shown=len(first))


def _reasons(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows = [
        [words.services(one), words.reason(reason), one["areas"], persons]
        for one in found["gaps"]
        for reason, persons in one["persons_by_reason"].items()
        if persons
    ]
    columns: list[tuple[str, Kind]] = [
        ("col_category", "text"),
        ("col_reason", "text"),
        ("col_gap_areas", "number"),
        ("col_gap", "people"),
    ]
    return ProvinceTable("reasons", columns, rows)


def _largest_gaps(found: Province, words: ProvinceWords) -> ProvinceTable:
    folders = {one["name"]: one["folder"] for one in found["districts"]}
    rows, links = [], {}
    for k, one in enumerate(found["largest_gaps"]):
        (title,) = words.titles([one["study"]])
        rows.append(
            [
                title,
                printable(place_text([one["street"] or "", one["community"] or ""])),
                one["persons"],
                words.reason(one["reason"]),
                one["lon"],
                one["lat"],
            ]
        )
        links[k] = 0, link_to(folders[one["study"]], "map.html")
    columns: list[tuple[str, Kind]] = [
        ("col_district", "text"),
        ("col_place", "text"),
        ("col_gap", "people"),
        ("col_reason", "text"),
        ("col_lon", "degrees"),
        ("col_lat", "degrees"),
    ]
    return ProvinceTable("largest_gaps", columns, rows, links=links, shown=20)


def _rules(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows = []
    several = len({one["pack"] for one in found["rules"]}) > 1
    for one in found["rules"]:
        counts = [one["verdicts"].get(verdict, 0) for verdict in _VERDICTS]
        others = sum(one["verdicts"].values()) - sum(counts)
        rule = f"{one['pack']} {one['id']}" if several else one["id"]
        quote = shortened(printable(one["quote"]), _LONGEST_QUOTE)
        not_met_in = words.some(words.titles(one["not_met_in"]))
        rows.append([rule, quote, one["studies"], *counts, others, not_met_in])
    columns: list[tuple[str, Kind]] = [
        ("col_rule", "text"),
        ("col_quote", "text"),
        ("col_studies", "number"),
        *((f"col_{verdict}", "number") for verdict in _VERDICTS),
        ("col_other", "number"),
        ("col_not_met_in", "text"),
    ]
    return ProvinceTable("rules", columns, rows)


def _new_sites_sums(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows = [
        [
            words.category(one["category"]),
            words.group(one["group"]),
            one["cutoff_min"],
            one["studies"],
            one["sites"],
            one["persons_newly"],
            one["cost"],
        ]
        for one in found["new_sites_by_category"]
    ]
    columns: list[tuple[str, Kind]] = [
        ("col_category", "text"),
        ("col_group", "text"),
        ("col_minutes", "number"),
        ("col_studies", "number"),
        ("col_sites", "number"),
        ("col_newly", "people"),
        ("col_cost", "number"),
    ]
    return ProvinceTable("new_sites_by_category", columns, rows)


def _new_sites(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows = [
        [
            *words.titles([one["study"]]),
            printable(one["name"]),
            words.category(one["category"]),
            one["sites"],
            one["persons_newly"],
            one["covered_before"],
            one["covered"],
            one["cost"],
        ]
        for one in found["new_sites"]
    ]
    columns: list[tuple[str, Kind]] = [
        ("col_district", "text"),
        ("col_question", "text"),
        ("col_category", "text"),
        ("col_sites", "number"),
        ("col_newly", "people"),
        ("col_before", "people"),
        ("col_after", "people"),
        ("col_cost", "number"),
    ]
    return ProvinceTable("new_sites", columns, rows)


def _people(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows = [[words.group(one["group"]), one["studies"], one["inside"]] for one in found["people"]]
    columns: list[tuple[str, Kind]] = [
        ("col_group", "text"),
        ("col_studies", "number"),
        ("col_persons", "people"),
    ]
    return ProvinceTable("people", columns, rows)


def _missing(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows = [
        [
            words.title(one["title"] or one["name"] or one["file"]),
            printable(one["file"]),
            printable(one["message"]),
        ]
        for one in found["missing"]
    ]
    columns: list[tuple[str, Kind]] = [
        ("col_district", "text"),
        ("col_file", "text"),
        ("col_message", "text"),
    ]
    return ProvinceTable("missing", columns, rows)


def _files(found: Province, words: ProvinceWords) -> ProvinceTable:
    rows, links = [], {}
    for k, one in enumerate(found["districts"]):
        rows.append(
            [
                words.title(one["title"]),
                one["as_of"],
                words.listed(one["packs"]) or words.say("none"),
                one["code"],
                one["homes"]["file"],
                one["homes"]["rows"],
            ]
        )
        links[k] = 0, link_to(one["folder"], "report.html")
    columns: list[tuple[str, Kind]] = [
        ("col_district", "text"),
        ("col_as_of", "text"),
        ("col_packs", "text"),
        ("col_code", "text"),
        ("col_homes", "text"),
        ("col_rows", "number"),
    ]
    return ProvinceTable("files", columns, rows, links=links)
