"""What stands in `summary.json`: every key with its type, from which its schema is made."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.summary.limited import NotNegative, Sha256, Share
from circle15.results.summary.quality_entries import Gated, Quality
from circle15.results.summary.zone_entries import ResidentialZone, RuleEntry


class StudyEntry(TypedDict):
    """The study as its file states it; `crs` is that in which the run measured."""

    name: str
    title: str
    as_of: str
    plan_as_of: str | None
    crs: str
    synthetic: bool


class BuildingUses(TypedDict):
    """How the uses of buildings were taken."""

    unknown_use: Literal["lived_in", "left_out"]
    residential: list[str]


class ListCovers(TypedDict):
    """Where one layer of facilities is complete."""

    category: str | None
    category_column: str | None
    covers: str


class GroupProfile(TypedDict):
    """How a group with a profile of its own walks."""

    profile: str
    speed_m_s: NotNegative
    profile_values: dict[str, Any]


class SomeBuildings(TypedDict):
    """Only where people live in buildings."""

    buildings: NotRequired[dict[str, BuildingUses]]
    """Of each group that is spread over buildings: how uses were taken."""


class SomeWalkers(TypedDict):
    """Only where some people walk otherwise than `[walk]` says."""

    age_speeds: NotRequired[dict[str, NotNegative]]
    profiles: NotRequired[dict[str, GroupProfile]]
    factors: NotRequired[list[NotNegative]]


class SomeStreets(TypedDict):
    """Only where the study says how streets without a kind are taken, or has heights."""

    default_highway: NotRequired[str]
    dem: NotRequired[str]


class Parameters(SomeBuildings, SomeWalkers, SomeStreets):
    """Every parameter that changes an answer."""

    group: str
    household_size: float | None
    profile: str
    profile_values: dict[str, Any]
    speed_m_s: NotNegative
    sensitivity_m_s: list[NotNegative]
    access_speed_factor: NotNegative
    cutoffs_min: list[int]
    max_snap_m: NotNegative
    judge: str
    squares: str
    gated: Literal["open", "residents", "closed"]
    walls: Literal["prefer", "stop", "ignore"]
    min_component_m: NotNegative
    extent: Literal["given", "header", "hull"]
    require: list[str]
    packs: list[str]
    reading: Literal["R1", "R2", "R3"]
    basis: str
    mixed: str
    covers: list[ListCovers]
    """Where the list of each layer of facilities is complete, in the order of the study."""
    registers: str | None


class InputFile(TypedDict):
    """A file, a part of one, or a table of a database, as it was read."""

    path: str
    sha256: Sha256
    rows: int | None
    columns: NotRequired[dict[str, str]]
    """Column of a table to the field that it became"""
    unread: NotRequired[list[str]]
    """Columns of a table that were left unread"""


class Download(TypedDict):
    """Streets of a place: what was asked, what was found, when, from where."""

    place: str
    found: str
    reach_m: int
    mirror: str
    fetched: str
    data_date: str | None
    sha256: Sha256


class LayerDatum(TypedDict):
    """Datum or CRS of one layer, and how it is known."""

    file: str
    datum: str
    known: Literal["declared", "crs", "assumed"]


class Provenance(TypedDict):
    """What the results were made of and with: version, inputs, packages."""

    circle15: str
    inputs: list[InputFile]
    download: NotRequired[Download]
    packages: dict[str, str | None]
    datums: list[LayerDatum]
    """Datum or CRS in which each layer of places or areas was read, and how it is known:
    declared in the study, told by the layer's CRS, or assumed."""


class PopulationEntry(TypedDict):
    """
    People of one group: input = inside + outside, calibrated.

    As read, raw_input = raw_inside + raw_outside.
    """

    group: str
    input: NotNegative
    inside: NotNegative
    outside: NotNegative
    raw_input: NotNegative
    raw_inside: NotNegative
    raw_outside: NotNegative
    unplaced: NotNegative
    nodata_cells: int
    calibration_factor: NotNegative
    derived: bool
    basis: str | None
    year: int | None


class NetworkEntry(TypedDict):
    """Size of the walking network, and what of the file is in it."""

    nodes: int
    edges: int
    length_km: NotNegative
    components: int
    largest_component_share: Share | None
    private_share: Share | None
    barriers: int
    exits: int
    data_date: str | None
    data_date_source: Literal["header", "newest_edit", None]
    """Where the date comes from: the header of the file, or without one the newest edit of a
    street; null where neither is known."""
    ways_read: int
    ways_walkable: int
    missing_nodes: int
    kept: dict[str, int]
    dropped: dict[str, int]
    unused: dict[str, int]
    """What the file held and could not be used, or only in part, by kind."""


class UnsnappedFacility(TypedDict):
    """A facility that no street could be joined to, and why."""

    facility_id: str
    category: str
    code: str


class Snapping(TypedDict):
    """How many homes and facilities were joined to the network."""

    demand_snapped: int
    demand_unsnapped: int
    persons_unsnapped: NotNegative
    facilities_unsnapped: list[UnsnappedFacility]


class FacilityEntry(TypedDict):
    """Facilities of one category; sums are over open ones, null where none states a value."""

    category: str
    rows: int
    open: int
    in_area: int
    duplicates: int
    floor_area_m2: float | None
    floor_area_unknown: int
    capacity: dict[str, float]


class Pace(TypedDict):
    """How fast people walk; null where some walk faster than others, who share a factor."""

    speed_m_s: NotNegative | None
    factor: NotRequired[NotNegative]


class PersonsByState(TypedDict):
    """Persons of the judged group: persons = covered + gap + unknown."""

    persons: NotNegative
    covered: NotNegative
    gap: NotNegative
    unknown: NotNegative


class ClaimedShares(TypedDict):
    """What straight-line circles claim: of all, and beside walking of those who are judged."""

    share_by_circles: Share | None
    share_by_circles_of_judged: Share | None
    share_covered_of_judged: Share | None


class CoverageEntry(Pace, PersonsByState, ClaimedShares):
    """People inside the area by state, for one category, cutoff and speed."""

    category: str
    group: str
    cutoff_min: int
    share_covered: Share | None


class ZoneCoverage(Pace, PersonsByState, ClaimedShares):
    """People of one street or community by state."""

    level: Literal["street", "community"]
    id: str
    name: str
    category: str
    group: str
    cutoff_min: int


class CatchmentEntry(TypedDict):
    """People in reach of one open facility at the cutoff of the service circle."""

    facility_id: str
    category: str
    group: str
    cutoff_min: int
    persons: NotNegative
    persons_only_here: NotNegative
    capacity: float | None
    assigned: float | None


class Summary(TypedDict):
    """
    Numbers of one run, unrounded.

    Persons are micro-persons / 10⁶; null is unknown or a share of nothing.
    """

    schema: Literal[1]
    study: StudyEntry
    parameters: Parameters
    provenance: Provenance
    population: list[PopulationEntry]
    network: NetworkEntry
    snapping: Snapping
    quality: Quality
    gated: Gated
    facilities: list[FacilityEntry]
    coverage: list[CoverageEntry]
    zones: list[ZoneCoverage]
    catchments: list[CatchmentEntry]
    equity: list[dict[str, Any]]
    gap_areas: list[dict[str, Any]]
    siting: list[dict[str, Any]]
    scenarios: list[dict[str, Any]]
    rules: list[RuleEntry]
    residential_zones: list[ResidentialZone]
