"""Turn the tables of a pack file into records, and collect everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

from circle15.errors import InputDataError
from circle15.rules.comparing import COMPARISONS
from circle15.rules.packs.floor_area_law import FloorAreaLaw, Pooling, SiteScope
from circle15.rules.packs.pack_tables import PackTable
from circle15.rules.packs.parameters import Evaluator, Known, checked_level, checked_parameters
from circle15.rules.packs.records import (
    LAW_EVALUATORS,
    Force,
    Printed,
    Rule,
    RulePack,
    Source,
    Status,
)
from circle15.study.names import fault_of_id
from circle15.study.vocabulary.categories import known_categories
from circle15.study.vocabulary.indicators import (
    Indicator,
    known_indicators,
    make_indicator,
    unit_words,
)

if TYPE_CHECKING:
    from circle15.study.languages import Language

_T = TypeVar("_T")

_TOP: Final = (
    "id", "title", "status", "notes", "source", "floor_area", "categories", "indicators",
    "printed", "rules",
)  # fmt: skip

METRES: Final = "metres"


class PackReader:
    """Turns the tables of one pack file into records, and collects what is wrong."""

    def __init__(self, table: PackTable, faults: list[InputDataError]) -> None:
        self.table = table
        self.faults = faults

    def tried(self, read: Callable[[], _T]) -> _T | None:
        """Read one part; a fault in it does not hide the faults of the others."""
        try:
            return read()
        except InputDataError as error:
            self.faults.append(error)
            return None

    def pack(self) -> RulePack | None:
        """Read the whole file; None where anything is wrong."""
        table = self.table
        self.tried(lambda: table.refuse_unknown(*_TOP))
        own = self.tried(self.indicators) or {}
        known = Known({**known_indicators(), **own}, (*known_categories(), *self.categories()))
        status = self.tried(self.status) or Status.DOCUMENT
        rules = self.rules(known, status)
        head = self.tried(lambda: (table.id("id"), table.words("title"), self.source()))
        law = self.tried(lambda: self.law(rules, known))
        notes = self.tried(lambda: _notes(table))
        printed = self.printed(rules)
        if self.faults or head is None:
            return None
        return RulePack(*head, tuple(rules), law, status, notes, printed, own)

    def status(self) -> Status:
        """Read what the pack quotes; a document where it does not say."""
        if "status" not in self.table.content:
            return Status.DOCUMENT
        return Status(self.table.one_of("status", tuple(Status)))

    def source(self) -> Source:
        """Read which document it is."""
        source = self.table.table("source")
        source.refuse_unknown("title", "publisher", "date")
        date = source.get("date", dt.date) if "date" in source.content else None
        return Source(source.filled("title"), source.filled("publisher"), date)

    def categories(self) -> Sequence[str]:
        """Ids of categories that the study must add under [categories]."""
        if "categories" not in self.table.content:
            return ()
        return self.tried(lambda: self.table.texts("categories")) or ()

    def indicators(self) -> dict[str, Indicator]:
        """Read the indicators that only this pack knows."""
        if "indicators" not in self.table.content:
            return {}
        found = {}
        tables = self.table.table("indicators")
        for key in tables.content:
            if (wrong := fault_of_id(key)) is not None:
                raise self.table.fault("indicators", f"has {key!r}, which {wrong}")
            row = tables.table(key)
            row.refuse_unknown("zh", "en", "unit", "object")
            row.one_of("unit", (*unit_words(), "date", "text", "flag"))
            names = {"zh": row.filled("zh"), "en": row.filled("en")}
            if key in known_indicators():
                raise tables.fault(key, "is the id of a built-in indicator")
            found[key] = make_indicator(key, {**row.content, **names})
        return found

    def rules(self, known: Known, status: Status) -> list[Rule]:
        """Read every rule that can be read; ids occur once, and contradictions have two sides."""
        rules: dict[str, Rule] = {}
        places: dict[str, dict[str, Any]] = {}
        for row in self.tried(lambda: self.table.tables("rules")) or []:
            rule = self.tried(lambda row=row: _rule(row, known, status))  # type: ignore[misc]
            if rule is None:
                continue
            if rule.id in rules:
                self.faults.append(row.fault("id", f"is '{rule.id}' a second time"))
            rules[rule.id], places[rule.id] = rule, row.content
        for rule in rules.values():
            for other in rule.contradicts:
                if other not in rules:
                    place = self.table.with_values({"rules": places[rule.id]})
                    self.faults.append(
                        place.fault("rules", f"of '{rule.id}' contradicts an unknown '{other}'")
                    )
        return list(rules.values())

    def law(self, rules: Sequence[Rule], known: Known) -> FloorAreaLaw | None:
        """Build the law from the floor-area rules and the table [floor_area], or from none."""
        table = self.table
        if "floor_area" not in table.content:
            return None
        parameters = table.table("floor_area")
        parameters.refuse_unknown("counts", "pooling")
        counts = tuple(parameters.get("counts", list))
        if not all(isinstance(category, str) for category in counts):
            raise parameters.fault("counts", "must list ids of categories")
        for category in counts:
            parameters.refuse_other("counts", category, known.categories, "category")
        numbers = {
            rule.evaluator: rule.threshold
            for rule in rules
            if rule.evaluator in LAW_EVALUATORS and rule.threshold is not None
        }
        # A document may state no least size of a site: then any size will do.
        numbers.setdefault(Evaluator.FLOOR_AREA_SITE, Decimal(0))
        missing = [evaluator.value for evaluator in LAW_EVALUATORS if evaluator not in numbers]
        if missing:
            found = f"needs rules with a threshold for {', '.join(missing)}"
            raise table.fault("floor_area", found)
        pooling = _pooling(parameters, rules)
        try:
            new, existing, site = (numbers[evaluator] for evaluator in LAW_EVALUATORS)
            return FloorAreaLaw(new, existing, site, counts, pooling, _site_scope(rules))
        except InputDataError as error:
            raise table.fault("rules", error.found) from error

    def printed(self, rules: Sequence[Rule]) -> tuple[Printed, ...]:
        """Read the figures that the document prints."""
        if "printed" not in self.table.content:
            return ()
        ids = [rule.id for rule in rules]
        tables = self.tried(lambda: self.table.tables("printed")) or []
        found = [
            self.tried(lambda row=row: _printed(row, ids))  # type: ignore[misc]
            for row in tables
        ]
        return tuple(one for one in found if one is not None)


def _site_scope(rules: Sequence[Rule]) -> SiteScope:
    """Return which zones the least area of a site is said of: all, unless its rule says which."""
    sites = [rule for rule in rules if rule.evaluator is Evaluator.FLOOR_AREA_SITE]
    scope: SiteScope = sites[0].parameters.get("scope", "all") if sites else "all"
    return scope


def _pooling(parameters: PackTable, rules: Sequence[Rule]) -> Pooling | None:
    """Read within how many metres zones pool: of a rule of the pack, or stated beside."""
    if "pooling" not in parameters.content:
        return None
    table = parameters.table("pooling")
    table.refuse_unknown("rule", "within_m")
    if len(table.content) != 1:
        raise parameters.fault("pooling", "must hold one of rule, within_m")
    try:
        if "within_m" in table.content:
            return Pooling(table.number("within_m"))
        key = table.get("rule", str)
        table.refuse_other("rule", key, [rule.id for rule in rules], "rule of this pack")
        rule = next(rule for rule in rules if rule.id == key)
        if rule.unit != METRES or rule.threshold is None or rule.comparison not in {"<", "<="}:
            raise table.fault("rule", f"names '{key}', which sets no upper bound in {METRES}")
        return Pooling(rule.threshold, inclusive=rule.comparison == "<=", rule=key)
    except InputDataError as error:
        if error.file is not None:
            raise
        raise parameters.fault("pooling", error.found.rstrip(".")) from error


def _rule(table: PackTable, known: Known, status: Status) -> Rule:
    table.refuse_unknown(*(f.name for f in fields(Rule)))
    threshold = table.number("threshold") if "threshold" in table.content else None
    evaluator = Evaluator(table.one_of("evaluator", tuple(Evaluator)))
    parameters = checked_parameters(table, evaluator, known)
    has_threshold = threshold is not None or "threshold_from" in parameters
    if ("comparison" in table.content) != has_threshold:
        raise table.fault("comparison", "must stand with a threshold, and only with one")
    quote = table.get("quote", str)
    if not quote and not status.is_excerpt:
        raise table.fault("quote", "is empty")
    return Rule(
        id=table.id("id"),
        quote=quote,
        meaning=table.words("meaning"),
        evaluator=evaluator,
        parameters=parameters,
        threshold=threshold,
        comparison=table.one_of("comparison", COMPARISONS) if has_threshold else None,
        unit=table.get("unit", str),
        level=checked_level(table, evaluator),
        target_year=table.get("target_year", int) if "target_year" in table.content else None,
        force=Force(table.one_of("force", tuple(Force))),
        contradicts=tuple(table.texts("contradicts")) if "contradicts" in table.content else (),
        notes=_notes(table),
    )


def _notes(table: PackTable) -> dict[Language, str] | None:
    return table.words("notes") if "notes" in table.content else None


def _printed(table: PackTable, rule_ids: Sequence[str]) -> Printed:
    table.refuse_unknown("rule", "quote", "value", "numerator", "denominator", "per", "stated")
    rule = table.get("rule", str)
    table.refuse_other("rule", rule, rule_ids, "rule of this pack")
    numbers = {
        key: table.number(key)
        for key in ("value", "numerator", "denominator", "stated")
        if key in table.content
    }
    per = table.get("per", int) if "per" in table.content else 100
    whole = {"numerator", "denominator"} <= numbers.keys()
    if whole == ("value" in numbers) or (whole and not numbers["denominator"]):
        raise table.fault("rule", "needs a value, or a numerator and a denominator above 0")
    if whole:
        value = per * Fraction(numbers["numerator"]) / Fraction(numbers["denominator"])
    else:
        value = Fraction(numbers["value"])
    return Printed(
        rule, table.get("quote", str), value, numbers.get("numerator"),
        numbers.get("denominator"), per, numbers.get("stated"),
    )  # fmt: skip
