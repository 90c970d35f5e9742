"""The structure of supply, assignment, choice and equity in `summary.json`."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.summary.limited import Count, NotNegative, Share


class IfClosed(TypedDict):
    """What closing one site would do to the people in reach."""

    lost: NotNegative
    """Persons who reach no other site."""
    further: NotNegative
    """Persons who would walk longer, to another site within the circle."""
    further_mean_min: NotNegative | None
    """Minutes that they would walk longer, on average; null of no persons."""
    further_most_min: NotNegative | None


class SiteSupplyEntry(TypedDict):
    """What one site offers, and what closing it would do."""

    capacity: float | None
    """As `[capacity]` names the field; null if unknown, or if it does not name the category."""
    assigned: float | None
    """Persons served there; null if unknown, and without `per_person`."""
    if_closed: IfClosed
    """What closing this site alone would do."""
    supply_per_person: NotRequired[NotNegative | None]
    """Supply per person in reach, as the method of the category weighs them; null if unknown."""
    idle: NotRequired[bool]
    """No people are in reach."""
    room: NotRequired[NotNegative | None]
    """Persons whom the capacity can serve; null if unknown, or without `per_person`."""


class CapacityEntry(TypedDict):
    """`[capacity]` of one category."""

    field: str
    """Column of facilities: beds, nursing_beds, meals_per_day or places."""
    per_person: NotNegative | None
    method: Literal["2sfca", "e2sfca", "3sfca", "m2sfca", "bfca"]
    weights: list[Share]
    """Weights of walks within each cutoff; empty for weights that are all alike or a curve."""
    assign: Literal["nearest_first", "least_walk"]


class Choice(TypedDict):
    """Persons by the number of sites with a sure position within the circle."""

    without_site: NotNegative
    one_site: NotNegative
    more_sites: NotNegative


class MeanSupply(TypedDict):
    """Supply per person, averaged over the persons for whom it is known."""

    supply_per_person: NotRequired[NotNegative | None]
    persons_known: NotRequired[NotNegative]


class Served(TypedDict):
    """Persons by class under capacity: persons = served + turned away + gap + unknown."""

    served: NotRequired[NotNegative]
    turned_away: NotRequired[NotNegative]
    gap: NotRequired[NotNegative]
    unknown: NotRequired[NotNegative]


class ZoneParts(Choice, MeanSupply, Served):
    """What is known of the people of a place."""


class SupplySums(TypedDict):
    """Sums over the sites of a category that `[capacity]` names."""

    supply: NotRequired[NotNegative | None]
    """What the open sites offer together; null if none states it."""
    supply_reached: NotRequired[NotNegative]
    """Of it, what sites offer that somebody reaches."""
    supply_handed_out: NotRequired[NotNegative]
    """Sum of persons times supply per person: by 2SFCA, E2SFCA and 3SFCA the same."""
    balance_error: NotRequired[NotNegative | None]
    """Relative difference of the two sums that the method promises to be alike."""
    sites_unknown: NotRequired[Count]
    """Open sites of unknown supply, or with an unsure position."""
    sites_idle: NotRequired[Count]
    minutes_walked: NotRequired[NotNegative]
    """Minutes that all persons served walk together, as judged."""
    least_minutes_walked: NotRequired[NotNegative | None]
    """No way to serve as many persons walks less; null where no optimum was asked for."""


class SupplyEntry(ZoneParts, SupplySums):
    """
    What the judged group has of one category within the circle.

    Keys of supply and of classes are there where `[capacity]` names the category, those of classes
    where it states `per_person`.
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


class EquityEntry(TypedDict):
    """
    How evenly something is spread over people; null is undefined.

    Minutes to the nearest site as judged (unknown beyond 60), covered (1) or in a gap (0), and
    supply per person.
    """

    category: str
    group: str
    measure: Literal["minutes", "coverage", "supply"]
    persons: NotNegative
    persons_unknown: NotNegative
    mean: NotNegative | None
    least: NotNegative | None
    greatest: NotNegative | None
    gini: Share | None
    lorenz: list[Share]
    """Share of the total that the 0, 10, … 100 % of persons with least have."""
    coefficient_of_variation: NotNegative | None
    palma: NotNegative | None
    """What the 10 % with most have by what the 40 % with least have; ranked by the value."""
    decile_ratio: NotNegative | None
    worst_tenth: NotNegative | None
    """Mean of the 10 % worst off: most minutes, least coverage or supply."""
    spread: NotNegative | None
    """Greatest less least mean of the subdistricts."""
