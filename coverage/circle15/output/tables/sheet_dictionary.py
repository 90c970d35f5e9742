"""The data dictionary of the workbook: meaning, unit and null of every column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.tables.sheet_records import Cell, Sheet
from circle15.study.messages import messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.text.wording import Words

_OF_KIND: Final = {
    "people": "persons",
    "share": "share",
    "area": "m2",
    "text": "text",
    "long": "text",
    "year": "year",
    "seconds": "seconds",
    "mixed": "in_item",
    "measure": "in_unit",
}
_OF_COLUMN: Final = {
    "cutoff_min": "minutes",
    "speed_m_s": "m_per_s",
    "speed_factor": "factor",
    "factor": "factor",
    "access_m": "metres",
    "rate_m2_per_100": "m2_per_100",
    "households": "households",
    "beds": "beds",
    "nursing_beds": "beds",
    "meals_per_day": "meals",
    "places": "places",
    "row": "number",
    "nodata_cells": "number",
    "lacking": "number",
    "further_mean_min": "minutes",
    "further_most_min": "minutes",
    "mean_min": "minutes",
    "minutes_saved": "person_minutes",
    **dict.fromkeys(("lon", "lat", "gap_lon", "gap_lat"), "degrees"),
    **dict.fromkeys(("gap_rank", "gap_cells"), "number"),
    **dict.fromkeys(("cost", "cost_so_far"), "in_cost"),
    **dict.fromkeys(("site_number", "phase", "candidate_rank", "proposed_as"), "number"),
    "supply_per_person": "in_supply",
    "supply_here": "in_supply",
    "site_capacity": "in_supply",
    **dict.fromkeys(("equity_mean", "equity_least", "equity_greatest"), "in_equity"),
    **dict.fromkeys(("worst_tenth", "spread"), "in_equity"),
    **dict.fromkeys(("gini", "palma", "decile_ratio", "variation"), "ratio"),
}


def dictionary_sheet(made: Sequence[Sheet], words: Words) -> Sheet:
    """Return the worksheet that describes the columns of the others."""
    columns = [
        ("sheet", "text"),
        ("heading", "text"),
        ("description", "long"),
        ("unit", "text"),
        ("empty", "long"),
    ]
    rows: list[list[Cell]] = [[*row] for row in dictionary_rows(made, words)]
    return Sheet("dictionary", columns, rows)


def dictionary_rows(made: Sequence[Sheet], words: Words) -> list[list[str]]:
    """List every column of every worksheet: worksheet, heading, meaning, unit, meaning of empty."""
    return [
        [
            words.say(f"workbook.{sheet.key}"),
            sheet.heading(k, words),
            words.say(f"columns.{key}_is"),
            words.say(f"workbook.unit_{_OF_COLUMN.get(key) or _OF_KIND[kind]}"),
            empty_text(sheet.key, key, words) or words.say("workbook.never_empty"),
        ]
        for sheet in made
        for k, (key, kind) in enumerate(sheet.columns)
    ]


def empty_text(sheet: str, key: str, words: Words) -> str | None:
    """Return what an empty value means in a worksheet's column; None if it is never empty."""
    known = messages(words.language)
    return known.get(f"columns.{sheet}_{key}_empty") or known.get(f"columns.{key}_empty")
