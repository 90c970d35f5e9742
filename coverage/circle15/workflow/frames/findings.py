"""Findings as records with English messages, for the `attrs` of a frame."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from circle15.inputs.crs.among_streets import compared_with_streets
from circle15.inputs.crs.datum_shifts import shifts_noted
from circle15.inputs.tables.columns_read import column_findings, recorded
from circle15.inputs.tables.headings import known_headings
from circle15.output.text.wording import Words
from circle15.study.settings.edge_fields import EDGE_FIELDS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import worst_first
from circle15.workflow.frames.settings import NO_STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.study.vocabulary.finding import Finding


@contextmanager
def noted() -> Iterator[list[Finding]]:
    """
    Collect the findings that no reader returns: unread columns, datum shifts, layers far away.

    Yields
    ------
    A list, empty until the context is left; it belongs behind the findings of the readers.
    """
    findings: list[Finding] = []
    with (
        recorded() as columns,
        shifts_noted(accepted=False) as shifts,
        compared_with_streets() as off_map,
    ):
        yield findings
    known = known_headings() | {"edges": {key: [key] for key in EDGE_FIELDS}}
    findings += [*shifts, *off_map, *column_findings(list(columns.values()), known)]


def in_words(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """
    Return findings as records with English messages, worst first, as in `issues.csv`.

    Returns
    -------
    Records of plain values: `code`, `severity`, `message`, `file`, `row` (the heading is row 1),
    `column`, `persons` and `floor_area_m2`; None if a finding has none.
    """
    words = Words("en", NO_STUDY)
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "message": words.finding(finding),
            "file": finding.file,
            "row": finding.row,
            "column": finding.column,
            "persons": None if finding.persons_micro is None else finding.persons_micro / c.MICRO,
            "floor_area_m2": None
            if finding.floor_area_m2 is None
            else float(finding.floor_area_m2),
        }
        for finding in worst_first(findings)
    ]
