"""The structure of supply, assignment, choice and equity in `summary.json`."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.summary.limited import Count, NotNegative, Share


class IfClosed(TypedDict):
    """Effect on the people in reach if one site closes."""

    lost: NotNegative
    """Persons who reach no other site."""
    further: NotNegative
    """Persons who would walk longer to another site within the circle."""
    further_mean_min: NotNegative | None
    """Their mean additional walking time in minutes; null if there are none."""
    further_most_min: NotNegative | None


class SiteSupplyEntry(TypedDict):
    """Supply of one site, and the effect of closing it."""

    capacity: float | None
    """Value of the field set in `[capacity]`; null if unknown or the category is not there."""
    assigned: float | None
    """Persons served there; null if unknown, and without `per_person`."""
    if_closed: IfClosed
    """Effect of closing this site alone."""
    supply_per_person: NotRequired[NotNegative | None]
    """Supply per person in reach, weighted by the method of the category; null if unknown."""
    idle: NotRequired[bool]
    """The site has supply, and no people are in reach."""
    room: NotRequired[NotNegative | None]
    """Persons whom the capacity can serve; null if unknown, or without `per_person`."""


class CapacityEntry(TypedDict):
    """`[capacity]` of one category."""

    field: str
    """Column of facilities: beds, nursing_beds, meals_per_day or places."""
    per_person: NotNegative | None
    method: Literal["2sfca", "e2sfca", "3sfca", "m2sfca", "bfca"]
    weights: list[Share]
    """Weights of walks within each cutoff; empty if all are equal or follow a curve."""
    assign: Literal["nearest_first", "least_walk"]


class Choice(TypedDict):
    """Persons by the number of sites within the circle whose position is certain."""

    without_site: NotNegative
    one_site: NotNegative
    more_sites: NotNegative


class MeanSupply(TypedDict):
    """Supply per person, averaged over the persons for whom it is known."""

    supply_per_person: NotRequired[NotNegative | None]
    persons_known: NotRequired[NotNegative]


class Served(TypedDict):
    """Persons by capacity class: persons = served + turned away + gap + unknown."""

    served: NotRequired[NotNegative]
    turned_away: NotRequired[NotNegative]
    gap: NotRequired[NotNegative]
    unknown: NotRequired[NotNegative]


class Walk(TypedDict):
    """Walk to the nearest site; without the keys where round trips are judged."""

    mean_min: NotRequired[NotNegative | None]
    """Mean minutes of the persons whose walk is known; null if there are none."""
    worst_tenth: NotRequired[NotNegative]
    """Persons among the tenth of all people with the longest walk."""


class ZoneParts(Choice, MeanSupply, Served, Walk):
    """Choice, walk, supply and capacity classes of the people of a place."""


class SupplySums(TypedDict):
    """Sums over the sites of a category in `[capacity]`."""

    supply: NotRequired[NotNegative | None]
    """Total supply of the open sites; null if no site states it."""
    supply_reached: NotRequired[NotNegative]
    """Supply of the sites that people can reach."""
    supply_handed_out: NotRequired[NotNegative]
    """Sum of persons × supply per person; equals `supply_reached` for 2SFCA, E2SFCA and 3SFCA."""
    balance_error: NotRequired[NotNegative | None]
    """Relative difference of the two sums that the method keeps equal."""
    sites_unknown: NotRequired[Count]
    """Open sites whose supply is unknown or whose position is uncertain."""
    sites_idle: NotRequired[Count]
    """Open sites that have supply, and no people in reach."""
    minutes_walked: NotRequired[NotNegative]
    """Total walking minutes of all persons served, in the direction that is judged."""
    least_minutes_walked: NotRequired[NotNegative | None]
    """Least total to serve as many persons; null unless `assign` is `least_walk`."""


class SupplyEntry(ZoneParts, SupplySums):
    """
    Supply and choice of the judged group for one category within the circle.

    The keys of supply are present if the category is in `[capacity]`, those of capacity classes if
    it also has `per_person`.
    """

    category: str
    group: str
    cutoff_min: int
    persons: NotNegative


class ZoneSupplyEntry(ZoneParts):
    """The same for one subdistrict (level 'street') or community."""

    level: Literal["street", "community"]
    id: str
    name: str
    category: str
    group: str
    cutoff_min: int
    persons: NotNegative


class EquityNumbers(TypedDict):
    """How evenly values are distributed over people; null means undefined."""

    persons: NotNegative
    persons_unknown: NotNegative
    mean: NotNegative | None
    least: NotNegative | None
    greatest: NotNegative | None
    gini: Share | None
    lorenz: list[Share]
    """Share of the total of the 0, 10, … 100 % of persons with the lowest values."""
    coefficient_of_variation: NotNegative | None
    palma: NotNegative | None
    """Total of the 10 % of persons with the highest values ÷ total of the 40 % with the lowest."""
    decile_ratio: NotNegative | None
    worst_tenth: NotNegative | None
    """Mean of the 10 % worst off: longest minutes, lowest coverage or supply."""
    spread: NotNegative | None
    """Highest minus lowest mean of a subdistrict."""


class EquityEntry(EquityNumbers):
    """
    How evenly a measure is distributed over people; null means undefined.

    The measures are minutes to the nearest site (unknown beyond 60 and where the state is unknown;
    no entry for round trips), covered (1) or in a gap (0), and supply per person.
    """

    category: str
    group: str
    measure: Literal["minutes", "coverage", "supply"]
