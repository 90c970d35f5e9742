"""
An answer to a siting question written by hand, for the result of `report_result`.

    candidate  street  within its circle  in the gap  cost
    V-1 Room   S2      3 people           1           400,000     built first: 10 min on average
    V-2 Hall   S2      1.5                0.25        250,000.5   built second, in phase 2
    V-3        S1      2                  0           not stated

Of the 1.5 people in the gap 0.25 stay: 0.2 in the circle of no candidate, 0.05 in one not chosen.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from circle15.access.counting import Counts
from circle15.inputs.tables.column_kinds import typed
from circle15.planning.candidates import Candidates
from circle15.planning.plan_counts import NewSite
from circle15.planning.posing import Question
from circle15.planning.proposals import After, SitingAnswer, UnmetLimit
from circle15.planning.reach import Gains
from circle15.planning.siting.solution import Solution
from circle15.study.settings.siting import Siting
from tests.builders.report_result import STATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.results.records import StudyResult

ONE = 1_000_000
BEFORE = Counts(5 * ONE, 2_500_000, 1_500_000, ONE)
AFTER = Counts(5 * ONE, 3_750_000, 250_000, ONE)
ASKED = Siting(STATION, phases=(1, 1), candidates=Path("vacant.csv"))
FLOOR = UnmetLimit("street_floor", Fraction(4, 5), Fraction(3, 4))


def candidates_of(name: str) -> pd.DataFrame:
    """Write the table of the candidates; `name` replaces every text that data may hold."""
    table = pd.DataFrame(
        {
            "candidate_id": [name or "V-1", "V-2", "V-3"],
            "name": [name or "Room", name or "Hall", None],
            "x_m": [501200.0, 501500.0, 500300.0],
            "y_m": [3400500.0, 3400500.0, 3400500.0],
            "street_id": ["S2", "S2", "S1"],
            "community_id": ["K2", "K2", "K1"],
            "floor_area_m2": [Decimal("320.5"), None, None],
            "cost": [Decimal(400_000), Decimal("250000.5"), None],
            **dict.fromkeys(("beds", "nursing_beds", "meals_per_day", "places")),
        },
        dtype=object,
    )
    return typed(table)


def new_site(candidate: int, **numbers: Any) -> NewSite:
    """Write a proposed site; people are micro-persons."""
    zero = dict.fromkeys(
        ("reached", "alone", "newly", "settled", "covers", "adds", "served", "saved_ms"), 0
    )
    given = {"facility_id": f"V-{candidate + 1}", "phase": 1, "mean_ms": None, **zero, **numbers}
    return NewSite(candidate, **given)


SITES = (
    new_site(0, reached=3 * ONE, alone=ONE, newly=ONE, covers=ONE, adds=ONE, mean_ms=600_000.0,
             saved_ms=ONE * 60_000 * 30),
    new_site(1, phase=2, reached=1_500_000, alone=250_000, newly=250_000, covers=250_000,
             adds=250_000, mean_ms=300_000.0, saved_ms=ONE * 60_000 * 5),
)  # fmt: skip


def answer_of(
    *, name: str = "", sites: Sequence[NewSite] = SITES, proven: bool = True, **settings: Any
) -> SitingAnswer:
    """Write the answer; `settings` are those of the question."""
    source = cast("Any", type("Source", (), {})())
    source.cells = type("Cells", (), {"file": Path(name or "vacant.csv")})()
    question = Question(
        "stations",
        replace(ASKED, **settings),
        Candidates(candidates_of(name), cast("Any", None), {"NO_POSITION": 2}, source=source),
    )
    numbers = [np.array(one, np.int64) for one in (
        (3 * ONE, 1_500_000, 2 * ONE), (ONE, 250_000, 0), (0, 100_000, 0)
    )]  # fmt: skip
    solution = Solution(
        sites=(), counted="people", value=3_750_000, bound=3_750_000 if proven else 4 * ONE,
        is_proven=proven, stop="proven" if proven else "clock", seconds=1.0,
        floor=None, unmet=(),
    )  # fmt: skip
    nobody = Counts(2_500_000, 2_500_000, 0, 0)
    streets = [
        After(nobody, nobody, 0, "S1", name or "S 1"),
        After(
            Counts(2_500_000, 0, 1_500_000, ONE),
            Counts(2_500_000, 1_250_000, 250_000, ONE),
            200_000,
            "S2",
            name or "S 2",
            held={"several": 50_000},
        ),
    ]
    return SitingAnswer(
        question,
        Gains(*numbers),
        solution,
        sites,
        2_500_000,
        After(BEFORE, AFTER, 200_000, held={"several": 50_000}),
        streets,
        (),
    )


def sited(result: StudyResult, *answers: SitingAnswer) -> StudyResult:
    """Put answers into a result, and their questions into its study."""
    asked = {one.question.name: one.question.settings for one in answers}
    return replace(result, siting=answers, study=replace(result.study, siting=asked))
