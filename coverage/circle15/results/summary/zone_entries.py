"""What `summary.json` says of rules and residential zones."""

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
"""A number that explains a verdict, by its `code`; further keys are its values."""


class RuleEntry(TypedDict):
    """One rule of a pack for one scope, with its verdict."""

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
    """Least whole number of cases by which a share falls short."""
    alone: Literal["met", "not_met", None]
    """What this row says by itself where sources conflict."""
    data_source: str
    """Source in the register; empty: the study's own tables."""
    data_year: int | None
    missing: list[str]
    """Indicators that a register must state to settle the rule."""
    remarks: list[Remark]
    status: Literal["document", "draft", "excerpt", "draft_excerpt"]
    """What the pack quotes; drafts and excerpts are no law."""


class Readings(TypedDict):
    """Verdicts of the three readings of the floor-area rule."""

    R1: VerdictWord
    R2: VerdictWord
    R3: VerdictWord


class ZoneService(TypedDict):
    """One category of the service circle of a zone; seconds are null where not known."""

    category: str
    state: Literal["covered", "gap", "unknown"]
    worst_s: float | None
    median_s: float | None
    share_inside: Share | None
    facility_id: str | None
    unknown_reason: NotRequired[str]
    beyond_hour: NotRequired[list[Literal["worst_s", "median_s"]]]


class Step(TypedDict):
    """A site that grows, or a new one."""

    kind: Literal["expand", "new_site"]
    m2: float
    room_id: str | None


class WayToMeet(TypedDict):
    """One way to meet the reading that decides, and its total area."""

    m2: float
    steps: list[Step]


class ReachedSite(TypedDict):
    """The site of one category that the zone walks to."""

    category: str
    facility_id: str
    capacity: dict[str, float]
    """What the site states."""
    capacity_left: dict[str, float]
    """What the expected people of the zone leave of each stated capacity, unrounded, below
    zero where it is too little for them; empty where it is not known how many they are."""
    nearest_persons: float
    """People of the judged group whose nearest site within the circle it is."""


class JudgedTogether(TypedDict):
    """Several zones, judged as one."""

    zones: str
    required_m2: float | None
    counted_m2: float | None
    shortfall_m2: float | None
    verdict: VerdictWord


class Neighbour(TypedDict):
    """Another zone that the radius of the law pools with this one."""

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
    """The verdict would be another if the numbers that are not exact were off by one unit of
    their last digit that is not 0."""
    circle: list[ZoneService]
    verdict: VerdictWord
    verdict_at_plan: VerdictWord | None
    reason: str
    mend: list[WayToMeet]
    expected_persons: NotRequired[float | None]
    """Only in zones.json: people of the judged group who are expected in the zone, households
    times household size times their share of the people of the area; null where one of these
    is not known."""
    sites: NotRequired[list[ReachedSite]]
    """Only in zones.json: the site of each category that the zone walks to."""
    jointly: NotRequired[JudgedTogether]
    """Only where rooms are shared by requirement: the zones that share them, judged as one."""
    pooled: NotRequired[JudgedTogether]
    """Only where the radius of a law pools zones that do not meet it together: all of them."""
    neighbours: NotRequired[list[Neighbour]]
    """Only where the radius of a law pools the zone: the other zones, and metres on foot."""
