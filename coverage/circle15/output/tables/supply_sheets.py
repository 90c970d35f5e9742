"""Worksheets on capacity: supply by zone, effect of closing a site, equity."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.access.equity import LORENZ_POINTS
from circle15.output.tables.sheet_records import Cell, Sheet, people_cells
from circle15.output.text.numbers import whole_served
from circle15.results.room import room_of
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.access.supply.records import CategoryAccess, ZoneSupply
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult


def supply_sheet(result: StudyResult, words: Words) -> Sheet:
    """Return choice, supply per person and capacity classes by area, subdistrict and community."""
    columns = [
        ("level", "text"),
        ("level_id", "text"),
        ("level_name", "text"),
        ("category", "text"),
        ("category_id", "text"),
        ("persons", "people"),
        ("without_site", "people"),
        ("one_site", "people"),
        ("more_sites", "people"),
        ("walk_mean_min", "area"),
        ("worst_off", "people"),
        ("supply_unit", "text"),
        ("supply_per_person", "index"),
        ("persons_known", "people"),
        ("served", "people"),
        ("turned_away", "people"),
        ("gap", "people"),
        ("unknown", "people"),
        ("share_served", "share"),
    ]
    rows = [
        [
            words.say(f"workbook.level_{zone.level or 'area'}"),
            zone.zone_id or None,
            zone.name or None,
            words.category(one.category),
            one.category,
            *map(_people, (zone.choice.persons, *_choice(zone))),
            zone.mean_min,
            _people(zone.worst),
            _unit(one, words),
            zone.supply_per_person,
            _people(zone.persons_known),
            *_classes(zone),
        ]
        for one in result.access
        for zone in (one.everybody, *one.zones)
    ]
    return Sheet("supply", columns, rows, named=3)


def if_closed_sheet(result: StudyResult, words: Words) -> Sheet:
    """Return the people served by each site, and the effect of closing it."""
    columns = [
        ("facility_id", "text"),
        ("name", "text"),
        ("category", "text"),
        ("category_id", "text"),
        ("catchment_persons", "people"),
        ("shared", "people"),
        ("lost", "people"),
        ("further", "people"),
        ("further_mean_min", "area"),
        ("further_most_min", "area"),
        ("supply_unit", "text"),
        ("site_capacity", "area"),
        ("room", "people"),
        ("assigned", "people"),
        ("supply_here", "index"),
    ]
    return Sheet("if_closed", columns, list(_sites(result, words)))


def equity_sheet(result: StudyResult, words: Words) -> Sheet:
    """Return the equity of minutes, coverage and supply."""
    columns = [
        ("category", "text"),
        ("category_id", "text"),
        ("equity_of", "text"),
        ("persons_known", "people"),
        ("persons_unknown", "people"),
        *((key, "index") for key in _MEASURES),
        *((key, "share") for key in _LORENZ),
    ]
    rows: list[list[Cell]] = [
        [
            words.category(one.category),
            one.category,
            words.say(f"workbook.equity_{measure}"),
            _people(found.persons),
            _people(found.persons_unknown),
            *(getattr(found, field) for field in _MEASURES.values()),
            *(found.lorenz[1:-1] or [None] * len(_LORENZ)),
        ]
        for one in result.access
        for measure, found in one.equity.items()
    ]
    return Sheet("equity", columns, rows, named=3)


SUPPLY_SHEETS: Final = (supply_sheet, if_closed_sheet, equity_sheet)
_MEASURES: Final = {
    "equity_mean": "mean",
    "equity_least": "least",
    "equity_greatest": "greatest",
    "worst_tenth": "worst_tenth",
    "spread": "spread",
    "gini": "gini",
    "palma": "palma",
    "decile_ratio": "decile_ratio",
    "variation": "coefficient_of_variation",
}
"""Columns of equity, and the fields of `Equity` that they show."""
_LORENZ: Final = tuple(f"lorenz_{10 * k}" for k in range(1, LORENZ_POINTS))
"""Columns of the points of the Lorenz curve, without 0 and 100 %."""


def served_lines(result: StudyResult, words: Words) -> list[list[Cell]]:
    """Return the lines of the summary on people served, by category with `per_person`."""
    rows: list[list[Cell]] = []
    for one in result.access:
        if one.everybody.served is None or one.supplied is None:
            continue
        category, room = words.category(one.category), room_of(result, one.supplied.sites)
        micro = (one.served.served, one.served.turned_away)
        cells = people_cells(micro, whole_served(one.served)[:2])
        for key, cell in zip(("served", "turned_away"), cells, strict=True):
            rows.append([f"{category} · {words.say(f'columns.{key}')}", cell])
        rows.append([f"{category} · {words.say('supply.full_sites')}", room.full])
        rows.append([f"{category} · {words.say('supply.room_still')}", _people(room.left)])
    return rows


def _sites(result: StudyResult, words: Words) -> Iterator[list[Cell]]:
    table = result.facilities
    for one in result.access:
        supplied = one.supplied
        for place, row in enumerate(one.rows.tolist()):
            worth = one.worth[place]
            site = None if supplied is None else supplied.sites[place]
            yield [
                str(table[c.FACILITY_ID].iloc[row]),
                str(table[c.NAME].iloc[row]) or None,
                words.category(one.category),
                one.category,
                *map(_people, (worth.persons, worth.shared, worth.only_here, worth.further)),
                worth.further_mean_min,
                worth.further_most_min,
                _unit(one, words),
                None if site is None else site.supply,
                _people(None if site is None else site.room),
                _people(None if site is None else site.assigned),
                None if site is None else site.per_person,
            ]


def _people(micro: int | None) -> Cell:
    return None if micro is None else Decimal(micro).scaleb(-6)


def _choice(zone: ZoneSupply) -> tuple[int, int, int]:
    return zone.choice.none, zone.choice.one, zone.choice.more


def _classes(zone: ZoneSupply) -> list[Cell]:
    found = zone.served
    if found is None:
        return [None] * 5
    counted = (found.served, found.turned_away, found.gap, found.unknown)
    return [*people_cells(counted, whole_served(found)), found.share_served]


def _unit(one: CategoryAccess, words: Words) -> Cell:
    """Name the unit of the supply; None if the category is not in `[capacity]`."""
    return None if one.supplied is None else words.say(f"columns.{one.supplied.settings.field}")
