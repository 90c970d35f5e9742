"""The settings of a study, as frozen records with every default in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AfterValidator

from circle15.errors import InputDataError
from circle15.study.database_tables import Source
from circle15.study.languages import Language
from circle15.study.settings.capacity import Capacity
from circle15.study.settings.edge_fields import EdgeField
from circle15.study.settings.files import (
    CoverageSource,
    FilePath,
    StudyPlace,
    TableSource,
    ZonesSource,
)
from circle15.study.settings.named_layers import (
    LayeredTable,
    names_of,
    refuse_sheets_alone,
    with_sheets,
)
from circle15.study.settings.output_tables import (
    CoverageBasis,
    FilesWritten,
    MapSettings,
    ReportSettings,
)
from circle15.study.settings.rules.requirements import Circle, Rules
from circle15.study.settings.scenarios.tables import ALL_GATES, Changes, Scenario, changes_of
from circle15.study.settings.siting import Siting
from circle15.study.settings.words import Datum, FolderName, ProfileName, UnknownUse
from circle15.study.typed_toml.kinds import Day, Number, OneOrMore, Whole, Words, YesNo
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary.profiles import OLDER_ADULT, known_profile, profiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

Density = Literal["count", "km2", "ha", "m2"]
UnknownShift = Literal["refuse", "accept"]

GROUPS: Final = ("total", "p60", "p65", "p70", "p80", "p0_3", "households")
"""Demand groups: people by age, and households."""


def _group(name: str) -> str:
    if name not in GROUPS:
        raise InputDataError(
            f"{name!r} is not a group.", mend=f"Known groups: {', '.join(GROUPS)}."
        )
    return name


Group = Annotated[str, AfterValidator(_group), Words(GROUPS)]

HORIZON_MIN: Final = 60
"""Search horizon for the nearest site, minutes, so that people in a gap also have a time."""


@dataclass(frozen=True, slots=True)
class ZoneLayer(LayeredTable):
    """A layer of subdistricts (key `streets`) or communities: a file and its columns."""

    file: TableSource
    id: str
    name: str
    street: str | None = None
    households: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Area(LayeredTable):
    """
    Where results are reported. Without a boundary all people are inside.

    `streets` are the subdistricts. `datum` applies to boundary, subdistricts and communities.
    """

    boundary: TableSource | None = None
    streets: ZoneLayer | None = None
    communities: ZoneLayer | None = None
    datum: Datum | None = None
    boundary_sheet: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkSource(LayeredTable):
    """
    The walking network: an OSM file, a graph, an edge layer, or a place to download.

    For a place, `file` is the path of the download. `columns` (field = heading) and
    `default_highway` (street class of lines that state none) are for edge layers; `mirror` and
    `geocoder` replace the default servers for a place. `dem` is an elevation raster.
    """

    file: TableSource
    sheet: str | None = None
    place: str | None = None
    mirror: str | None = None
    geocoder: str | None = None
    columns: dict[EdgeField, str] = field(default_factory=dict)
    default_highway: str | None = None
    extent: FilePath | None = None
    extent_sheet: str | None = None
    dem: FilePath | None = None
    squares: Literal["cross", "around"] = "cross"
    gated: Literal["open", "residents", "closed"] = "open"
    barriers: TableSource | None = None
    barriers_sheet: str | None = None
    walls: Literal["prefer", "stop", "ignore"] = "prefer"
    min_component_m: Number = Decimal(500)

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: StudyPlace) -> Mapping[str, Any]:
        """For a place, use the study file as a placeholder, as its download does not exist yet."""
        if "place" in raw and "file" in raw:
            raise InputDataError(
                "and 'file' are both given.", mend="Keep one of them.", column="place"
            )
        if "place" in raw:
            raw = {**raw, "file": context.file.name}
        return with_sheets(raw, names_of(cls))

    def check(self) -> None:
        """Refuse servers without a place, and a blank place."""
        refuse_sheets_alone(self)
        if self.place is None and (self.mirror or self.geocoder):
            mend = "A server serves a place only."
            raise InputDataError("is missing.", mend=mend, column="place")
        if self.place is not None and not self.place.strip():
            raise InputDataError("is blank.", mend="Name a place.", column="place")

    @classmethod
    def completed(cls, found: JsonSchemaValue, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Require either a file or a place."""
        table = handler.resolve_ref_schema(found)
        del table["required"]
        table["oneOf"] = [{"required": ["file"]}, {"required": ["place"]}]
        return found

    @property
    def kept(self) -> Path | None:
        """Path of the download of a place; None for any other network."""
        return self.file if self.place is not None and isinstance(self.file, Path) else None


