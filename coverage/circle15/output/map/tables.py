"""Rule results and data quality as data for the panel beside the map."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.degrees import SCALE, lon_lat
from circle15.output.text.numbers import area, whole_persons
from circle15.output.text.people_by_reason import unknown_persons
from circle15.output.text.rule_scopes import FEW_SCOPES, scope_text, shortfall_text
from circle15.output.text.rule_texts import RuleTexts
from circle15.output.text.wording import Words, shortened
from circle15.results.figures import snapping_of_demand, unsnapped_homes, verdict_counts
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.results.records import StudyResult
    from circle15.rules.evaluators.answers import RuleResult
    from circle15.study.languages import Language

HOMES_SHOWN = 500
"""Most unsnapped homes drawn one by one: those with most people."""

_WORST_FIRST = (
    "not_met",
    "source_conflict",
    "undetermined",
    "met",
    "reported",
    "not_applicable",
)


def rule_rows(result: StudyResult, language: Language) -> list[dict[str, Any]]:
    """
    Return the results of the rule packs, formatted as in the report.

    Returns
    -------
    A record for each rule and scope; a rule with more than three scopes has one record with its
    worst verdict and the number of each verdict in `counts`. Values are text; `rule` is the id.
    """
    words = Words(language, result.study)
    texts = RuleTexts(words, result.indicators)
    names = {check.zone.zone_id: check.zone.name for check in result.zone_checks}
    by_rule: dict[tuple[str, str], list[RuleResult]] = defaultdict(list)
    for found in result.rules:
        by_rule[found.pack, found.rule.id].append(found)
    rows = []
    for results in by_rule.values():
        if len(results) > FEW_SCOPES and any(one.verdict != "reported" for one in results):
            rows.append(_summed_up(results, texts))
            continue
        rows += [_row(found, scope_text(found.scope, names, texts), texts) for found in results]
    return rows


def _row(found: RuleResult, scope: str, texts: RuleTexts) -> dict[str, Any]:
    return {
        **_rule(found, texts),
        "verdict": found.verdict.value,
        "scope": scope,
        "value": area(found.value, apart_from=found.threshold),
        "threshold": area(found.threshold),
        "shortfall": shortfall_text(found.shortfall),
        "unit": texts.unit(found.unit),
        "why": texts.why(found),
        "counts": {},
    }


def _summed_up(results: Sequence[RuleResult], texts: RuleTexts) -> dict[str, Any]:
    counts = verdict_counts(results)
    return {
        **_rule(results[0], texts),
        "verdict": next(word for word in _WORST_FIRST if counts[word]),
        "scope": texts.words.say("map.rule_scopes", n=len(results)),
        "value": "",
        "threshold": "",
        "shortfall": "",
        "unit": "",
        "why": "",
        "counts": {word: counts[word] for word in _WORST_FIRST if counts[word]},
    }


def _rule(found: RuleResult, texts: RuleTexts) -> dict[str, Any]:
    return {
        "pack": found.pack,
        "rule": found.rule.id,
        "meaning": found.rule.meaning[texts.words.language],
        "quote": found.rule.quote or "",
        "source": texts.document(found),
    }


def quality_rows(result: StudyResult, language: Language) -> dict[str, Any]:
    """
    Return the people whose state is unknown, and the homes that could not be snapped.

    Returns
    -------
    `homes`: the unsnapped homes with most people, each with `at`, whole `persons` and `why`;
    `homes_by_reason`: `homes` and `persons` of all of them by reason; `unknown`: by category,
    records of `why`, `settle` and `persons` at the circle's cutoff.
    """
    words = Words(language, result.study)
    reasons = {
        code: {
            "why": words.reason(code),
            "homes": one.points,
            "persons": whole_persons(one.persons),
        }
        for code, one in snapping_of_demand(result).items()
        if code and one.points
    }
    unknown = {
        category: [
            {
                "why": words.reason(reason),
                "settle": words.say(f"reasons.{reason}_settle"),
                "persons": persons,
            }
            for reason, persons in by_reason.items()
        ]
        for category, by_reason in unknown_persons(result).items()
    }
    return {
        "homes": _lost_homes(result, words),
        "homes_by_reason": list(reasons.values()),
        "unknown": unknown,
    }


def _lost_homes(result: StudyResult, words: Words) -> list[dict[str, Any]]:
    demand = result.demand
    code = demand[c.SNAP_CODE].astype(str).to_numpy(dtype=object)
    barrier, kind = (demand[key].to_numpy(object) for key in (c.BARRIER, c.BARRIER_KIND))
    weight = demand[c.weight_column(result.study.demand.group)].to_numpy()
    x, y = demand[c.X_M].to_numpy(float), demand[c.Y_M].to_numpy(float)
    rows = unsnapped_homes(result)[:HOMES_SHOWN]
    lon, lat = lon_lat(x[rows], y[rows], result.crs)
    places = np.round(np.column_stack([lon, lat]) * SCALE).astype(np.int64).tolist()
    ids = demand[c.DEMAND_ID].to_numpy(dtype=object)[rows]
    return [
        {
            "id": shortened(result.home_in_words(str(home))),
            "at": at,
            "persons": whole_persons(int(weight[row])),
            "why": words.joining(code[row], barrier[row], kind[row]),
        }
        for home, at, row in zip(ids, places, rows, strict=True)
    ]
