"""The structure of `summary.json`: every key with its type; its JSON schema is made from these."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from circle15.results.gaps.gap_entries import GapAreaEntry
from circle15.results.scenarios.change_entries import SomeScenarios
from circle15.results.scenarios.scenario_entries import ScenarioEntry
from circle15.results.summary.areas.basis_entries import BasisEntry, SomeBasis
from circle15.results.summary.limited import NotNegative, Sha256, Share
from circle15.results.summary.quality_entries import Gated, Quality
from circle15.results.summary.siting_entries import QuestionEntry, SitingEntry
from circle15.results.summary.supply_entries import (
    CapacityEntry,
    EquityEntry,
    SiteSupplyEntry,
    SupplyEntry,
    ZoneSupplyEntry,
)
from circle15.results.summary.zone_entries import ResidentialZone, RuleEntry


class StudyEntry(TypedDict):
    """The study as stated in its file; `crs` is the projected CRS of the run."""

    name: str
    title: str
    as_of: str
    plan_as_of: str | None
    crs: str
    synthetic: bool


class BuildingUses(TypedDict):
    """How building uses were interpreted."""

    unknown_use: Literal["lived_in", "left_out"]
    residential: list[str]


class ListCovers(TypedDict):
    """Where the list of one facility layer is complete."""

    category: str | None
    category_column: str | None
    covers: str


class GroupProfile(TypedDict):
    """Walking profile and speed of a group with its own profile."""

    profile: str
    speed_m_s: NotNegative
    profile_values: dict[str, Any]


class SomeBuildings(TypedDict):
    """Only if people are spread over buildings."""

    buildings: NotRequired[dict[str, BuildingUses]]
    """For each group spread over buildings: how building uses were interpreted."""


class SomeWalkers(TypedDict):
    """Only if some people do not walk as `[walk]` states."""

    age_speeds: NotRequired[dict[str, NotNegative]]
    profiles: NotRequired[dict[str, GroupProfile]]
    factors: NotRequired[list[NotNegative]]


class SomeStreets(TypedDict):
    """Only if the study sets a default street class, or has an elevation model."""

    default_highway: NotRequired[str]
    dem: NotRequired[str]


class SomeCapacity(TypedDict):
    """Only if the study has `[capacity]`."""

    capacity: NotRequired[dict[str, CapacityEntry]]


class SomeSiting(TypedDict):
    """Only if the study has `[siting]`: its questions by name."""

    siting: NotRequired[dict[str, QuestionEntry]]


class Parameters(
    SomeBuildings, SomeWalkers, SomeStreets, SomeCapacity, SomeSiting, SomeBasis, SomeScenarios
):
    """Every parameter that affects the results."""

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
    """Where the list of each facility layer is complete, in the order of the study."""
    registers: str | None


class InputFile(TypedDict):
    """A file, a part of a multi-file format, or a database table, as it was read."""

    path: str
    sha256: Sha256
    rows: int | None
    columns: NotRequired[dict[str, str]]
    """Field by column of a table"""
    unread: NotRequired[list[str]]
    """Columns of a table left unread"""


class Download(TypedDict):
    """A download of streets: place requested, place found, time, server."""

    place: str
    found: str
    reach_m: int
    mirror: str
    fetched: str
    data_date: str | None
    sha256: Sha256


class LayerDatum(TypedDict):
    """Datum or CRS of one layer, and whether it was declared, read or assumed."""

    file: str
    datum: str
    known: Literal["declared", "crs", "assumed"]


class Provenance(TypedDict):
    """Provenance of the results: version, inputs, packages, rule packs."""

    circle15: str
    inputs: list[InputFile]
    download: NotRequired[Download]
    packages: dict[str, str | None]
    packs: dict[str, str]
    """SHA-256 of what each evaluated rule pack says, by id; comments and line ends do not count."""
    datums: list[LayerDatum]
    """Datum or CRS in which each layer of positions or areas was read, and how it is known:
    declared in the study, stated by the layer's CRS, or assumed."""


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
    """Size of the walking network, and how much of the file it uses."""

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
    """Origin of the date: the header of the file, or without one the newest edit of a street;
    null if neither is known."""
    ways_read: int
    ways_walkable: int
    missing_nodes: int
    kept: dict[str, int]
    dropped: dict[str, int]
    unused: dict[str, int]
    """Number of objects in the file that could not be used, or only in part, by kind."""


class UnsnappedFacility(TypedDict):
    """A facility that could not be snapped to a street, and the reason code."""

    facility_id: str
    category: str
    code: str


class Snapping(TypedDict):
    """Number of homes and facilities snapped to the network, or not."""

    demand_snapped: int
    demand_unsnapped: int
    persons_unsnapped: NotNegative
    facilities_unsnapped: list[UnsnappedFacility]


class FacilityEntry(TypedDict):
    """Facilities of one category; sums are over open ones, null if none states a value."""

    category: str
    rows: int
    open: int
    in_area: int
    duplicates: int
    floor_area_m2: float | None
    floor_area_unknown: int
    capacity: dict[str, float]


class Pace(TypedDict):
    """Walking speed; null if people walk at different speeds, which share a factor."""

    speed_m_s: NotNegative | None
    factor: NotRequired[NotNegative]


class PersonsByState(TypedDict):
    """Persons of the judged group: persons = covered + gap + unknown."""

    persons: NotNegative
    covered: NotNegative
    gap: NotNegative
    unknown: NotNegative


class ClaimedShares(TypedDict):
    """Shares covered by straight-line circles: of all people and, as by walking, of judged ones."""

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
    """People of one subdistrict (level 'street') or community by state."""

    level: Literal["street", "community"]
    id: str
    name: str
    category: str
    group: str
    cutoff_min: int


class CatchmentEntry(SiteSupplyEntry):
    """People in reach of one open facility at the cutoff of the service circle."""

    facility_id: str
    category: str
    group: str
    cutoff_min: int
    persons: NotNegative
    persons_only_here: NotNegative


class Summary(TypedDict):
    """
    Numbers of one run, unrounded.

    Persons are micro-persons / 10⁶; null is unknown or a share of an empty total.
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
    coverage_basis: list[BasisEntry]
    zones: list[ZoneCoverage]
    catchments: list[CatchmentEntry]
    supply: list[SupplyEntry]
    supply_zones: list[ZoneSupplyEntry]
    equity: list[EquityEntry]
    gap_areas: list[GapAreaEntry]
    siting: list[SitingEntry]
    scenarios: list[ScenarioEntry]
    rules: list[RuleEntry]
    residential_zones: list[ResidentialZone]