@dataclass(frozen=True, slots=True)
class Walk(TomlTable):
    """
    How people walk. Speeds are decimals, so that milliseconds are exact.

    `profile` is an id of `vocabulary.profiles`, which also provides the speeds if the study does
    not state them. `age_speeds` are speeds of age bands such as `p60_69`, `profiles` are profiles
    of single groups; both are interpreted by `study.settings.walkers`.
    """

    profile: ProfileName = OLDER_ADULT
    speed_m_s: Number = Decimal("1.0")
    sensitivity_m_s: tuple[Number, ...] = (Decimal("0.8"), Decimal("1.2"))
    cutoffs_min: tuple[Whole, ...] = (5, 10, 15)
    max_snap_m: Number = Decimal(200)
    access_speed_factor: Number = Decimal("1.0")
    judge: Literal["outbound", "round_trip"] = "outbound"
    age_speeds: dict[str, Number] = field(default_factory=dict)
    profiles: dict[str, ProfileName] = field(default_factory=dict)

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: StudyPlace) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Fill in speeds that the study does not state from the profile."""
        known = profiles().get(str(raw.get("profile", OLDER_ADULT)))
        if known is not None:
            speeds = {
                "speed_m_s": known.speed_m_s, "sensitivity_m_s": list(known.sensitivity_m_s),
            }  # fmt: skip
            raw = speeds | dict(raw)
        return raw

    @property
    def alike(self) -> bool:
        """Whether all people walk alike: no age band and no group has its own speed or profile."""
        return not (self.age_speeds or self.profiles)

    @property
    def speeds(self) -> tuple[Decimal, ...]:
        """The judged speed, then those of the sensitivity analysis, without repeats."""
        return tuple(dict.fromkeys((self.speed_m_s, *self.sensitivity_m_s)))

    def factor(self, speed_m_s: Decimal) -> Fraction:
        """Return one of `speeds` ÷ the judged speed; the factor applies to all people."""
        return speed_ratio(speed_m_s) / speed_ratio(self.speed_m_s)

    @property
    def fastest_m_s(self) -> Fraction:
        """The fastest speed at which any people are judged."""
        own = (known_profile(profile).speed_m_s for profile in self.profiles.values())
        level = max((self.speed_m_s, *self.age_speeds.values(), *own))
        return speed_ratio(level) * self.factor(max(self.speeds))

    @property
    def circle_min(self) -> int:
        """The cutoff of the service circle, minutes."""
        return self.cutoffs_min[-1]

    @property
    def reach_m(self) -> int:
        """Whole metres covered within the circle at the fastest speed, plus an access leg."""
        return math.ceil(self.circle_min * 60 * self.fastest_m_s + Fraction(self.max_snap_m))


@dataclass(frozen=True, slots=True)
class DemandLayer(LayeredTable):
    """
    People of one group, from count rasters, a table of points, or counts of zones.

    `value` names columns that are summed. `table`, `sheet`, `code` and `name` are for counts in a
    table separate from the zones; `buildings`, `residential` and `unknown_use` (for buildings
    without a stated use) spread them over buildings. `sheet` is the layer of `points` or `table`.
    """

    group: Group
    raster: OneOrMore[FilePath] = ()
    density: Density | None = None
    points: TableSource | None = None
    zones: ZonesSource | None = None
    zones_sheet: str | None = None
    value: OneOrMore[str] = ()
    table: TableSource | None = None
    sheet: str | None = None
    code: str | None = None
    name: str | None = None
    buildings: TableSource | None = None
    buildings_sheet: str | None = None
    residential: OneOrMore[str] = ()
    unknown_use: UnknownUse = "lived_in"
    lon: str | None = None
    lat: str | None = None
    x: str | None = None
    y: str | None = None
    id: str | None = None
    crs: str | None = None
    datum: Datum | None = None
    calibrate_to: Number | None = None
    basis: str | None = None
    year: Whole | None = None

    @classmethod
    def completed(cls, found: JsonSchemaValue, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Require exactly one source of people."""
        table = handler.resolve_ref_schema(found)
        table["oneOf"] = [{"required": [key]} for key in ("raster", "points", "zones")]
        return found

    @property
    def file_name(self) -> str:
        """Name of the file with the people, which may be the zone layer."""
        file = next(iter(self.raster), None) or self.points or self.table or self.zones
        return file.name if isinstance(file, Source) else str(file)


@dataclass(frozen=True, slots=True)
class Demand(TomlTable):
    """The layers of people, and the group by which the study is judged."""

    layers: tuple[DemandLayer, ...]
    group: str = "p60"
    household_size: Number | None = None


