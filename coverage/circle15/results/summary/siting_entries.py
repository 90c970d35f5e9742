"""What stands in `summary.json` under `siting`: each question on new sites and its answer."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from circle15.results.summary.limited import Count, NotNegative, Positive, Share


class SitesPer(TypedDict):
    """At most so many new sites in each zone of a level."""

    level: Literal["street", "community"]
    n: Positive


class SitingLimits(TypedDict):
    """What the question asks for; null is not asked."""

    add: Positive | None
    budget: NotNegative | None
    until_share: Share | None
    phases: list[Positive]
    min_persons: NotNegative | None
    most_per: SitesPer | None
    street_floor: Share | None
    backup: bool


class CandidatesEntry(TypedDict):
    """The candidates: how many can be used, and why others cannot."""

    file: str | None
    where: str | None
    spacing_m: NotNegative | None
    used: Count
    left_out: dict[str, Count]
    """Code of the reason to how many there are, as in `issues.csv`."""
    with_gain: Count
    """Those that would newly reach somebody if they alone were built."""


class NewSiteEntry(TypedDict):
    """A proposed site, in the order in which it should be built."""

    candidate_id: str
    facility_id: str
    name: str
    phase: Positive
    lon: float
    lat: float
    x_m: float
    y_m: float
    street_id: str | None
    community_id: str | None
    persons_reached: NotNegative
    """People within its circle, whoever else covers them."""
    persons_newly: NotNegative
    """People whom it newly reaches beyond the sites before it: they are in a gap today."""
    persons_alone: NotNegative
    """People whom it would newly reach if it alone were built."""
    persons_settled: NotNegative
    """People of whom it is unknown today and whom it covers: not counted as won."""
    minutes: NotNegative | None
    """Mean walking time of those whom it newly reaches; null where there are none."""
    person_minutes_saved: NotNegative
    floor_area_m2: NotNegative | None
    cost: NotNegative | None


class CurvePointEntry(TypedDict):
    """The plan after its first sites; 0 is today."""

    sites: Count
    covered: NotNegative
    share_covered: Share | None
    person_minutes_saved: NotNegative
    cost: NotNegative | None


class StaysOutEntry(TypedDict):
    """
    People of the area or of a street before and after, and why some stay out.

    `gap` = `beyond` + `not_chosen`: in the circle of no candidate, or of one that was not chosen.
    """

    id: str | None
    name: str | None
    persons: NotNegative
    covered_before: NotNegative
    covered: NotNegative
    gap: NotNegative
    beyond: NotNegative
    not_chosen: NotNegative
    unknown: NotNegative


class UnmetEntry(TypedDict):
    """A limit that cannot be kept with the others; `possible` is the nearest that can, or null."""

    limit: str
    asked: float
    possible: float | None


class SitingEntry(TypedDict):
    """
    A question on new sites and its answer.

    `value` and `bound` count what `counted` says: persons covered or served, person-minutes walked,
    or sites. No plan within the limits is better than the bound.
    """

    name: str
    category: str
    group: str
    cutoff_min: Positive
    objective: Literal["people", "everybody", "minutes", "served"]
    limits: SitingLimits
    candidates: CandidatesEntry
    sites: list[NewSiteEntry]
    curve: list[CurvePointEntry]
    counted: Literal["people", "served", "minutes", "sites"]
    value: NotNegative
    bound: NotNegative
    gap: Share
    """Distance of value and bound, as a share of the bound."""
    proven: bool
    area: StaysOutEntry
    streets: list[StaysOutEntry]
    unmet: list[UnmetEntry]
