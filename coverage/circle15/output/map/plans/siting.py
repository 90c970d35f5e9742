"""Candidates for new sites and proposed sites as data for the map's script."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from circle15.inputs.crs.degrees import SCALE
from circle15.output.text.numbers import decimals, whole_persons
from circle15.output.text.siting_words import amount, whole_newly, whole_served_more
from circle15.output.text.wording import shortened
from circle15.results.siting.candidate_gains import candidate_gains
from circle15.results.siting.planned_sites import plans
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from circle15.results.records import StudyResult
    from circle15.results.siting.planned_sites import Plan

MOST_DRAWN: Final = 1000
"""Candidates of each question that are drawn beside the proposed ones, so that the page stays
small; those that would newly reach most people come first."""


def siting_layer(result: StudyResult) -> dict[str, Any]:
    """
    Return the candidates of all questions, by question and rank, and how many are left out.

    People are whole persons. `newly` are those whom a candidate would newly reach if it alone were
    built; of a proposed site also `number`, `phase`, `adds` (people whom it newly reaches beyond
    the sites before it; with `backup` those to whom it gives a second site), `minutes` (their mean
    walk) and `served` (people served more within the capacity), all null for other candidates.
    """
    found = candidate_gains(result)
    if not len(found):
        return {"candidates": [], "more": 0}
    shown = found[(found["rank"] <= MOST_DRAWN) | (found["number"] > 0)]
    by_name = {plan.answer.question.name: plan for plan in plans(result)}
    rows = [
        {
            "question": shortened(row["question"]),
            "category": row["category"],
            "id": row[c.CANDIDATE_ID],
            "label": shortened(row["label"]),
            "at": [round(row["lon"] * SCALE), round(row["lat"] * SCALE)],
            "street": shortened(row["street"] or ""),
            "reached": whole_persons(row["reached"]),
            "newly": _newly(row, by_name[row["question"]]),
            "unknown": whole_persons(row["unknown"]),
            "cost": None if row[c.COST] is None else amount(Fraction(row[c.COST])),
            **_proposed(row["number"], by_name[row["question"]]),
        }
        for row in shown.to_dict("records")
    ]
    return {"candidates": rows, "more": len(found) - len(shown)}


def _newly(row: Mapping[Hashable, Any], plan: Plan) -> int:
    """Round whom a candidate alone would newly reach; the number of `adds` if it adds as many."""
    micro: int = row["newly"]
    number: int = row["number"]
    if number and plan.sites[number - 1].site.newly == micro:
        return whole_newly(plan.answer)[number - 1]
    return whole_persons(micro)


def _proposed(number: int, plan: Plan) -> dict[str, Any]:
    """Return what only a proposed site has."""
    if not number:
        return dict.fromkeys(("number", "phase", "adds", "minutes", "served"))
    one = plan.sites[number - 1]
    return {
        "number": number,
        "phase": one.site.phase if plan.in_phases else None,
        "adds": whole_newly(plan.answer)[number - 1],
        "minutes": None if one.mean_min is None else decimals(one.mean_min, 1),
        "served": whole_served_more(plan.answer)[number - 1] if plan.measure == "served" else None,
    }
