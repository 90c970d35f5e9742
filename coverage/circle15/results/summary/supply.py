"""Supply, assignment, choice and equity for `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.results.summary.json_numbers import exact
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.access.equity import Equity
    from circle15.access.supply.records import CategoryAccess, ZoneSupply
    from circle15.access.supply.site_worth import SiteWorth
    from circle15.results.records import StudyResult
    from circle15.results.summary.supply_entries import (
        CapacityEntry,
        EquityEntry,
        EquityNumbers,
        IfClosed,
        SiteSupplyEntry,
        SupplyEntry,
        SupplySums,
        ZoneParts,
        ZoneSupplyEntry,
    )
    from circle15.study.settings.capacity import Capacity


def capacity_parameters(study_capacity: Mapping[str, Capacity]) -> dict[str, CapacityEntry]:
    """Return `[capacity]` as read, by category."""
    return {
        category: {
            "field": one.field,
            "per_person": None if one.per_person is None else exact(one.per_person),
            "method": one.method,
            "weights": [float(weight) for weight in one.weights],
            "assign": one.assign,
        }
        for category, one in study_capacity.items()
    }


def supply_entries(result: StudyResult) -> list[SupplyEntry]:
    """Return supply and choice of the judged group by category."""
    group, cutoff = result.study.demand.group, result.study.walk.circle_min
    return [
        {
            "category": one.category,
            "group": group,
            "cutoff_min": cutoff,
            "persons": one.everybody.choice.persons / c.MICRO,
            **_of_zone(one.everybody),
            **_sums(one),
        }
        for one in result.access
    ]


def zone_supply_entries(result: StudyResult) -> list[ZoneSupplyEntry]:
    """Return the same by subdistrict and community."""
    group, cutoff = result.study.demand.group, result.study.walk.circle_min
    return [
        {
            "level": zone.level,
            "id": zone.zone_id,
            "name": zone.name,
            "category": one.category,
            "group": group,
            "cutoff_min": cutoff,
            "persons": zone.choice.persons / c.MICRO,
            **_of_zone(zone),
        }
        for one in result.access
        for zone in one.zones
        if zone.level is not None
    ]


def equity_entries(result: StudyResult) -> list[EquityEntry]:
    """Return the equity of minutes, coverage and supply."""
    return [
        {
            "category": one.category,
            "group": result.study.demand.group,
            "measure": measure,
            **equity_numbers(found),
        }
        for one in result.access
        for measure, found in one.equity.items()
    ]


def equity_numbers(found: Equity) -> EquityNumbers:
    """Return the indices of equity, and persons instead of micro-persons."""
    return {
        "persons": found.persons / c.MICRO,
        "persons_unknown": found.persons_unknown / c.MICRO,
        "mean": found.mean,
        "least": found.least,
        "greatest": found.greatest,
        "gini": found.gini,
        "lorenz": list(found.lorenz),
        "coefficient_of_variation": found.coefficient_of_variation,
        "palma": found.palma,
        "decile_ratio": found.decile_ratio,
        "worst_tenth": found.worst_tenth,
        "spread": found.spread,
    }


def site_entries(one: CategoryAccess) -> dict[int, SiteSupplyEntry]:
    """Return the supply of each site of a category, and the effect of closing it, by facility."""
    return {facility: _site(one, place) for place, facility in enumerate(one.rows.tolist())}


def _site(one: CategoryAccess, place: int) -> SiteSupplyEntry:
    found: SiteSupplyEntry = {
        "capacity": None,
        "assigned": None,
        "if_closed": _if_closed(one.worth[place]),
    }
    if one.supplied is not None:
        site = one.supplied.sites[place]
        found["capacity"] = None if site.supply is None else exact(site.supply)
        found["assigned"] = None if site.assigned is None else site.assigned / c.MICRO
        found["supply_per_person"] = site.per_person
        found["idle"] = site.idle
        found["room"] = None if site.room is None else site.room / c.MICRO
    return found


def _if_closed(worth: SiteWorth) -> IfClosed:
    return {
        "lost": worth.only_here / c.MICRO,
        "further": worth.further / c.MICRO,
        "further_mean_min": worth.further_mean_min,
        "further_most_min": worth.further_most_min,
    }


def _of_zone(zone: ZoneSupply) -> ZoneParts:
    choice, served = zone.choice, zone.served
    found: ZoneParts = {
        "without_site": choice.none / c.MICRO,
        "one_site": choice.one / c.MICRO,
        "more_sites": choice.more / c.MICRO,
    }
    if zone.worst is not None:
        found["mean_min"] = zone.mean_min
        found["worst_tenth"] = zone.worst / c.MICRO
    if zone.persons_known is not None:
        found["supply_per_person"] = zone.supply_per_person
        found["persons_known"] = zone.persons_known / c.MICRO
    if served is not None:
        found["served"] = served.served / c.MICRO
        found["turned_away"] = served.turned_away / c.MICRO
        found["gap"] = served.gap / c.MICRO
        found["unknown"] = served.unknown / c.MICRO
    return found


def _sums(one: CategoryAccess) -> SupplySums:
    supplied = one.supplied
    if supplied is None:
        return {}
    balance = supplied.balance
    found: SupplySums = {
        "supply": None if supplied.supply is None else exact(supplied.supply),
        "supply_reached": balance.supply_reached,
        "supply_handed_out": balance.supply_handed_out,
        "balance_error": balance.error,
        "sites_unknown": supplied.unknown,
        "sites_idle": supplied.idle,
    }
    if supplied.person_ms is not None:
        least = supplied.least_person_ms
        found["minutes_walked"] = supplied.person_ms / (c.MICRO * c.MS_PER_MIN)
        found["least_minutes_walked"] = None if least is None else least / (c.MICRO * c.MS_PER_MIN)
    return found
