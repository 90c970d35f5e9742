"""What changed since the last run with other numbers: three sentences, causes, sites, verdicts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from circle15.output.charts.changes import change_table, change_waterfall
from circle15.output.document.model import Listing, Paragraph, Section, Subheading
from circle15.output.document.texts import code, filled
from circle15.output.text.changes.tables import comparison_tables
from circle15.output.text.changes.wording import ComparisonWords
from circle15.study.messages import messages

if TYPE_CHECKING:
    from circle15.output.document.model import Block
    from circle15.results.difference.since_last_run import SinceLastRun
    from circle15.study.languages import Language

_MOST_ROWS: Final = 12
_COMMAND: Final = "circle15 compare"


def since_last_run_section(since: SinceLastRun, language: Language) -> Section:
    """Return the section; where the runs cannot be compared it says so."""
    words = ComparisonWords(language)
    ended = dt.datetime.fromisoformat(since.finished).strftime("%Y-%m-%d %H:%M")
    heading = words.say("since_heading")
    found = since.change
    if found is None:
        return Section("changes", heading, [Paragraph(words.say("since_not", ended=ended))])
    before = found["a"]
    told = words.say("since", as_of=before["as_of"], ended=ended, version=before["circle15"])
    blocks: list[Block] = [Paragraph(told), Listing(words.sentences(found), numbered=True)]
    if found["headline"] is not None:
        blocks.append(change_waterfall(found["headline"], words))
    behind = words.behind(found)
    if behind is not None:
        blocks.append(Paragraph(behind))
    template = messages(language)["compare.since_more"]
    for table in comparison_tables(found, words):
        if table.key in {"sites", "verdicts"}:
            blocks.append(Subheading(words.say(f"table_{table.key}")))
            blocks += change_table(table, words, most=_MOST_ROWS, where=_COMMAND)
    blocks.append(Paragraph(filled(template, command=code(_COMMAND)), "caption"))
    return Section("changes", heading, blocks)
