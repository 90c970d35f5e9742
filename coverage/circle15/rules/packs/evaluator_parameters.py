"""The parameters of each evaluator, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from circle15.errors import InputDataError
from circle15.rules.packs.floor_area_law import SiteScope
from circle15.rules.packs.pack_values import (
    AreaNumber,
    Categories,
    Category,
    DatePair,
    ObjectFlag,
    ObjectNumber,
    ObjectText,
    Some,
    Texts,
)
from circle15.study.settings.records import GROUPS
from circle15.study.typed_toml.kinds import AboveZero, Finite, OneOf
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary import columns as c

LEVELS: Final = ("district", "street", "community")
"""Levels of units, in each of which a rule may require sites."""

RULE_LEVELS: Final = ("city", *LEVELS, "zone", "site")
"""Levels to which the clause of a rule may apply."""


class Evaluator(StrEnum):
    """Name of the function that computes the value of a rule."""

    SERVICE_CIRCLE = "service_circle"
    FLOOR_AREA_NEW = "floor_area_new"
    FLOOR_AREA_EXISTING = "floor_area_existing"
    FLOOR_AREA_SITE = "floor_area_site"
    UNITS_WITH_CATEGORY = "units_with_category"
    TIERS = "tiers"
    RATIO = "ratio"
    COUNT = "count"
    CAPACITY_SUM = "capacity_sum"
    FLOOR_AREA_PER_1000 = "floor_area_per_1000"
    FUNCTIONS = "functions"
    COLOCATION = "colocation"
    ONE_HUB = "one_hub"
    IN_STEP = "in_step"
    EACH_OBJECT = "each_object"
    EQUITY = "equity"
    SERVICE_RADIUS = "service_radius"


@dataclass(frozen=True, slots=True)
class ServiceCircle(TomlTable):
    """
    Group whose share is counted, and the services that it must reach.

    Any one category of every list in `needs` must be reached; without it the services are those of
    the study's circle. Without `cutoff_min` the circle is 15 minutes.
    """

    group: Annotated[str, OneOf(GROUPS)]
    cutoff_min: AboveZero | None = None
    needs: Some[Categories] | None = None


@dataclass(frozen=True, slots=True)
class ZoneFloorArea(TomlTable):
    """No parameters: the rate is the threshold, and `[floor_area]` lists what counts."""


@dataclass(frozen=True, slots=True)
class SiteFloorArea(TomlTable):
    """Kind of zones whose sites have a least area."""

    scope: SiteScope = "all"


@dataclass(frozen=True, slots=True)
class UnitsWithCategory(TomlTable):
    """
    Sites that every unit must have: of one category, of any of several, or of each of several.

    A register may state the number of units with a site (`with_one`) and the number of `units`, or
    only the number of `sites`.
    """

    category: Category | None = None
    any_of: Categories = ()
    each_of: Categories = ()
    with_one: AreaNumber | None = None
    units: AreaNumber | None = None
    sites: AreaNumber | None = None

    def check(self) -> None:
        """Require exactly one of the parameters that select sites."""
        _one_of(self)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of which any one suffices; none where each of several is required."""
        return self.any_of if self.category is None else (self.category,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(TomlTable):
    """Sites that every unit of a level must have; see `UnitsWithCategory`."""

    name: str | None = None
    level: Annotated[str, OneOf(LEVELS)]
    any_of: Categories = ()
    with_one: AreaNumber
    units: AreaNumber
    sites: AreaNumber | None = None


@dataclass(frozen=True, slots=True)
class Tiers(TomlTable):
    """The levels or kinds of sites that are compared, each on its own."""

    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(TomlTable):
    """
    Numbers from a register that are divided.

    The numerators are added up; with `each` instead, each one is compared on its own. `where`
    limits the rule to areas that have these figures.
    """

    numerator: Texts[AreaNumber] = ()
    each: Texts[AreaNumber] = ()
    denominator: AreaNumber
    per: AboveZero = 100
    where: dict[AreaNumber, Finite] = field(default_factory=dict)

    def check(self) -> None:
        """Require either numerators or `each`."""
        _one_of(self)


@dataclass(frozen=True, slots=True)
class Count(TomlTable):
    """Number from a register that is compared, and the one that sets the threshold, if any."""

    indicator: AreaNumber
    threshold_from: AreaNumber | None = None


@dataclass(frozen=True, slots=True)
class CapacitySum(TomlTable):
    """Capacity of open sites that is summed; a register may state the sum as `indicator`."""

    field: Annotated[str, OneOf(c.CAPACITIES)]
    categories: Categories
    indicator: AreaNumber


@dataclass(frozen=True, slots=True)
class FloorAreaPer1000(TomlTable):
    """Categories whose floor area is divided by persons; a register may state the area."""

    categories: Categories
    floor_area: AreaNumber
    persons: AreaNumber
    where: dict[AreaNumber, Finite] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Functions(TomlTable):
    """Sites that are judged, and the flags of the functions that they may have."""

    of: Categories
    functions: Texts[ObjectFlag]


@dataclass(frozen=True, slots=True)
class Pair(TomlTable):
    """Sites, and the kinds of sites that count as their neighbours."""

    name: str
    of: Categories
    partners: Annotated[Categories, Field(alias="with")]


@dataclass(frozen=True, slots=True)
class Colocation(TomlTable):
    """
    Sites that should have certain neighbours within a distance on foot.

    No document states metres: 100 is a choice of this project, and is printed with the value.
    """

    pairs: tuple[Pair, ...]
    d_adj_m: AboveZero = 100


@dataclass(frozen=True, slots=True)
class OneHub(TomlTable):
    """Centres and hubs, and the indicator by which a register assigns them."""

    members: Categories
    hubs: Categories
    indicator: ObjectText = "hub"


@dataclass(frozen=True, slots=True)
class InStep(TomlTable):
    """
    Pairs of dates: of the rooms, and of the housing that they must not be later than.

    A zone with the flag `met_by` has no late step, whatever its dates.
    """

    steps: tuple[DatePair, ...]
    met_by: ObjectFlag | None = None


@dataclass(frozen=True, slots=True)
class EachObject(TomlTable):
    """Figure of objects that is compared; `where` limits it to those with these figures."""

    figure: ObjectNumber
    where: dict[ObjectNumber, Finite] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Equity(TomlTable):
    """The categories for each of which the spread over units is measured."""

    each_of: Categories


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRadius(TomlTable):
    """Group whose share lies within metres on foot of a site of any of some categories."""

    group: Annotated[str, OneOf(GROUPS)]
    any_of: Categories
    within_m: Some[AboveZero]


Parameters: TypeAlias = (
    ServiceCircle
    | ZoneFloorArea
    | SiteFloorArea
    | UnitsWithCategory
    | Tiers
    | Ratio
    | Count
    | CapacitySum
    | FloorAreaPer1000
    | Functions
    | Colocation
    | OneHub
    | InStep
    | EachObject
    | Equity
    | ServiceRadius
)

PARAMETERS: Final[Mapping[Evaluator, type[Parameters]]] = {
    Evaluator.SERVICE_CIRCLE: ServiceCircle,
    Evaluator.FLOOR_AREA_NEW: ZoneFloorArea,
    Evaluator.FLOOR_AREA_EXISTING: ZoneFloorArea,
    Evaluator.FLOOR_AREA_SITE: SiteFloorArea,
    Evaluator.UNITS_WITH_CATEGORY: UnitsWithCategory,
    Evaluator.TIERS: Tiers,
    Evaluator.RATIO: Ratio,
    Evaluator.COUNT: Count,
    Evaluator.CAPACITY_SUM: CapacitySum,
    Evaluator.FLOOR_AREA_PER_1000: FloorAreaPer1000,
    Evaluator.FUNCTIONS: Functions,
    Evaluator.COLOCATION: Colocation,
    Evaluator.ONE_HUB: OneHub,
    Evaluator.IN_STEP: InStep,
    Evaluator.EACH_OBJECT: EachObject,
    Evaluator.EQUITY: Equity,
    Evaluator.SERVICE_RADIUS: ServiceRadius,
}

LEVELS_OF: Final[Mapping[Evaluator, tuple[str, ...]]] = {
    Evaluator.UNITS_WITH_CATEGORY: LEVELS,
    Evaluator.EQUITY: ("street", "community"),
}
"""Levels allowed for rules whose evaluators count units of their level."""


ONE_OF: Final[Mapping[type[TomlTable], tuple[str, ...]]] = {
    UnitsWithCategory: ("category", "any_of", "each_of"),
    Ratio: ("numerator", "each"),
}
"""Parameters of which a rule has exactly one."""


def _one_of(record: TomlTable) -> None:
    names = ONE_OF[type(record)]
    if sum(bool(getattr(record, name)) for name in names) != 1:
        raise InputDataError(f"must hold one of {', '.join(names)}.")
