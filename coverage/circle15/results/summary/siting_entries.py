"""The structure of siting questions and their answers in `summary.json`."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from circle15.results.summary.limited import Count, NotNegative, Positive, Share


class SitesPer(TypedDict):
    """Largest number `n` of new sites in each zone of a level."""

    level: Literal["street", "community"]
    n: Positive


class SitingLimits(TypedDict):
    """Limits of the question; null if not set."""

    add: Positive | None
    budget: NotNegative | None
    until_share: Share | None
    phases: list[Positive]
    min_persons: NotNegative | None
    most_per: SitesPer | None
    street_floor: Share | None
    backup: bool


class CandidatesEntry(TypedDict):
    """The candidates: how many can be used, and why others were left out."""

    file: str | None
    where: str | None
    spacing_m: NotNegative | None
    used: Count
    left_out: dict[str, Count]
    """Number left out by code of the reason, as in `issues.csv`."""
    with_gain: Count
    """Candidates that would newly cover people if built alone."""


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
    """People within its circle, whether or not other sites cover them."""
    persons_newly: NotNegative
    """People in a gap today whom it covers and none of the sites before it."""
    persons_alone: NotNegative
    """People it would newly cover if it alone were built."""
    persons_settled: NotNegative
    """People it covers whose state is unknown today; not counted as newly covered."""
    persons_served: NotNegative | None
    """Additional people served with it; null unless the objective is `served`."""
    minutes: NotNegative | None
    """Mean walking time of the people newly covered; null if there are none."""
    person_minutes_saved: NotNegative
    floor_area_m2: NotNegative | None
    cost: NotNegative | None


class CurvePointEntry(TypedDict):
    """The plan after its first `sites` sites; 0 is today."""

    sites: Count
    covered: NotNegative
    share_covered: Share | None
    person_minutes_saved: NotNegative
    cost: NotNegative | None


class StaysOutEntry(TypedDict):
    """
    People of the area or of a subdistrict before and after, and why some remain in a gap.

    `gap` = `beyond` (not in the circle of any candidate) + `not_chosen` (in the circles of
    candidates that were not chosen).
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
    """A limit that cannot be met with the others; `possible` is the nearest that can, or null."""

    limit: str
    asked: float
    possible: float | None


class SitingEntry(TypedDict):
    """
    A siting question and its answer.

    `counted` names the unit of `value` and `bound`: persons covered or served, person-minutes
    walked, or sites. No plan within the limits is better than the bound.
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
    """Difference of value and bound, as a share of the bound."""
    proven: bool
    area: StaysOutEntry
    streets: list[StaysOutEntry]
    unmet: list[UnmetEntry]
