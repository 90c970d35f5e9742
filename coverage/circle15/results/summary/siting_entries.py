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
    where: str | None
    forbidden: str | None
    """File of the areas where no site may be placed."""
    time_limit_s: NotNegative


class QuestionEntry(TypedDict):
    """A siting question as read: all that decides its answer but the other inputs."""

    category: str
    objective: Literal["people", "everybody", "minutes", "served"]
    candidates: str | None
    """File of the candidates; null for points every `spacing_m` along the streets."""
    spacing_m: NotNegative | None
    limits: SitingLimits


class CandidatesEntry(TypedDict):
    """The candidates: how many can be used, and why others were left out."""

    file: str | None
    where: str | None
    spacing_m: NotNegative | None
    used: Count
    left_out: dict[str, Count]
    """Number left out by code of the reason, as in `issues.csv`."""
    with_gain: Count
    """Candidates that, built alone, would newly cover people, or give people a second site."""


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
    """
    People in a gap today whom it covers and none of the sites before it; with `backup` people to
    whom it gives a second site.
    """
    persons_alone: NotNegative
    """People it would newly cover if it alone were built."""
    persons_settled: NotNegative
    """People it covers whose state is unknown today; not counted as newly covered."""
    persons_served: NotNegative | None
    """Additional people whom a run serves with it; null unless the objective is `served`."""
    minutes: NotNegative | None
    """Mean walking time of the people newly covered; null if there are none."""
    person_minutes_saved: NotNegative | None
    """Walking saved; null unless the objective is `minutes`."""
    floor_area_m2: NotNegative | None
    cost: NotNegative | None


class CurvePointEntry(TypedDict):
    """
    The plan after its first `sites` sites; 0 is today.

    `persons` are those whom the question counts, as `curve_counts` says; a run with these sites
    gives the same numbers.
    """

    sites: Count
    persons: NotNegative
    share: Share | None
    covered: NotNegative
    share_covered: Share | None
    person_minutes_saved: NotNegative | None
    cost: NotNegative | None


class StaysOutEntry(TypedDict):
    """
    People of the area or of a subdistrict before and after, and why some remain in a gap.

    `gap` = `beyond` (not in the circle of any candidate) + `not_chosen` (in the circles of
    candidates that were not chosen). `floor_short` are the people whom the subdistrict, or all
    subdistricts together, lack to `street_floor`; null without it.
    """

    id: str | None
    name: str | None
    persons: NotNegative
    covered_before: NotNegative
    covered: NotNegative
    gap: NotNegative
    beyond: NotNegative
    not_chosen: NotNegative
    excluded: NotNegative
    """
    Of `beyond` those in the circle of a candidate that `where` or `forbidden` excludes, or whose
    cost or capacity is not stated.
    """
    not_chosen_by: dict[str, NotNegative]
    """
    `not_chosen` by the limit that keeps the candidates out: its key, `several` at once,
    `until_share` if the share is reached without them, `other` if no limit does.
    """
    unknown: NotNegative
    floor_short_before: NotNegative | None
    floor_short: NotNegative | None
    turned_away_before: NotNegative | None
    """People within a circle who find no room; null unless the objective is `served`."""
    turned_away: NotNegative | None


class UnmetEntry(TypedDict):
    """A limit that cannot be met with the others; `possible` is the nearest that can, or null."""

    limit: str
    asked: float
    possible: float | None


class SitingEntry(TypedDict):
    """
    A siting question and its answer.

    `counted` names the unit of `value` and `bound`: persons covered or served, person-minutes
    walked, or sites. No plan within the limits is better than the bound. `settled` are people at
    the end of the curve whom `value` leaves out, since it is unknown today whether they are covered
    or served.
    """

    name: str
    category: str
    group: str
    cutoff_min: Positive
    objective: Literal["people", "everybody", "minutes", "served"]
    limits: SitingLimits
    candidates: CandidatesEntry
    sites: list[NewSiteEntry]
    first_site_completes: NotNegative | None
    """
    People in a gap today who with the first site alone reach all required categories; null where
    the circle does not require its category, or requires no other.
    """
    curve_counts: Literal["covered", "second", "served"]
    """People covered, people with a second site within the circle, or people served."""
    curve: list[CurvePointEntry]
    counted: Literal["people", "served", "minutes", "sites"]
    value: NotNegative
    bound: NotNegative
    gap: Share
    """Difference of value and bound, as a share of the bound."""
    proven: bool
    stop: Literal["proven", "work", "clock"]
    """
    Why the search ended: it was complete; its amount of work was done; or the clock of
    `time_limit_s` came first, and another run may find another plan or bound.
    """
    settled: NotNegative
    area: StaysOutEntry
    streets: list[StaysOutEntry]
    unmet: list[UnmetEntry]
