"""A comparison for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.changes.wording import ComparisonWords

if TYPE_CHECKING:
    from circle15.results.difference.comparison_entries import Comparison
    from circle15.study.languages import Language


def comparison_lines(found: Comparison, language: Language) -> list[str]:
    """Return the lines: three sentences, coverage by category, sites, verdicts, the rest."""
    words = ComparisonWords(language)
    head = found["headline"]
    shown = [
        row
        for row in found["coverage"]
        if head is None or (row["group"], row["cutoff_min"]) == (head["group"], head["cutoff_min"])
    ]
    behind = words.behind(found)
    blocks = [
        [*words.sentences(found), *([behind] if behind else [])],
        [words.change(row) for row in shown],
        [words.site(site) for site in found["sites"]],
        [words.verdict(row) for row in found["verdicts"]],
        [words.alone(row) for row in found["not_compared"]],
    ]
    lines = [line for block in blocks if block for line in (*block, "")]
    return lines[:-1]
