"""What each evaluator asks of a rule: its parameters, checked when a pack is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from circle15.rules.packs.pack_tables import PackTable, shown
from circle15.study.settings.records import GROUPS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.indicators import DATE, FLAG, TEXT

if TYPE_CHECKING:
    from circle15.study.vocabulary.indicators import Indicator


SITE_SCOPES: Final = ("all", "new", "existing")
"""Kinds of zones whose sites have a least area."""


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


@dataclass(frozen=True)
class Known:
    """The ids that parameters may name."""

    indicators: Mapping[str, Indicator]
    categories: tuple[str, ...]


Check = Callable[["PackTable", str, Known], None]


def _category(table: PackTable, key: str, known: Known) -> None:
    table.one_of(key, known.categories)


def _categories(table: PackTable, key: str, known: Known) -> None:
    for value in table.texts(key):
        table.refuse_other(key, value, known.categories, "category")


def _group(table: PackTable, key: str, known: Known) -> None:  # noqa: ARG001 - all checks alike
    table.one_of(key, GROUPS)


def _capacity(table: PackTable, key: str, known: Known) -> None:  # noqa: ARG001 - all checks alike
    table.one_of(key, c.CAPACITIES)


def _site_scope(table: PackTable, key: str, known: Known) -> None:  # noqa: ARG001 - all alike
    table.one_of(key, SITE_SCOPES)


def _whole(table: PackTable, key: str, known: Known) -> None:  # noqa: ARG001 - all checks alike
    if table.get(key, int) <= 0:
        raise table.fault(key, "must be greater than 0")


def _indicator_of(*kinds: str, single: bool) -> Check:
    """Check one indicator or a list of them: numbers, or the kinds named; of objects or not."""

    def check(table: PackTable, key: str, known: Known) -> None:
        for value in table.texts(key):
            table.refuse_other(key, value, tuple(known.indicators), "indicator")
            found = known.indicators[value]
            odd = found.unit not in kinds if kinds else found.unit in {DATE, TEXT, FLAG}
            if odd or found.object == single:
                what = f"of the kind {', '.join(kinds)}" if kinds else "a number"
                of = "of the whole area" if single else "of single objects"
                raise table.fault(key, f"names '{value}', which is not {what} {of}")

    return check


_number = _indicator_of(single=True)
_object_number = _indicator_of(single=False)
_object_flags = _indicator_of(FLAG, single=False)
_object_text = _indicator_of(TEXT, single=False)
_object_dates = _indicator_of(DATE, single=False)


def _where(check: Check) -> Check:
    def check_where(table: PackTable, key: str, known: Known) -> None:
        where = table.table(key)
        for name in where.content:
            where.number(name)
            table.refuse_other(key, name, tuple(known.indicators), "indicator")
            check(table.with_values({name: name}), name, known)

    return check_where


def _needs(table: PackTable, key: str, known: Known) -> None:
    rows = table.get(key, list)
    for row in rows:
        _categories(table.with_values({key: row}), key, known)
    if not rows:
        raise table.fault(key, "is empty")


def _steps(table: PackTable, key: str, known: Known) -> None:
    for step in table.get(key, list):
        _object_dates(table.with_values({key: step}), key, known)
        if len(step) != 2:
            raise table.fault(key, f"is {shown(step)}, and must pair a date of the rooms and one of"
                                   " the housing")  # fmt: skip


def _pairs(table: PackTable, key: str, known: Known) -> None:
    for pair in table.tables(key):
        pair.refuse_unknown("name", "of", "with")
        pair.get("name", str)
        _categories(pair, "of", known)
        _categories(pair, "with", known)


def _tiers(table: PackTable, key: str, known: Known) -> None:
    for tier in table.tables(key):
        tier.refuse_unknown("name", "level", "any_of", "with_one", "units", "sites")
        tier.one_of("level", LEVELS)
        for name in ("with_one", "units"):
            _number(tier, name, known)
        if "sites" in tier.content:
            _number(tier, "sites", known)
        if "name" in tier.content:
            tier.get("name", str)
        if "any_of" in tier.content:
            _categories(tier, "any_of", known)


LEVELS: Final = ("district", "street", "community")
"""Units in which sites may be wanted in every one."""

RULE_LEVELS: Final = ("city", *LEVELS, "zone", "site")
"""What the clause of a rule speaks of."""

_OF_UNITS: Final = {
    Evaluator.UNITS_WITH_CATEGORY: LEVELS,
    Evaluator.EQUITY: ("street", "community"),
}
"""Evaluators that count in units of the level of their rule."""

_NEED: Final = True
_MAY: Final = False

PARAMETERS: Final[Mapping[Evaluator, Mapping[str, tuple[Check, bool]]]] = {
    Evaluator.SERVICE_CIRCLE: {
        "group": (_group, _NEED), "cutoff_min": (_whole, _MAY), "needs": (_needs, _MAY),
    },
    Evaluator.FLOOR_AREA_NEW: {},
    Evaluator.FLOOR_AREA_EXISTING: {},
    Evaluator.FLOOR_AREA_SITE: {"scope": (_site_scope, _MAY)},
    Evaluator.UNITS_WITH_CATEGORY: {
        "category": (_category, _MAY), "any_of": (_categories, _MAY),
        "each_of": (_categories, _MAY), "with_one": (_number, _MAY), "units": (_number, _MAY),
        "sites": (_number, _MAY),
    },
    Evaluator.TIERS: {"tiers": (_tiers, _NEED)},
    Evaluator.RATIO: {
        "numerator": (_number, _MAY), "each": (_number, _MAY), "denominator": (_number, _NEED),
        "per": (_whole, _MAY), "where": (_where(_number), _MAY),
    },
    Evaluator.COUNT: {"indicator": (_number, _NEED), "threshold_from": (_number, _MAY)},
    Evaluator.CAPACITY_SUM: {
        "field": (_capacity, _NEED), "categories": (_categories, _NEED),
        "indicator": (_number, _NEED),
    },
    Evaluator.FLOOR_AREA_PER_1000: {
        "categories": (_categories, _NEED), "floor_area": (_number, _NEED),
        "persons": (_number, _NEED), "where": (_where(_number), _MAY),
    },
    Evaluator.FUNCTIONS: {"of": (_categories, _NEED), "functions": (_object_flags, _NEED)},
    Evaluator.COLOCATION: {"pairs": (_pairs, _NEED), "d_adj_m": (_whole, _MAY)},
    Evaluator.ONE_HUB: {
        "members": (_categories, _NEED), "hubs": (_categories, _NEED),
        "indicator": (_object_text, _MAY),
    },
    Evaluator.IN_STEP: {"steps": (_steps, _NEED)},
    Evaluator.EACH_OBJECT: {
        "figure": (_object_number, _NEED), "where": (_where(_object_number), _MAY),
    },
    Evaluator.EQUITY: {"each_of": (_categories, _NEED)},
}  # fmt: skip

_ONE_OF: Final = {
    Evaluator.UNITS_WITH_CATEGORY: ("category", "any_of", "each_of"),
    Evaluator.RATIO: ("numerator", "each"),
}


def checked_level(rule: PackTable, evaluator: Evaluator) -> str:
    """
    Return the level of a rule, as its evaluator can count.

    Raises
    ------
    InputDataError
        If it is missing or unknown, or its evaluator cannot count there; the message says what is
        near.
    """
    level = rule.get("level", str)
    rule.refuse_other("level", level, RULE_LEVELS, "level")
    allowed = _OF_UNITS.get(evaluator, RULE_LEVELS)
    if level not in allowed:
        words = ", ".join(allowed)
        raise rule.fault("level", f"is '{level}', and of '{evaluator.value}' may be {words}")
    return level


def checked_parameters(rule: PackTable, evaluator: Evaluator, known: Known) -> Mapping[str, Any]:
    """
    Return the parameters of a rule, as its evaluator asks for them.

    Raises
    ------
    InputDataError
        If one is unknown, missing, or names what does not exist; the message says what is near.
    """
    wanted = PARAMETERS[evaluator]
    if "parameters" not in rule.content:
        table = rule.with_values({"parameters": {}}).table("parameters")
    else:
        table = rule.table("parameters")
    table.refuse_unknown(*wanted)
    for key, (check, needed) in wanted.items():
        if key in table.content:
            check(table, key, known)
        elif needed:
            raise table.fault(key, "is missing")
    options = _ONE_OF.get(evaluator, ())
    if options and sum(key in table.content for key in options) != 1:
        raise rule.fault("parameters", f"must hold one of {', '.join(options)}")
    return table.content
