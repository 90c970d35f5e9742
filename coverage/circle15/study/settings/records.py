"""The settings of a study, as frozen records with every default in one place."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

from circle15.study.database_tables import Source
from circle15.study.languages import Language
from circle15.study.vocabulary.profiles import OLDER_ADULT, known_profile

Reading = Literal["R1", "R2", "R3"]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Density = Literal["count", "km2", "ha", "m2"]
UnknownUse = Literal["lived_in", "left_out"]
Level = Literal["street", "community"]
UnknownShift = Literal["refuse", "accept"]

GROUPS: Final = ("total", "p60", "p65", "p70", "p80", "p0_3", "households")
"""Demand groups: people by age, and households."""

EDGE_FIELDS: Final = (
    "highway",
    "name",
    "foot",
    "access",
    "bridge",
    "tunnel",
    "layer",
    "oneway:foot",
    "motorroad",
    "service",
    "sidewalk",
    "sidewalk:both",
    "indoor",
    "conveying",
    "construction",
    "abandoned",
    "surface",
    "smoothness",
    "incline",
    "footway",
    "crossing",
    "crossing:signals",
    "wheelchair",
    "ramp:wheelchair",
    "ramp:stroller",
    "railway",
    "man_made",
    "disused",
    "level",
    "location",
    "barrier",
    "waterway",
    "natural",
)
"""What the columns of a layer of edges may say, in the words of OpenStreetMap's keys."""

HORIZON_MIN: Final = 60
"""Nearest times are searched this far, so that a gap has minutes."""


@dataclass(frozen=True, slots=True)
class ZoneLayer:
    """A layer of streets or communities: a file and the columns that matter."""

    file: Source
    id: str
    name: str
    street: str | None = None
    households: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """
    Where results are reported. Without a boundary everybody is inside.

    `datum` is that of boundary, streets and communities alike.
    """

    boundary: Source | None = None
    streets: ZoneLayer | None = None
    communities: ZoneLayer | None = None
    datum: Datum | None = None
    boundary_sheet: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkSource:
    """
    The walking network: an OSM file, a graph, a layer of edges, or a place to download.

    `file` of a place is where the download is kept. `columns` (field = heading) and
    `default_highway` (the kind of lines that have none) are for layers of edges; `mirror` and
    `geocoder` name other servers than the usual ones for a place. `dem` is a raster of heights.
    """

    file: Source
    sheet: str | None = None
    place: str | None = None
    mirror: str | None = None
    geocoder: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    default_highway: str | None = None
    extent: Path | None = None
    extent_sheet: str | None = None
    dem: Path | None = None
    squares: Literal["cross", "around"] = "cross"
    gated: Literal["open", "residents", "closed"] = "open"
    barriers: Source | None = None
    barriers_sheet: str | None = None
    walls: Literal["prefer", "stop", "ignore"] = "prefer"
    min_component_m: Decimal = Decimal(500)

    @property
    def kept(self) -> Path | None:
        """Where the download of a place is kept; None for any other network."""
        return self.file if self.place is not None and isinstance(self.file, Path) else None


@dataclass(frozen=True, slots=True)
class Walk:
    """
    How people walk. Speeds are decimals, so that milliseconds are exact.

    `profile` is an id of `vocabulary.profiles`; reading a study takes the speeds from it where the
    study does not say them. `age_speeds` are those of bands such as `p60_69`, `profiles` those of
    groups that walk otherwise; both are read by `study.settings.walkers`.
    """

    profile: str = OLDER_ADULT
    speed_m_s: Decimal = Decimal("1.0")
    sensitivity_m_s: tuple[Decimal, ...] = (Decimal("0.8"), Decimal("1.2"))
    cutoffs_min: tuple[int, ...] = (5, 10, 15)
    max_snap_m: Decimal = Decimal(200)
    access_speed_factor: Decimal = Decimal("1.0")
    judge: Literal["outbound", "round_trip"] = "outbound"
    age_speeds: dict[str, Decimal] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)

    @property
    def alike(self) -> bool:
        """Whether all people walk alike: no band of age and no group has its own way."""
        return not (self.age_speeds or self.profiles)

    @property
    def speeds(self) -> tuple[Decimal, ...]:
        """The judged speed first, then those of the sensitivity, without repeats."""
        return tuple(dict.fromkeys((self.speed_m_s, *self.sensitivity_m_s)))

    def factor(self, speed_m_s: Decimal) -> Fraction:
        """How much faster one of `speeds` is than the judged speed; so for everybody."""
        return speed_ratio(speed_m_s) / speed_ratio(self.speed_m_s)

    @property
    def fastest_m_s(self) -> Fraction:
        """The fastest speed at which anybody is judged."""
        own = (known_profile(profile).speed_m_s for profile in self.profiles.values())
        level = max((self.speed_m_s, *self.age_speeds.values(), *own))
        return speed_ratio(level) * self.factor(max(self.speeds))

    @property
    def circle_min(self) -> int:
        """The cutoff of the service circle, minutes."""
        return self.cutoffs_min[-1]

    @property
    def reach_m(self) -> int:
        """Whole metres that the fastest walk and the leg before it may cover in the circle."""
        return math.ceil(self.circle_min * 60 * self.fastest_m_s + Fraction(self.max_snap_m))


