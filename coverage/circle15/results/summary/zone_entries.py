"""The structure of the entries of `summary.json` on rules and residential zones."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.summary.limited import Limit, Share

VerdictWord = Literal[
    "met", "not_met", "not_applicable", "undetermined", "source_conflict", "reported"
]


Remark = Annotated[
    dict[str, float | str | None],
    Limit((("properties", {"code": {"type": "string"}}), ("required", ["code"]))),
]
"""A remark on a verdict: its `code`, and the values that belong to it as further keys."""


class RuleEntry(TypedDict):
    """The result of one rule of a pack for one scope."""

    pack: str
    id: str
    verdict: VerdictWord
    value: float | None
    threshold: float | None
    unit: str
    shortfall: float | None
    level: str
    scope: str
    near_threshold: bool
    reason: str
    quote: str
    source: str
    inputs: list[str]
    force: Literal["binding", "expected", "not_stated", "status"]
    target_year: int | None
    margin: float | None
    """Value minus threshold, positive on the side that meets the rule."""
    lacking: int | None
    """Smallest whole number of cases by which a share falls short."""
    alone: Literal["met", "not_met", None]
    """Verdict of this row alone, if sources conflict."""
    data_source: str
    """Source in the register; empty: the study's own tables."""
    data_year: int | None
    missing: list[str]
    """Indicators that a register must state to decide the rule."""
    remarks: list[Remark]
    status: Literal["document", "draft", "excerpt", "draft_excerpt"]
    """Kind of text that the pack quotes; drafts and excerpts are not binding law."""
    verified: Literal["official", "republished", "reported", "not_stated"]
    """How the rule was verified against the text; `official` is the best."""


class Readings(TypedDict):
    """Verdicts of the three readings of the floor-area rule."""

    R1: VerdictWord
    R2: VerdictWord
    R3: VerdictWord


class ZoneService(TypedDict):
    """One category of the service circle of a zone; seconds are null if unknown."""

    category: str
    state: Literal["covered", "gap", "unknown"]
    worst_s: float | None
    median_s: float | None
    share_inside: Share | None
    facility_id: str | None
    unknown_reason: NotRequired[str]
    beyond_hour: NotRequired[list[Literal["worst_s", "median_s"]]]


class Step(TypedDict):
    """The expansion of a site, or a new site."""

    kind: Literal["expand", "new_site"]
    m2: float
    room_id: str | None


class WayToMeet(TypedDict):
    """One way to meet the deciding reading, and its total area."""

    m2: float
    steps: list[Step]


class ReachedSite(TypedDict):
    """The nearest site of one category for the zone."""

    category: str
    facility_id: str
    capacity: dict[str, float]
    """Capacities stated by the site."""
    capacity_left: dict[str, float]
    """Each stated capacity minus the expected people of the zone, unrounded, negative if it is
    too small for them; empty if their number is unknown."""
    nearest_persons: float
    """People of the judged group for whom this is the nearest site within the circle."""


class JudgedTogether(TypedDict):
    """Several zones judged as one."""

    zones: str
    required_m2: float | None
    counted_m2: float | None
    shortfall_m2: float | None
    verdict: VerdictWord


class Neighbour(TypedDict):
    """Another zone pooled with this one by the rule's radius."""

    zone_id: str
    metres: float


class ResidentialZone(TypedDict):
    """One residential zone; floor-area figures of a zone in a pool are those of the pool."""

    zone_id: str
    name: str
    kind: Literal["new", "existing", "mixed", "unknown"]
    pool_id: str | None
    households: float | None
    required_m2: float | None
    counted_m2: float | None
    plain_sum_m2: float | None
    plain_gap_m2: float | None
    shortfall_m2: float | None
    readings: Readings
    reading_dependent: bool
    approximate_rooms: list[str]
    approximate_households: bool
    hangs_on_approximate: bool
    """The verdict would change if the approximate numbers were off by one unit of their last
    digit that is not 0."""
    circle: list[ZoneService]
    verdict: VerdictWord
    verdict_at_plan: VerdictWord | None
    reason: str
    mend: list[WayToMeet]
    expected_persons: NotRequired[float | None]
    """Only in zones.json: people of the judged group expected in the zone = households ×
    household size × their share of the people of the area; null if one of these is unknown."""
    sites: NotRequired[list[ReachedSite]]
    """Only in zones.json: the nearest site of each category."""
    jointly: NotRequired[JudgedTogether]
    """Only if zones share rooms in proportion to their requirement: these zones judged as one."""
    pooled: NotRequired[JudgedTogether]
    """Only if zones pooled by the rule's radius do not meet it together: all of them as one."""
    neighbours: NotRequired[list[Neighbour]]
    """Only if the rule's radius pools the zone: the other zones, and walking distance in metres."""
