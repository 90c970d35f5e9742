"""Columns of capacity: of homes and zones their supply, of sites what closing them would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.results.accessibility_table import served_persons
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Floats
    from circle15.results.records import StudyResult

SITE_COLUMNS = (
    "lost_if_closed",
    "further_if_closed",
    "further_mean_min",
    "room",
    "assigned",
    "supply_per_person",
)


EQUITY_COLUMNS = (
    *("mean", "least", "greatest", "worst_tenth", "spread", "gini", "palma", "decile_ratio"),
    *("coefficient_of_variation", "least_forty", "most_tenth"),
)


def home_columns(result: StudyResult) -> dict[str, Floats]:
    """
    Return columns of the layer of homes by name, a value for each row of `demand`.

    `<category>_second_s`: seconds to the second nearest site in the circle, of the slowest walkers;
    `<category>_worst`: persons among the tenth of all people with the longest walk to the nearest
    site (null with round trips); of categories with `[capacity]` also `<category>_supply`, their
    supply per person, and `<category>_served`, all persons who are served. Null outside, unknown or
    without such a site.
    """
    found: dict[str, Floats] = {}
    for one in result.access:
        drawn = next((part for part in one.homes if part.name == result.drawn.name), None)
        if drawn is None:
            continue
        second_s = np.where(drawn.second_ms < 0, np.nan, drawn.second_ms / 1000)
        found[f"{one.category}_second_s"] = result.of_demand(second_s, np.nan)
        worst = [part.worst for part in one.homes if part.worst is not None]
        people = np.sum(worst, axis=0) / c.MICRO if worst else np.full(len(second_s), np.nan)
        found[f"{one.category}_worst"] = result.of_demand(people, np.nan)
        if drawn.supply_per_person is not None:
            supply = drawn.supply_per_person
            found[f"{one.category}_supply"] = result.of_demand(supply, np.nan)
        served = served_persons(result, one)
        if served is not None:
            found[f"{one.category}_served"] = result.of_demand(served, np.nan)
    return found


def zone_columns(
    result: StudyResult, places: Sequence[tuple[str, str]]
) -> dict[str, list[float | None]]:
    """
    Return columns of the layer of zones by name, a value for each (level, zone id).

    Of every category `<category>_mean_min`, the mean walk to the nearest site, minutes, and
    `<category>_worst`, persons among the tenth of all people with the longest walk (null with round
    trips). Of categories with `[capacity]` `<category>_supply`, the mean supply per person, and
    with `per_person` also `<category>_served` and `<category>_turned_away`, persons. Null where
    unknown.
    """
    found: dict[str, list[float | None]] = {}
    for one in result.access:
        zones = {(str(zone.level), zone.zone_id): zone for zone in one.zones}
        mine = [zones.get(place) for place in places]
        found[f"{one.category}_mean_min"] = [zone.mean_min if zone else None for zone in mine]
        worst = [zone.worst if zone else None for zone in mine]
        found[f"{one.category}_worst"] = [None if k is None else k / c.MICRO for k in worst]
        if one.supplied is None:
            continue
        found[f"{one.category}_supply"] = [
            zone.supply_per_person if zone else None for zone in mine
        ]
        if one.everybody.served is None:
            continue
        served = [zone.served if zone else None for zone in mine]
        found[f"{one.category}_served"] = [k.served / c.MICRO if k else None for k in served]
        away = [k.turned_away / c.MICRO if k else None for k in served]
        found[f"{one.category}_turned_away"] = away
    return found


def equity_columns(result: StudyResult) -> dict[str, Sequence[str] | Sequence[float | None]]:
    """
    Return the columns of the table of equity by name, a row for each category and measure.

    `category`, `measure` (minutes, coverage, supply) and the indices as in `summary.json`, with
    `least_forty` and `most_tenth`: shares of the total that the 40 % of people with least and the
    10 % with most have. Null where undefined.
    """
    rows = [(one.category, *of) for one in result.access for of in one.equity.items()]
    found: dict[str, Sequence[str] | Sequence[float | None]] = {
        c.CATEGORY: [category for category, _, _ in rows],
        "measure": [measure for _, measure, _ in rows],
        "persons": [of.persons / c.MICRO for _, _, of in rows],
        "persons_unknown": [of.persons_unknown / c.MICRO for _, _, of in rows],
    }
    for name in EQUITY_COLUMNS:
        found[name] = [getattr(of, name) for _, _, of in rows]
    return found


def site_columns(result: StudyResult) -> dict[str, list[float | None]]:
    """Return columns of the layer of facilities by name; null for a site that was not judged."""
    found: dict[str, list[float | None]] = {
        key: [None] * len(result.facilities) for key in SITE_COLUMNS
    }
    for one in result.access:
        for place, row in enumerate(one.rows.tolist()):
            worth = one.worth[place]
            found["lost_if_closed"][row] = worth.only_here / c.MICRO
            found["further_if_closed"][row] = worth.further / c.MICRO
            found["further_mean_min"][row] = worth.further_mean_min
            if one.supplied is not None:
                site = one.supplied.sites[place]
                found["room"][row] = None if site.room is None else site.room / c.MICRO
                found["assigned"][row] = None if site.assigned is None else site.assigned / c.MICRO
                found["supply_per_person"][row] = site.per_person
    return found
