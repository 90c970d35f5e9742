"""The part of the report on equity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.model import Paragraph, Subheading, Table, WideRow
from circle15.output.report.equity.curves import equity_findings, lorenz_figure
from circle15.output.report.section_parts import columns
from circle15.output.text.numbers import (
    NOTHING,
    count,
    decimals,
    people,
    percent,
    split_people,
)
from circle15.results.figures import coverage_row
from circle15.results.supply_classes import people_related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.access.equity import Equity
    from circle15.access.supply.records import CategoryAccess, Measure
    from circle15.output.document.model import Block, Kind, Line
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

_COLUMNS: Final = (
    *("equity_of", "persons_unknown", "equity_mean", "worst_tenth", "spread"),
    *("gini", "palma", "decile_ratio", "variation"),
)


def equity_blocks(result: StudyResult, words: Words) -> Iterator[Block]:
    """Yield what is found, the measures of the categories that are judged, and their curves."""
    yield Subheading(words.say("supply.equity_heading"))
    require = result.study.circle.require
    shown = [one for one in result.access if one.supplied or one.category in require]
    shown = shown or list(result.access)
    findings = equity_findings(shown, words)
    if findings:
        yield Paragraph(("" if words.language == "zh" else " ").join(findings))
    sheet = words.say("workbook.equity")
    kinds: list[Kind] = ["t", "n", "n", "n", "n", "n", "n", "n", "n"]
    rows: list[Line] = []
    for one in shown:
        rows.append(WideRow(words.category(one.category), "rule"))
        rows += [_measures(result, one, key, found, words) for key, found in one.equity.items()]
    yield Table(columns(_COLUMNS, kinds, words), rows, sheet=sheet)
    way = "equity_no_minutes" if result.study.walk.judge == "round_trip" else "equity_minutes"
    note = words.say("supply.equity_note", minutes=words.say(f"supply.{way}"), sheet=sheet)
    yield Paragraph(note, "caption")
    figure = lorenz_figure(shown, words)
    if figure is not None:
        yield figure


def _measures(
    result: StudyResult, one: CategoryAccess, measure: Measure, found: Equity, words: Words
) -> list[str]:
    unknown = _unknown(result, one.category, found.persons_unknown)
    if measure == "coverage":
        spread = NOTHING if found.spread is None else decimals(100 * found.spread, 1)
        return [
            words.say("supply.equity_coverage"),
            unknown,
            percent(found.mean),
            NOTHING,
            spread if spread == NOTHING else words.say("supply.equity_points", points=spread),
            decimals(found.gini, 3),
            *[NOTHING] * 3,
        ]
    n, digits, what = 1, 1, words.say("workbook.equity_minutes")
    if measure == "supply":
        n, digits = people_related(one), 2
        what = words.say("supply.supply_of", people=count(n))
    values = (found.mean, found.worst_tenth, found.spread)
    return [
        what,
        unknown,
        *(NOTHING if value is None else decimals(n * value, digits) for value in values),
        decimals(found.gini, 3),
        *(decimals(value, 2) for value in (found.palma, found.decile_ratio)),
        decimals(found.coefficient_of_variation, 2),
    ]


def _unknown(result: StudyResult, category: str, micro: int) -> str:
    """Format people of unknown state: the same number as where it is a part of all people."""
    row = coverage_row(result, category)
    if row is not None and row.counts.unknown == micro:
        return split_people(row.counts)[3]
    return people(micro)
