"""Print a check to a terminal with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from circle15.output.check import words as check_words
from circle15.results.check.outcome import group_findings

if TYPE_CHECKING:
    from typing import TextIO

    from circle15.output.text.wording import Words
    from circle15.results.check.outcome import CheckOutcome

_STYLES: Final = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_WIDE: Final = 160
"""Line width in characters if the output is not a terminal."""


def print_check(outcome: CheckOutcome, words: Words, file: TextIO) -> None:
    """
    Print the inputs read, the findings and, last, the verdict.

    Text from data is never interpreted as markup; there are no colours if the output is not a
    terminal.
    """
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(file=file, highlight=False, markup=False, emoji=False, width=_WIDE)
    for sheet in check_words.sheets(outcome, words):
        console.print(Text(words.say(f"check.{sheet.key}"), "bold"))
        shown = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for heading, kind in sheet.columns:
            shown.add_column(Text(heading), justify="right" if kind == "n" else "left")
        for row in sheet.rows:
            shown.add_row(*(Text(cell) for cell in row))
        console.print(Padding(shown, (0, 0, 1, 2), expand=False))
    found = group_findings(outcome.findings)
    console.print(Text(words.say("check.found") if found else words.say("check.nothing"), "bold"))
    for one in found:
        severity = one.first.severity
        line = Text(words.say(f"report.severity_{severity}"), _STYLES[severity])
        line.append(f"  {check_words.place(one, words)}", "bold")
        touched = check_words.touches(one, words)
        if touched:
            line.append(f"  [{touched}]", "dim")
        console.print(Padding(line, (0, 0, 0, 2), expand=False))
        console.print(Padding(Text(check_words.message(one, words)), (0, 0, 0, 6), expand=False))
    console.print()
    end = Text(check_words.tally(outcome, words) + words.say("check.then"))
    end.append(check_words.verdict(outcome, words), "bold green" if outcome.ready else "bold red")
    console.print(end)
