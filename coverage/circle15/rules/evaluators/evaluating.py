"""Evaluate the rules of a pack on the evidence of a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from circle15.rules.evaluators.answers import Maker, RuleResult
from circle15.rules.evaluators.areas import floor_area, site_size
from circle15.rules.evaluators.evidence import Evidence
from circle15.rules.evaluators.numbers import capacity_sum, count, floor_area_per_1000, ratio
from circle15.rules.evaluators.people import equity, service_circle, service_radius
from circle15.rules.evaluators.places import tiers, units_with_category
from circle15.rules.evaluators.remarks import printed_remarks
from circle15.rules.evaluators.sites import colocation, each_object, functions, in_step, one_hub
from circle15.rules.packs import evaluator_parameters as p
from circle15.rules.packs.evaluator_parameters import Evaluator
from circle15.rules.verdicts import Verdict
from circle15.study.typed_toml.table import TomlTable

if TYPE_CHECKING:
    from circle15.rules.packs.load import RulePack

__all__ = ["EVALUATORS", "Evidence", "RuleResult", "evaluate_pack"]

Evaluate = Callable[[Maker, Evidence], Iterator[RuleResult]]
_P = TypeVar("_P", bound=TomlTable)


def _by(
    kind: type[_P], evaluate: Callable[[Maker, _P, Evidence], Iterator[RuleResult]]
) -> Evaluate:
    """Return an evaluator that passes a rule's parameters, of the expected record, on."""

    def evaluated(make: Maker, evidence: Evidence) -> Iterator[RuleResult]:
        parameters = make.rule.parameters
        if not isinstance(parameters, kind):
            raise TypeError(f"{make.rule.id}: {kind.__name__} expected, not {parameters}")
        return evaluate(make, parameters, evidence)

    return evaluated


EVALUATORS: Final[dict[Evaluator, Evaluate]] = {
    Evaluator.SERVICE_CIRCLE: _by(p.ServiceCircle, service_circle),
    Evaluator.FLOOR_AREA_NEW: _by(p.ZoneFloorArea, floor_area),
    Evaluator.FLOOR_AREA_EXISTING: _by(p.ZoneFloorArea, floor_area),
    Evaluator.FLOOR_AREA_SITE: _by(p.SiteFloorArea, site_size),
    Evaluator.UNITS_WITH_CATEGORY: _by(p.UnitsWithCategory, units_with_category),
    Evaluator.TIERS: _by(p.Tiers, tiers),
    Evaluator.RATIO: _by(p.Ratio, ratio),
    Evaluator.COUNT: _by(p.Count, count),
    Evaluator.CAPACITY_SUM: _by(p.CapacitySum, capacity_sum),
    Evaluator.FLOOR_AREA_PER_1000: _by(p.FloorAreaPer1000, floor_area_per_1000),
    Evaluator.FUNCTIONS: _by(p.Functions, functions),
    Evaluator.COLOCATION: _by(p.Colocation, colocation),
    Evaluator.ONE_HUB: _by(p.OneHub, one_hub),
    Evaluator.IN_STEP: _by(p.InStep, in_step),
    Evaluator.EACH_OBJECT: _by(p.EachObject, each_object),
    Evaluator.EQUITY: _by(p.Equity, equity),
    Evaluator.SERVICE_RADIUS: _by(p.ServiceRadius, service_radius),
}

_ANSWERS: Final = {Verdict.MET, Verdict.NOT_MET}


def evaluate_pack(pack: RulePack, evidence: Evidence) -> list[RuleResult]:
    """
    Evaluate every rule of a pack: at least one row each, one for each scope and source.

    Where sources, or rules that contradict each other, give different verdicts for one figure,
    all of these rows are `source_conflict`; each keeps its value, threshold and own verdict
    (`alone`).
    """
    found: dict[str, list[RuleResult]] = {}
    for rule in pack.rules:
        rows = list(EVALUATORS[rule.evaluator](Maker(pack, rule), evidence))
        remarks = printed_remarks(pack, rule)
        if remarks:
            rows[0] = replace(rows[0], remarks=(*rows[0].remarks, *remarks))
        found[rule.id] = _sources_compared(rows)
    for rule in pack.rules:
        for other in rule.contradicts:
            found |= _contradicting(found, rule.id, other)
    return [row for rule in pack.rules for row in found[rule.id]]


def _sources_compared(rows: list[RuleResult]) -> list[RuleResult]:
    """Mark the rows of one scope in which sources give different verdicts."""
    answers: dict[str, set[Verdict]] = {}
    for row in rows:
        answers.setdefault(row.scope, set()).add(row.verdict)
    return [
        _in_conflict(row, "SOURCES_DIFFER") if answers[row.scope] >= _ANSWERS else row
        for row in rows
    ]


def _contradicting(
    found: dict[str, list[RuleResult]], one: str, other: str
) -> dict[str, list[RuleResult]]:
    """Mark two rules with different thresholds for one figure if their verdicts differ."""
    alone = {row.alone or row.verdict for key in (one, other) for row in found[key]}
    if not alone >= _ANSWERS:
        return {}
    return {
        key: [_in_conflict(row, "DOCUMENT_CONTRADICTS") for row in found[key]]
        for key in (one, other)
    }


def _in_conflict(row: RuleResult, reason: str) -> RuleResult:
    if row.verdict not in _ANSWERS:
        return row
    return replace(row, verdict=Verdict.SOURCE_CONFLICT, alone=row.verdict, reason=reason)
