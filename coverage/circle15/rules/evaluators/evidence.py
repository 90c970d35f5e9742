"""Evidence on which rules are judged: the study's own tables and counts, and registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from circle15.rules.comparing import doubt_of
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.indicators import Indicator, known_indicators

if TYPE_CHECKING:
    from circle15.access.counting import Counts
    from circle15.inputs.registers import RegisterRow
    from circle15.rules.floor_area.zone_checks import ZoneCheck

TABLES: Final = ""
"""Source of figures from the study's own tables."""

Needs = tuple[tuple[str, ...], ...]
"""Lists of categories: a home must reach any one category of every list."""


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One value of an indicator, from one source; numbers are exact fractions.

    `approximate` are the ids of the sites with an approximate number, and `doubt` is their total
    uncertainty.
    """

    value: Any
    year: int | None
    source: str
    inputs: tuple[str, ...]
    approximate: tuple[str, ...] = ()
    doubt: Fraction = Fraction(0)


@dataclass(frozen=True)
class Evidence:
    """
    Evidence on which rules are judged.

    Attributes
    ----------
    circle
        People by state at the circle's cutoff, by category (`any`, `all`, each required one) and
        group; empty where the study requires nothing.
    street_ids, community_ids
        Ids of all subdistricts and of all communities.
    facilities
        The facility table.
    zones
        Residential zones with their floor-area sheets.
    registers
        Rows of the register.
    indicators
        Every indicator that a register may state, by id: built-in, a pack's own, and rule ids.
    people
        Micro-persons inside the area and year of the data, by group.
    year
        Year of `as_of`; later figures do not count. None for all years.
    circle_min
        Cutoff of `circle`, minutes.
    count
        Function that counts the people of a group by state for needs and a cutoff in minutes; it
        returns None where a category is not listed, the group has no layer, or the cutoff was not
        searched.
    by_unit
        Function that counts people of the judged group by state in each unit of a level, for a
        category, at the circle's cutoff.
    within_m
        Function that counts the people of a group within metres on foot of an open site of any of
        some categories; it returns None where none is listed or the group has no layer.
    nearest_m
        Function that measures the metres on foot from each open site of some categories to the
        nearest open site of others; infinite beyond a limit in metres, NaN for a site that has not
        joined the network.
    """

    circle: Mapping[tuple[str, str], Counts]
    street_ids: Sequence[str]
    facilities: pd.DataFrame
    zones: Sequence[ZoneCheck]
    community_ids: Sequence[str] = ()
    registers: Sequence[RegisterRow] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=known_indicators)
    people: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    year: int | None = None
    circle_min: int = 15
    count: Callable[[Needs, str, int], Counts | None] = lambda _needs, _group, _cutoff: None
    by_unit: Callable[[str, str], Sequence[Counts]] = lambda _level, _category: ()
    within_m: Callable[[Sequence[str], str, int], Counts | None] = (
        lambda _categories, _group, _metres: None
    )
    nearest_m: Callable[[Sequence[str], Sequence[str], int], Mapping[str, float]] = (
        lambda _here, _there, _limit: {}
    )

    @cached_property
    def rows_of(self) -> Mapping[tuple[str, str | None], Sequence[RegisterRow]]:
        """Rows of the register, by indicator and object."""
        found: dict[tuple[str, str | None], list[RegisterRow]] = {}
        for row in self.registers:
            found.setdefault((row.indicator, row.object_id), []).append(row)
        return found

    @cached_property
    def zones_by_id(self) -> Mapping[str, ZoneCheck]:
        """Residential zones by their ids."""
        return {check.zone.zone_id: check for check in self.zones}

    def units(self, level: str) -> Sequence[str]:
        """Return the ids of the units of a level; none where the study has no such layer."""
        return {"street": self.street_ids, "community": self.community_ids}.get(level, ())

    def listed(self, categories: Sequence[str]) -> bool:
        """Return whether any site of these categories is listed, open or not."""
        return bool(self.facilities[c.CATEGORY].isin(list(categories)).any())

    def open_sites(self, categories: Sequence[str]) -> pd.DataFrame:
        """Return the rows of the open sites of categories inside the area."""
        table = self.facilities
        return table[table[c.CATEGORY].isin(list(categories)) & table[c.OPEN] & table[c.IN_AREA]]

    def unplaced_sites(self, categories: Sequence[str]) -> list[str]:
        """Return the ids of the open sites of categories without a position."""
        table = self.facilities
        nowhere = table[c.CATEGORY].isin(list(categories)) & table[c.OPEN] & table[c.X_M].isna()
        return list(dict.fromkeys(table.loc[nowhere, c.FACILITY_ID]))

    def objects(self, indicators: Sequence[str]) -> list[str]:
        """Return the ids of objects for which registers state any of these indicators, in order."""
        found = (
            row.object_id
            for row in self.registers
            if row.indicator in indicators and row.object_id is not None
        )
        return list(dict.fromkeys(found))


def figures_of(indicator: str, evidence: Evidence, *, object_id: str | None = None) -> list[Figure]:
    """
    Return the figures of an indicator, one for each source.

    The latest year of a source that is not after the study's year counts. Registers come before
    the study's own tables.
    """
    by_source: dict[str, RegisterRow] = {}
    for row in evidence.rows_of.get((indicator, object_id), ()):
        if row.year is not None and evidence.year is not None and row.year > evidence.year:
            continue
        best = by_source.get(row.source)
        if best is None or (row.year or 0) > (best.year or 0):
            by_source[row.source] = row
    found = [
        Figure(_exact(row.value), row.year, source, (row.origin,))
        for source, row in by_source.items()
    ]
    own = _derived(evidence.indicators.get(indicator), evidence) if object_id is None else None
    return found if own is None else [*found, own]


def _exact(value: Decimal | dt.date | str) -> Any:
    return Fraction(value) if isinstance(value, Decimal) else value


def _derived(indicator: Indicator | None, evidence: Evidence) -> Figure | None:
    """Return an indicator from the study's own tables; None where they do not hold it."""
    if indicator is None:
        return None
    if indicator.people is not None:
        micro, year = evidence.people.get(indicator.people, (0, None))
        return Figure(Fraction(micro, c.MICRO), year, TABLES, ()) if micro else None
    if indicator.units is not None:
        number = len(evidence.units(indicator.units))
        return Figure(Fraction(number), evidence.year, TABLES, ()) if number else None
    categories = indicator.sites or (indicator.categories if indicator.sum else ())
    if not categories or not evidence.listed(categories):
        return None
    here = evidence.open_sites(categories).drop_duplicates(c.SITE_ID)
    inputs = tuple(here[c.FACILITY_ID])
    if indicator.sum is None:
        return Figure(Fraction(len(here)), evidence.year, TABLES, inputs)
    values = site_values(evidence.open_sites(categories), indicator.sum)
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    approximate = approximate_ids(here, indicator.sum)
    doubt = doubt_of_sites(here, indicator.sum)
    return Figure(sum(known, Fraction(0)), evidence.year, TABLES, inputs, approximate, doubt)


