"""The structure of `province.json`: every key with its type; its JSON schema is made from these."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.gaps.gap_entries import PersonsByReason, ReasonWord
from circle15.results.summary.entries import PersonsByState
from circle15.results.summary.limited import Count, NotNegative, Positive, Sha256, Share
from circle15.results.summary.zone_entries import VerdictWord


class HomesFile(TypedDict):
    """The partition of the data set of homes that holds those of one study."""

    file: str
    sha256: Sha256
    rows: Count


class Question(TypedDict):
    """
    Who is counted: for one category, group, cutoff and speed.

    `require` are the required categories if `category` is `all` or `any`, else empty. `speed_m_s`
    is null if people walk at different speeds.
    """

    category: str
    require: list[str]
    group: str
    cutoff_min: Positive
    speed_m_s: NotNegative | None


class District(Question, PersonsByState):
    """One study: its headline, and what its own results say of gaps, rules and new sites."""

    rank: Positive | None
    """1 for the largest share covered; equal shares share a rank; null without people."""
    name: str
    title: str
    as_of: str
    language: Literal["zh", "en"]
    synthetic: bool
    folder: str
    """Folder of its results, seen from the folder of `province.json`."""
    code: str
    """Code of its `summary.json`, as its report bears it."""
    sha256: Sha256
    """SHA-256 of its `summary.json`."""
    homes: HomesFile
    share_covered: Share | None
    packs: list[str]
    gap_areas: Count
    verdicts: dict[VerdictWord, Count]
    """Results of rules by verdict."""
    zone_verdicts: dict[VerdictWord, Count]
    """Residential zones by verdict."""
    new_sites: Count
    """Sites that its questions on new sites propose."""


class MissingStudy(TypedDict):
    """A study without results here: its file, and why."""

    file: str
    name: str | None
    title: str | None
    message: str
    exit_code: Literal[2, 3]
    """2: its inputs cannot be used; 3: something outside failed."""


class PeopleEntry(TypedDict):
    """People of one group inside the areas of the studies that have it."""

    group: str
    studies: Positive
    inside: NotNegative


class CoverageSum(Question, PersonsByState):
    """People by state, summed over the studies that ask the same."""

    studies: Positive
    share_covered: Share | None


class GapSum(Question):
    """People in gap areas by reason, summed over the studies that ask the same."""

    studies: Positive
    areas: Count
    persons: NotNegative
    persons_by_reason: PersonsByReason


class LargeGap(TypedDict):
    """One of the gap areas with most people, of the headline of its study."""

    study: str
    id: str
    category: str
    persons: NotNegative
    lon: float
    lat: float
    street: str | None
    community: str | None
    reason: ReasonWord | None


class RuleSum(TypedDict):
    """One rule of a pack: its results by verdict, and the studies where one is not met."""

    pack: str
    id: str
    quote: str
    studies: Positive
    verdicts: dict[VerdictWord, Count]
    not_met_in: list[str]


class ZoneSum(TypedDict):
    """Residential zones of all studies; `shortfall_m2` sums those that are known."""

    zones: Count
    verdicts: dict[VerdictWord, Count]
    shortfall_m2: NotNegative


class NewSites(TypedDict):
    """The answer to one question on new sites of one study."""

    study: str
    name: str
    category: str
    group: str
    cutoff_min: Positive
    objective: Literal["people", "everybody", "minutes", "served"]
    sites: Count
    persons: NotNegative
    covered_before: NotNegative
    covered: NotNegative
    persons_newly: NotNegative
    cost: NotNegative | None
    """Null if the cost of a site is not known."""


class NewSitesSum(TypedDict):
    """
    New sites of one category, group and cutoff.

    Of several questions of a study on the same only the first counts, as their sites are
    alternatives.
    """

    category: str
    group: str
    cutoff_min: Positive
    studies: Positive
    sites: Count
    persons_newly: NotNegative
    cost: NotNegative | None


class Part(TypedDict):
    """A value, and the studies that have it."""

    value: str
    studies: list[str]


class Remark(TypedDict):
    """
    What a reader must know of the studies before adding or ranking them.

    `overlap`: two areas overlap, so that people are counted twice (`a`, `b`, and the people of
    each inside the overlap). `no_boundary`: studies whose area is not stated. The others name a
    setting in which the studies differ.
    """

    code: Literal[
        "overlap",
        "no_boundary",
        "synthetic",
        "language",
        "as_of",
        "packs",
        "require",
        "group",
        "cutoff",
        "speed",
        "rules_of_walking",
    ]
    parts: list[Part]
    a: NotRequired[str]
    b: NotRequired[str]
    persons_a: NotRequired[NotNegative]
    persons_b: NotRequired[NotNegative]


class Province(TypedDict):
    """
    What many studies found, rolled up.

    Persons are micro-persons / 10⁶, summed exactly; null is unknown or a share of an empty total.
    """

    schema: Literal[1]
    circle15: str
    studies: Count
    """Studies asked for: districts and missing ones."""
    remarks: list[Remark]
    headline: list[CoverageSum]
    """The headlines of the districts, most people first; one entry if all ask the same."""
    people: list[PeopleEntry]
    districts: list[District]
    missing: list[MissingStudy]
    coverage: list[CoverageSum]
    gaps: list[GapSum]
    largest_gaps: list[LargeGap]
    rules: list[RuleSum]
    residential_zones: ZoneSum
    new_sites: list[NewSites]
    new_sites_by_category: list[NewSitesSum]
    categories: dict[str, str]
    """Names of categories that studies added."""
