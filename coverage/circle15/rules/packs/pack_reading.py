"""Convert the tables of a pack file to records, and collect its faults."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.rules.packs.evaluator_parameters import SiteFloorArea
from circle15.rules.packs.floor_area_law import FloorAreaLaw, Pooling, SiteScope
from circle15.rules.packs.pack_tables import PackTables, PoolingTable, PrintedFigure
from circle15.rules.packs.pack_values import PackContext
from circle15.rules.packs.records import LAW_EVALUATORS, Printed, Rule, RulePack
from circle15.study.typed_toml.reader import TableFaults, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.rules.packs.pack_faults import PackWording

METRES: Final = "metres"


def read_pack(
    content: dict[str, Any], words: PackWording
) -> tuple[RulePack | None, list[InputDataError]]:
    """Read the tables of a pack, and return its faults; the pack is None where there are any."""
    context = PackContext()
    try:
        tables = read_table(PackTables, content, context)
    except TableFaults as error:
        return None, words.errors(error.faults)
    faults = _contradictions(tables.rules, words)
    law: FloorAreaLaw | None = None
    try:
        law = _law(tables, words)
    except InputDataError as error:
        faults.append(error)
    if faults:
        return None, faults
    pack = RulePack(
        id=tables.id,
        title=tables.title,
        source=tables.source,
        rules=tables.rules,
        floor_area=law,
        status=tables.status,
        notes=tables.notes,
        printed=tuple(_printed(row) for row in tables.printed),
        indicators={key: row.indicator(key) for key, row in tables.indicators.items()},
    )
    return pack, []


def _contradictions(rules: Sequence[Rule], words: PackWording) -> list[InputDataError]:
    """Return faults for rules that contradict an unknown rule."""
    ids = {rule.id for rule in rules}
    return [
        words.fault(f"rules[{row}].contradicts", f"of '{rule.id}' contradicts an unknown '{other}'")
        for row, rule in enumerate(rules)
        for other in rule.contradicts
        if other not in ids
    ]


def _law(tables: PackTables, words: PackWording) -> FloorAreaLaw | None:
    """Build the law from the floor-area rules and `[floor_area]`; None without that table."""
    table = tables.floor_area
    if table is None:
        return None
    numbers = {
        rule.evaluator: rule.threshold
        for rule in tables.rules
        if rule.evaluator in LAW_EVALUATORS and rule.threshold is not None
    }
    new, existing, site = (numbers.get(evaluator) for evaluator in LAW_EVALUATORS)
    if new is None and existing is None:
        found = "needs rules with a threshold for floor_area_new, floor_area_existing or both"
        raise words.fault("floor_area", found)
    pooling = None if table.pooling is None else _pooling(table.pooling, tables.rules, words)
    try:
        return FloorAreaLaw(
            new,
            existing,
            site or Decimal(0),  # a document may state no least size: then any size is allowed
            table.counts,
            pooling,
            _site_scope(tables.rules),
            "" if table.pooling is None else table.pooling.quote,
        )
    except InputDataError as error:
        raise words.fault("rules", error.found.removesuffix(".")) from error


def _site_scope(rules: Sequence[Rule]) -> SiteScope:
    """Return the kind of zones to which the least area of a site applies; `all` by default."""
    said = (rule.parameters for rule in rules)
    return next((one.scope for one in said if isinstance(one, SiteFloorArea)), "all")


def _pooling(table: PoolingTable, rules: Sequence[Rule], words: PackWording) -> Pooling | None:
    """Return the radius within which zones pool: from a rule, in metres, or none stated."""
    place = "floor_area.pooling"
    if table.rule is None and table.within_m is None:
        return None
    try:
        if table.within_m is not None:
            return Pooling(table.within_m)
        rule = next(rule for rule in rules if rule.id == table.rule)
        if rule.unit == METRES and rule.threshold is not None and rule.comparison in {"<", "<="}:
            return Pooling(rule.threshold, inclusive=rule.comparison == "<=", rule=rule.id)
    except InputDataError as error:
        raise words.fault(place, error.found.removesuffix(".")) from error
    found = f"names '{table.rule}', which sets no upper bound in {METRES}"
    raise words.fault(f"{place}.rule", found)


def _printed(row: PrintedFigure) -> Printed:
    if row.value is not None:
        value = Fraction(row.value)
    else:
        value = row.per * Fraction(row.numerator or 0) / Fraction(row.denominator or 1)
    return Printed(row.rule, row.quote, value, row.numerator, row.denominator, row.per, row.stated)
