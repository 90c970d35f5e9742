"""Measures of equity as text, the same in the report and on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.text.numbers import NOTHING, decimals, people, percent, split_people
from circle15.results.figures import coverage_row
from circle15.results.supply_classes import people_related

if TYPE_CHECKING:
    from circle15.access.equity import Equity
    from circle15.access.supply.records import CategoryAccess, Measure
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

MEASURES: Final = (
    *("persons_unknown", "equity_mean", "worst_tenth", "spread"),
    *("gini", "palma", "decile_ratio", "variation"),
)
"""Columns of the measures, in the order in which they are printed."""

SHARED_MEASURES: Final = ("persons_unknown", "equity_mean", "spread", "gini")
"""Those that say something of a value that is 1 or 0 for each person, as coverage is."""


def measure_texts(
    result: StudyResult, one: CategoryAccess, measure: Measure, words: Words
) -> dict[str, str]:
    """
    Format the measures of one category.

    Returns
    -------
    Text by column of `MEASURES`, in that order: minutes with one decimal, supply of so many people
    as `people_related` says with two, coverage in per cent and percentage points. A dash where a
    measure is undefined, or says nothing of coverage.
    """
    found = one.equity[measure]
    if measure == "coverage":
        points = NOTHING if found.spread is None else decimals(100 * found.spread, 1)
        spread = points if points == NOTHING else words.say("supply.equity_points", points=points)
        shown = [percent(found.mean), NOTHING, spread, decimals(found.gini, 3), *[NOTHING] * 3]
    else:
        n, digits = (people_related(one), 2) if measure == "supply" else (1, 1)
        values = (found.mean, found.worst_tenth, found.spread)
        shown = [
            *(NOTHING if value is None else decimals(n * value, digits) for value in values),
            decimals(found.gini, 3),
            *(decimals(value, 2) for value in (found.palma, found.decile_ratio)),
            decimals(found.coefficient_of_variation, 2),
        ]
    return dict(zip(MEASURES, [_unknown(result, one, found), *shown], strict=True))


def why_undefined(found: Equity, column: str, words: Words) -> str:
    """
    Say why a measure has no value.

    Parameters
    ----------
    column
        One of `MEASURES` whose text is a dash.
    """
    if not found.persons:
        key = "unknown"
    elif column == "spread":
        key = "zones"
    elif not found.mean:
        key = "zero"
    else:
        key = {"palma": "forty", "decile_ratio": "tenth"}[column]
    return words.say(f"supply.undefined_{key}")


def _unknown(result: StudyResult, one: CategoryAccess, found: Equity) -> str:
    """Format people of unknown value: the same number as where it is a part of all people."""
    row = coverage_row(result, one.category)
    if row is not None and row.counts.unknown == found.persons_unknown:
        return split_people(row.counts)[3]
    return people(found.persons_unknown)
