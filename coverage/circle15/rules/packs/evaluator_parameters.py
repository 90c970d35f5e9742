"""What each evaluator asks of a rule: a record of its parameters."""

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
"""Units in which sites may be wanted in every one."""

RULE_LEVELS: Final = ("city", *LEVELS, "zone", "site")
"""What the clause of a rule speaks of."""


class Evaluator(StrEnum):
    """What computes the value of a rule."""

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


@dataclass(frozen=True, slots=True)
class ServiceCircle(TomlTable):
    """
    Whose share is counted, and of what.

    Of each list in `needs` any one category must be reached; without it the services are those
    of the study's circle. Without `cutoff_min` it is a circle of 15 minutes.
    """

    group: Annotated[str, OneOf(GROUPS)]
    cutoff_min: AboveZero | None = None
    needs: Some[Categories] | None = None


@dataclass(frozen=True, slots=True)
class ZoneFloorArea(TomlTable):
    """Nothing: the rate is the threshold, and `[floor_area]` of the pack says what counts."""


@dataclass(frozen=True, slots=True)
class SiteFloorArea(TomlTable):
    """Of which zones the sites have a least area."""

    scope: SiteScope = "all"


@dataclass(frozen=True, slots=True)
class UnitsWithCategory(TomlTable):
    """
    Which sites every unit must have: of one category, of any of several, or of each of several.

    A register may state how many units have one (`with_one`) of how many there are (`units`), or
    only how many `sites` there are.
    """

    category: Category | None = None
    any_of: Categories = ()
    each_of: Categories = ()
    with_one: AreaNumber | None = None
    units: AreaNumber | None = None
    sites: AreaNumber | None = None

    def check(self) -> None:
        """Refuse more than one way to say which sites, and none."""
        _one_of(self)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories any of which will do; none where each of several is wanted."""
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
    Which numbers of a register are divided.

    The numerators are added up; with `each` in their place every one of them is compared on its
    own. `where` limits the rule to areas that have these figures.
    """

    numerator: Texts[AreaNumber] = ()
    each: Texts[AreaNumber] = ()
    denominator: AreaNumber
    per: AboveZero = 100
    where: dict[AreaNumber, Finite] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse both numerators and `each`, and neither."""
        _one_of(self)


@dataclass(frozen=True, slots=True)
class Count(TomlTable):
    """Which number of a register is compared, and the one that sets the threshold, if any."""

    indicator: AreaNumber
    threshold_from: AreaNumber | None = None


@dataclass(frozen=True, slots=True)
class CapacitySum(TomlTable):
    """Which capacity of which open sites is added up; a register states it as `indicator`."""

    field: Annotated[str, OneOf(c.CAPACITIES)]
    categories: Categories
    indicator: AreaNumber


@dataclass(frozen=True, slots=True)
class FloorAreaPer1000(TomlTable):
    """Whose floor area is divided by which persons; a register states the area, too."""

    categories: Categories
    floor_area: AreaNumber
    persons: AreaNumber
    where: dict[AreaNumber, Finite] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Functions(TomlTable):
    """Which sites are looked at, and the flags of the functions that they may have."""

    of: Categories
    functions: Texts[ObjectFlag]


@dataclass(frozen=True, slots=True)
class Pair(TomlTable):
    """Sites, and the kinds of sites that may be their neighbours."""

    name: str
    of: Categories
    partners: Annotated[Categories, Field(alias="with")]


@dataclass(frozen=True, slots=True)
class Colocation(TomlTable):
    """
    Which sites are to have which neighbours, this near on foot.

    No document states metres: 100 is a choice of this project, and is printed with the value.
    """

    pairs: tuple[Pair, ...]
    d_adj_m: AboveZero = 100


@dataclass(frozen=True, slots=True)
class OneHub(TomlTable):
    """Which centres have which hubs, and the indicator by which a register assigns them."""

    members: Categories
    hubs: Categories
    indicator: ObjectText = "hub"


@dataclass(frozen=True, slots=True)
class InStep(TomlTable):
    """Pairs of dates: of the rooms, and of the housing that they must not be later than."""

    steps: tuple[DatePair, ...]


@dataclass(frozen=True, slots=True)
class EachObject(TomlTable):
    """Which figure of objects is compared; `where` limits it to those with these figures."""

    figure: ObjectNumber
    where: dict[ObjectNumber, Finite] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Equity(TomlTable):
    """The categories for each of which the spread over units is measured."""

    each_of: Categories


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
}

LEVELS_OF: Final[Mapping[Evaluator, tuple[str, ...]]] = {
    Evaluator.UNITS_WITH_CATEGORY: LEVELS,
    Evaluator.EQUITY: ("street", "community"),
}
"""Levels of the rules whose evaluators count in units of their level."""


ONE_OF: Final[Mapping[type[TomlTable], tuple[str, ...]]] = {
    UnitsWithCategory: ("category", "any_of", "each_of"),
    Ratio: ("numerator", "each"),
}
"""Parameters of which a rule has exactly one."""


def _one_of(record: TomlTable) -> None:
    names = ONE_OF[type(record)]
    if sum(bool(getattr(record, name)) for name in names) != 1:
        raise InputDataError(f"must hold one of {', '.join(names)}.")