@dataclass(frozen=True, slots=True)
class DemandLayer:
    """
    People of one group, from count rasters, a table of points, or counts of zones.

    `value` names columns that are added up. `table`, `sheet`, `code` and `name` are for counts
    that stand apart from the zones, `buildings`, `residential` and `unknown_use` (of buildings that
    state no use) for where their people live.
    `sheet` is that of `points` or `table`.
    """

    group: str
    raster: tuple[Path, ...] = ()
    density: Density | None = None
    points: Source | None = None
    zones: Source | Literal["streets", "communities"] | None = None
    zones_sheet: str | None = None
    value: tuple[str, ...] = ()
    table: Source | None = None
    sheet: str | None = None
    code: str | None = None
    name: str | None = None
    buildings: Source | None = None
    buildings_sheet: str | None = None
    residential: tuple[str, ...] = ()
    unknown_use: UnknownUse = "lived_in"
    lon: str | None = None
    lat: str | None = None
    x: str | None = None
    y: str | None = None
    id: str | None = None
    crs: str | None = None
    datum: Datum | None = None
    calibrate_to: Decimal | None = None
    basis: str | None = None
    year: int | None = None

    @property
    def file_name(self) -> str:
        """The file that holds the people; the layer of zones where it is theirs."""
        file = next(iter(self.raster), None) or self.points or self.table or self.zones
        return file.name if isinstance(file, Source) else str(file)


@dataclass(frozen=True, slots=True)
class Demand:
    """Who walks, and by which group the study is judged."""

    layers: tuple[DemandLayer, ...]
    group: str = "p60"
    household_size: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FacilityLayer:
    """
    One file of facilities.

    `where` keeps only some rows, as in `healthcare > 0` or `Category = 医院`. `entrances` are
    points with the `facility_id` of their facility, which is reached at the nearest of them.
    """

    file: Source
    where: str | None = None
    category: str | None = None
    category_column: str | None = None
    sheet: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    covers: Source | Literal["boundary", "extent"] | None = None
    covers_sheet: str | None = None
    entrances: Source | None = None
    entrances_sheet: str | None = None
    position_unsure: bool = False
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResidentialLayer:
    """One file of residential zones, existing or proposed; `entrances` are points of them."""

    file: Source
    sheet: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    entrances: Source | None = None
    entrances_sheet: str | None = None
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rule packs apply, the register of numbers, and how the 300 m² clause is read."""

    packs: tuple[str, ...] = ()
    registers: Source | None = None
    registers_sheet: str | None = None
    reading: Reading = "R3"
    basis: Literal["households", "dwellings"] = "households"
    mixed: Literal["pooled", "split"] = "pooled"


@dataclass(frozen=True, slots=True)
class Circle:
    """What the service circle of a home must contain."""

    require: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """
    A study as read from `study.toml`; paths are absolute.

    `as_of` and `plan_as_of` are the dates at which a facility counts. `categories` maps the ids
    that the study adds to their display names. `unknown_shift` says what becomes of a layer in a
    datum from which no shift to WGS 84 is known. `sha256` is the hash of the file as it was read.
    """

    file: Path
    name: str
    title: str
    as_of: dt.date
    network: NetworkSource
    demand: Demand
    plan_as_of: dt.date | None = None
    language: Language = "zh"
    crs: str = "auto"
    unknown_shift: UnknownShift = "refuse"
    synthetic: bool = False
    area: Area = field(default_factory=Area)
    walk: Walk = field(default_factory=Walk)
    facilities: tuple[FacilityLayer, ...] = ()
    residential_zones: tuple[ResidentialLayer, ...] = ()
    rules: Rules = field(default_factory=Rules)
    circle: Circle = field(default_factory=Circle)
    categories: dict[str, str] = field(default_factory=dict)
    sha256: str | None = None


def speed_ratio(speed_m_s: Decimal | Fraction) -> Fraction:
    """
    Return the exact rational of a walking speed.

    Examples
    --------
    >>> speed_ratio(Decimal("0.8"))
    Fraction(4, 5)
    """
    return Fraction(speed_m_s)