def site_values(rows: pd.DataFrame, field: str) -> list[Fraction | None]:
    """Return a field of each site: the smallest where rows differ, None where unknown."""
    found: list[Fraction | None] = []
    for _, same in rows.groupby(c.SITE_ID):
        known = [value for value in same[field] if isinstance(value, Decimal)]
        found.append(Fraction(min(known)) if known else None)
    return found


def approximate_ids(sites: pd.DataFrame, field: str) -> tuple[str, ...]:
    """Return the ids of the sites whose number in a field is approximate."""
    rough = [field in fields for fields in sites[c.APPROXIMATE]]
    return tuple(dict.fromkeys(sites.loc[rough, c.FACILITY_ID]))


def doubt_of_sites(rows: pd.DataFrame, field: str) -> Fraction:
    """Return the uncertainty of the sum of a field over sites, from approximate numbers."""
    sites = rows.drop_duplicates(c.SITE_ID)
    values = (
        value
        for value, fields in zip(sites[field], sites[c.APPROXIMATE], strict=True)
        if field in fields and isinstance(value, Decimal)
    )
    return sum(map(doubt_of, values), Fraction(0))


def figure_sets(
    indicators: Sequence[str], evidence: Evidence, *, object_id: str | None = None
) -> tuple[list[dict[str, Figure]], tuple[str, ...]]:
    """
    Combine figures into sets, one for each source with different values.

    Where a source does not state an indicator, the first source that does is used.

    Returns
    -------
    The sets (none where an indicator is not known at all), and the missing indicators.
    """
    sets = known_figures(indicators, evidence, object_id=object_id)
    missing = tuple(key for key in indicators if key not in sets[0])
    return ([] if missing else sets), missing


def known_figures(
    indicators: Sequence[str], evidence: Evidence, *, object_id: str | None = None
) -> list[dict[str, Figure]]:
    """Combine figures as `figure_sets` does, without the indicators that no source states."""
    found = {key: figures_of(key, evidence, object_id=object_id) for key in indicators}
    found = {key: figures for key, figures in found.items() if figures}
    sources = dict.fromkeys(
        figure.source for figures in found.values() if len(figures) > 1 for figure in figures
    )
    sets: list[dict[str, Figure]] = []
    for source in sources or {TABLES: None}:
        one = {
            key: next((f for f in figures if f.source == source), figures[0])
            for key, figures in found.items()
        }
        values = [figure.value for figure in one.values()]
        if all(values != [figure.value for figure in other.values()] for other in sets):
            sets.append(one)
    return sets


def sources_of(figures: Sequence[Figure]) -> str:
    """Return the sources of figures that were used together, without the study's own tables."""
    return "、".join(dict.fromkeys(figure.source for figure in figures if figure.source != TABLES))


def year_of(figures: Sequence[Figure]) -> int | None:
    """Return the latest year of figures that were used together; None where none has a year."""
    return max((figure.year for figure in figures if figure.year is not None), default=None)


def inputs_of(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Return the rows behind figures that were used together."""
    return tuple(dict.fromkeys(place for figure in figures for place in figure.inputs))
