"""Texts and tables of a check, for both the terminal and the HTML page."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.inputs.crs.datum_doctor import FARTHEST_M
from circle15.output.check.findings import ROWS_SHOWN, diagnosis_of, sites_by_category
from circle15.output.document.model import Column
from circle15.output.text.columns_told import columns_headings, columns_rows
from circle15.output.text.numbers import NOTHING, area, count, decimals, people, rounded
from circle15.output.text.study_parameters import datum_in_words
from circle15.output.text.wording import printable, shortened
from circle15.results.check.outcome import CheckOutcome, FindingGroup, counts_by_severity
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.inputs.crs.datum_doctor import Diagnosis
    from circle15.output.document.model import Kind
    from circle15.output.text.wording import Words

LONGEST_MESSAGE = 600


@dataclass(frozen=True)
class Sheet:
    """A small table of texts, for the terminal and the page."""

    key: str
    columns: list[Column]
    rows: list[list[str]]


def verdict(outcome: CheckOutcome, words: Words) -> str:
    """Return the sentence that says whether the study can be run."""
    return words.say("check.ready" if outcome.ready else "check.not_ready")


def tally(outcome: CheckOutcome, words: Words) -> str:
    """Return the number of findings by severity as text."""
    counts = counts_by_severity(outcome.findings)
    return words.list([words.say(f"check.count_{key}", count=n) for key, n in counts.items()])


def sheets(outcome: CheckOutcome, words: Words) -> list[Sheet]:
    """Return tables of the inputs read: files, people, sites, columns, datums; none empty."""
    found = [_files(outcome, words), _people(outcome, words), _sites(outcome, words)]
    found += [_columns(outcome, words), _datums(outcome, words)]
    return [sheet for sheet in found if sheet.rows]


def place(finding: FindingGroup, words: Words) -> str:
    """Name the file, column and first rows of a finding."""
    parts = [Path(finding.first.file).name]
    if finding.first.column is not None:
        parts.append(words.say("check.column", column=finding.first.column))
    if finding.rows:
        shown = ", ".join(str(row) for row in finding.rows[:ROWS_SHOWN])
        more = " …" if len(finding.rows) > ROWS_SHOWN else ""
        key = "check.row" if len(finding.rows) == 1 else "check.rows"
        parts.append(words.say(key, rows=shown + more))
    return shortened(printable(" · ".join(parts)), 200)


def message(finding: FindingGroup, words: Words) -> str:
    """Return the message of a finding; of a group, the message of its worst one."""
    text = shortened(printable(words.finding(finding.first)), LONGEST_MESSAGE)
    if finding.count == 1:
        return text
    return words.say("check.of_several", count=count(finding.count), message=text)


def touches(finding: FindingGroup, words: Words) -> str:
    """Return what a finding affects: positions, people, m²; empty if none is known."""
    parts = []
    if finding.touched is not None:
        parts.append(words.say("check.positions", count=count(finding.touched)))
    if finding.persons_micro:
        parts.append(words.say("check.people_touched", people=people(finding.persons_micro)))
    if finding.floor_area_m2:
        parts.append(f"{area(finding.floor_area_m2)} m²")
    return words.list(parts)


def _sheet(key: str, words: Words, kinds: Sequence[Kind], names: Sequence[str]) -> Sheet:
    columns = [
        Column(words.say(f"check.{key}_{name}"), kind)
        for name, kind in zip(names, kinds, strict=True)
    ]
    return Sheet(key, columns, [])


def _files(outcome: CheckOutcome, words: Words) -> Sheet:
    sheet = _sheet("files", words, ("t", "n"), ("file", "rows"))
    sheet.rows.extend(
        [shortened(printable(Path(path).name)), count(int(n))] for path, n in outcome.files.items()
    )
    return sheet


def _columns(outcome: CheckOutcome, words: Words) -> Sheet:
    tables = [(one.file.name, one.columns, one.unread) for one in outcome.columns]
    return Sheet(
        "columns", [Column(one) for one in columns_headings(words)], columns_rows(tables, words)
    )


def _people(outcome: CheckOutcome, words: Words) -> Sheet:
    names = ("group", "read", "inside", "outside", "factor", "calibrated", "basis")
    sheet = _sheet("people", words, ("t", "n", "n", "n", "n", "n", "t"), names)
    for one in outcome.balances:
        whole = rounded(Fraction(one.raw_inside + one.raw_outside, c.MICRO))
        inside = rounded(Fraction(one.raw_inside, c.MICRO))
        factor = NOTHING if one.calibration_factor == 1 else f"{one.calibration_factor:.6f}"
        basis = " ".join(filter(None, (one.basis, str(one.year or "")))) or NOTHING
        cells = [words.group(one.group), count(whole), count(inside), count(whole - inside)]
        sheet.rows.append([*cells, factor, people(one.inside), shortened(printable(basis))])
    return sheet


def _sites(outcome: CheckOutcome, words: Words) -> Sheet:
    sheet = _sheet("sites", words, ("t", "n", "n", "n"), ("category", "rows", "open", "inside"))
    sheet.rows.extend(
        [
            words.category(one["category"]),
            *(count(one[k]) for k in ("sites", "open", "open_inside")),
        ]
        for one in sites_by_category(outcome)
    )
    return sheet


def _datums(outcome: CheckOutcome, words: Words) -> Sheet:
    sheet = _sheet("datums", words, ["t"] * 4, ("file", "datum", "verdict", "evidence"))
    for layer in outcome.given:
        found = diagnosis_of(layer, outcome.datums)
        said = NOTHING if found is None else words.say(f"check.fit_{found.verdict}")
        shown = NOTHING if found is None else evidence(found)
        name = shortened(printable(layer.file.name))
        sheet.rows.append([name, datum_in_words(layer, words), said, shown])
    return sheet


def evidence(diagnosis: Diagnosis) -> str:
    """Format the median and 90th-percentile distance to streets for each datum tested."""
    shown = [
        f"{fit.name} {decimals(fit.median_m, 0)} / {decimals(fit.p90_m, 0)} m"
        for fit in diagnosis.fits
        if fit.median_m is not None and fit.p90_m is not None and fit.median_m < FARTHEST_M
    ]
    return "; ".join(shown) or NOTHING