@dataclass(frozen=True, slots=True)
class FacilityLayer(LayeredTable):
    """
    One file of facilities.

    `where` selects rows, such as `healthcare > 0` or `Category = 医院`. `entrances` are points with
    the `facility_id` of their facility, which is reached at the nearest entrance.
    """

    file: TableSource
    where: str | None = None
    category: str | None = None
    category_column: str | None = None
    sheet: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    covers: CoverageSource | None = None
    covers_sheet: str | None = None
    entrances: TableSource | None = None
    entrances_sheet: str | None = None
    position_unsure: YesNo = False
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResidentialLayer(LayeredTable):
    """One file of residential zones, existing or proposed, with optional points of entrances."""

    file: TableSource
    sheet: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    entrances: TableSource | None = None
    entrances_sheet: str | None = None
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudyHead(TomlTable):
    """
    The table `[study]`; the title defaults to the name.

    `as_of` and `plan_as_of` are the dates at which a facility must be open to count.
    `unknown_shift` is for datums without a known shift to WGS 84, `keep` for the history of runs.
    """

    name: FolderName
    as_of: Day
    title: str = ""
    plan_as_of: Day | None = None
    language: Language = "zh"
    crs: str = "auto"
    unknown_shift: UnknownShift = "refuse"
    synthetic: YesNo = False
    keep: Whole = 8


@dataclass(frozen=True, slots=True)
class StudyTables(TomlTable):
    """
    The tables of a `study.toml`.

    `categories` maps ids that the study adds to their names, `category_words` words of its lists
    to the ids of the categories that they mean.
    """

    study: StudyHead
    network: NetworkSource
    demand: Demand
    area: Area = field(default_factory=Area)
    walk: Walk = field(default_factory=Walk)
    facilities: tuple[FacilityLayer, ...] = ()
    residential_zones: tuple[ResidentialLayer, ...] = ()
    rules: Rules = field(default_factory=Rules)
    circle: Circle = field(default_factory=Circle)
    coverage_basis: CoverageBasis = field(default_factory=CoverageBasis)
    map: MapSettings = field(default_factory=MapSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    output: FilesWritten = field(default_factory=FilesWritten)
    capacity: dict[str, Capacity] = field(default_factory=dict)
    siting: dict[FolderName, Siting] = field(default_factory=dict)
    scenarios: dict[FolderName, Scenario] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    category_words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(StudyHead):
    """
    A study as read from `study.toml`; paths are absolute.

    `sha256` is the hash of the file as read, `changes` those of the scenario that this is.
    """

    file: Path
    network: NetworkSource
    demand: Demand
    area: Area = field(default_factory=Area)
    walk: Walk = field(default_factory=Walk)
    facilities: tuple[FacilityLayer, ...] = ()
    residential_zones: tuple[ResidentialLayer, ...] = ()
    rules: Rules = field(default_factory=Rules)
    circle: Circle = field(default_factory=Circle)
    coverage_basis: CoverageBasis = field(default_factory=CoverageBasis)
    map: MapSettings = field(default_factory=MapSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    output: FilesWritten = field(default_factory=FilesWritten)
    capacity: dict[str, Capacity] = field(default_factory=dict)
    siting: dict[FolderName, Siting] = field(default_factory=dict)
    scenarios: dict[FolderName, Scenario] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    category_words: dict[str, str] = field(default_factory=dict)
    sha256: str | None = None
    changes: Changes | None = None

    def with_changes(self, name: str, /, **changes: Any) -> Study:
        """
        Return the study of a scenario, which `run`, `check` and the others take like any study.

        Parameters
        ----------
        name
            A table `[scenarios.NAME]` of the study; with `changes` a name for these.
        changes
            Keys of such a table, as in `close=["S-017"]`; paths relative to the current folder.

        Raises
        ------
        InputDataError
            If the study has no such scenario or is one itself, a key is wrong or a file missing.
        """
        if self.changes is not None:
            found = f"is the scenario '{self.changes.name}'."
            raise InputDataError(found, file=self.file, mend="Change the study itself.")
        own = changes_of(name, changes, self.scenarios, self.file)
        every = own.scenario.open_gates == ALL_GATES
        network = replace(self.network, gated="open") if every else self.network
        title = f"{self.title} · {name}"
        return replace(self, network=network, title=title, scenarios={}, changes=own)


def speed_ratio(speed_m_s: Decimal | Fraction) -> Fraction:
    """
    Return the exact rational of a walking speed.

    Examples
    --------
    >>> speed_ratio(Decimal("0.8"))
    Fraction(4, 5)
    """
    return Fraction(speed_m_s)
