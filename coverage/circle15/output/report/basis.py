"""Coverage by people, residential land and residential buildings side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.access.areas.covered_areas import BASES
from circle15.output.document.model import Column, Paragraph, Subheading, Table
from circle15.output.text.numbers import NOTHING, covered_share, percent
from circle15.output.text.sources import BASIS
from circle15.results.figures import coverage_row, shown_categories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.access.counting import Claimed
    from circle15.output.document.model import Block, Cell, Line
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult


def basis_blocks(result: StudyResult, words: Words) -> Iterator[Block]:
    """Yield the table of covered shares by basis; nothing without land and buildings."""
    walk = result.study.walk
    areas = {row.category: row.areas for row in result.areas if row.cutoff_min == walk.circle_min}
    if not areas:
        return
    bases = [basis for basis in BASES if any(basis in one for one in areas.values())]
    headings = [Column(words.say("columns.category"))]
    for basis in ("people", *bases):
        headings.append(Column(words.say(f"basis.{basis}"), "n"))
        headings.append(Column(words.say("basis.circles"), "n"))
    rows: list[Line] = []
    for category in shown_categories(result):
        people = coverage_row(result, category)
        if people is not None and category in areas:
            of_areas = [areas[category].get(basis) for basis in bases]
            shares = [cell for one in (people.circles, *of_areas) for cell in _shares(one)]
            rows.append([words.category(category), *shares])
    yield Subheading(words.say("basis.heading"))
    note = words.say(
        "basis.note",
        minutes=walk.circle_min,
        group=words.group(result.study.demand.group),
        speed=words.speed(walk.speed_m_s),
    )
    yield Paragraph(note)
    yield Table(headings, rows)
    yield Paragraph(BASIS.text(words), "source")


def _shares(circles: Claimed | None) -> list[Cell]:
    """Format the share covered by walking, and the share within straight-line circles."""
    if circles is None:
        return [NOTHING, NOTHING]
    return [covered_share(circles.counts), percent(circles.share)]
