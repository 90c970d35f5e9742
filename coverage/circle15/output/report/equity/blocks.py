"""The part of the report on equity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.document.model import Paragraph, Subheading, Table, WideRow
from circle15.output.report.equity.curves import equity_findings, lorenz_figure
from circle15.output.report.section_parts import columns
from circle15.output.text.equity.measures import MEASURES, measure_texts
from circle15.output.text.numbers import count
from circle15.results.supply_classes import people_related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.access.supply.records import CategoryAccess, Measure
    from circle15.output.document.model import Block, Kind, Line
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult


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
        rows += [_measures(result, one, key, words) for key in one.equity]
    yield Table(columns(("equity_of", *MEASURES), kinds, words), rows, sheet=sheet)
    way = "equity_no_minutes" if result.study.walk.judge == "round_trip" else "equity_minutes"
    note = words.say("supply.equity_note", minutes=words.say(f"supply.{way}"), sheet=sheet)
    yield Paragraph(note, "caption")
    figure = lorenz_figure(shown, words)
    if figure is not None:
        yield figure


def _measures(
    result: StudyResult, one: CategoryAccess, measure: Measure, words: Words
) -> list[str]:
    what = {
        "minutes": words.say("workbook.equity_minutes"),
        "coverage": words.say("supply.equity_coverage"),
        "supply": words.say("supply.supply_of", people=count(people_related(one))),
    }
    return [what[measure], *measure_texts(result, one, measure, words).values()]
