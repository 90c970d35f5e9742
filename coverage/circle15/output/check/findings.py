"""The outcome of `circle15 check`: inputs read and findings, grouped and worst first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15.output.text.finding_list import worst_first
from circle15.results.figures import facility_sums
from circle15.results.summary.building import population_entry
from circle15.results.summary.json_numbers import number
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from pyproj import CRS

    from circle15.inputs.crs.datum_doctor import Diagnosis
    from circle15.inputs.crs.points import Given
    from circle15.inputs.demand.balance import Balance
    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.output.text.wording import Words
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Finding, Severity

SCHEMA: Final = 1
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
WHOLE_LAYER: Final = frozenset(
    {"DATUM_DOUBTED", "DATUM_WRONG", "COORDINATES_EXCHANGED", "LAYER_OFF_MAP"}
)
"""Codes of findings that affect every position of a layer; sorted first in their severity."""
ROWS_SHOWN: Final = 12
"""Most rows listed for a group of findings; the JSON has all of them under `issues`."""


@dataclass(frozen=True)
class CheckOutcome:
    """
    What a check has read and found.

    Attributes
    ----------
    files
        Number of rows by file path (ways of a network, cells of a raster).
    findings
        All findings; an error is a finding that would make results wrong.
    facilities
        The facility table, a row per site and category.
    columns
        How the columns of each table were read.
    given, datums
        The layers of positions with the datum used, and how well it fits the streets.
    """

    study: Study
    crs: CRS
    files: Mapping[str, int]
    findings: Sequence[Finding]
    balances: Sequence[Balance]
    facilities: pd.DataFrame
    categories: Sequence[str]
    given: Sequence[Given]
    datums: Sequence[Diagnosis]
    columns: Sequence[ColumnsRead] = ()

    @property
    def ready(self) -> bool:
        """Whether the study can be run: no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)


@dataclass(frozen=True)
class FindingGroup:
    """
    A group of findings with one severity, code, file and column.

    `persons_micro` and `floor_area_m2` are sums, None if no finding has any; `rows` are in
    ascending order, `first` is the worst finding.
    """

    first: Finding
    count: int
    rows: tuple[int, ...]
    persons_micro: int | None
    floor_area_m2: Decimal | None

    @property
    def touched(self) -> int | None:
        """Number of positions affected by a finding about a whole layer; None for others."""
        whole = self.first.code in WHOLE_LAYER
        return int(self.first.detail["rows"]) if whole else None


def group_findings(findings: Sequence[Finding]) -> list[FindingGroup]:
    """
    Group findings by severity, code, file and column, worst first.

    Building uses that are left out are not grouped, so that each is named.
    """
    groups: dict[tuple[str | None, ...], list[Finding]] = {}
    for finding in worst_first(findings):
        alone = finding.detail["use"] if finding.code == "USE_LEFT_OUT" else None
        key = (finding.severity, finding.code, finding.file, finding.column, alone)
        groups.setdefault(key, []).append(finding)
    found = [_finding(group) for group in groups.values()]
    return sorted(
        found,
        key=lambda one: (
            SEVERITIES.index(one.first.severity),
            one.touched is None,
            -(one.persons_micro or 0),
            -(one.floor_area_m2 or 0),
            -one.count,
            one.first.file,
            one.first.code,
            one.first.column or "",
        ),
    )


def _finding(group: Sequence[Finding]) -> FindingGroup:
    people = [finding.persons_micro for finding in group if finding.persons_micro is not None]
    areas = [finding.floor_area_m2 for finding in group if finding.floor_area_m2 is not None]
    return FindingGroup(
        group[0],
        len(group),
        tuple(sorted({finding.row for finding in group if finding.row is not None})),
        sum(people) if people else None,
        sum(areas, Decimal(0)) if areas else None,
    )


def counts_by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    """Count findings by severity."""
    return {key: sum(finding.severity == key for finding in findings) for key in SEVERITIES}


def sites_by_category(outcome: CheckOutcome) -> list[dict[str, Any]]:
    """Return the number of sites of each category: all, open, open inside the area."""
    return [
        {
            "category": one.category,
            "sites": one.rows,
            "open": one.open,
            "open_inside": one.open_inside,
        }
        for one in facility_sums(outcome.facilities, outcome.categories)
    ]


def check_entry(outcome: CheckOutcome, words: Words) -> dict[str, Any]:
    """Return a check as a record that conforms to `check.schema.json`."""
    study = outcome.study
    return {
        "schema": SCHEMA,
        "study": {"name": study.name, "title": study.title, "crs": outcome.crs.to_string()},
        "ready": outcome.ready,
        "counts": counts_by_severity(outcome.findings),
        "files": {path: int(rows) for path, rows in outcome.files.items()},
        "population": [population_entry(balance) for balance in outcome.balances],
        "facilities": sites_by_category(outcome),
        "columns": [
            {"file": one.file.name, "columns": one.columns, "unread": one.unread}
            for one in outcome.columns
        ],
        "datums": [_datum(layer, outcome.datums) for layer in outcome.given],
        "findings": [
            {
                **_entry(one.first, words),
                "row": None,
                "count": one.touched or one.count,
                "rows": list(one.rows[:ROWS_SHOWN]),
                "persons": _persons(one.persons_micro),
                "floor_area_m2": number(one.floor_area_m2),
            }
            for one in group_findings(outcome.findings)
        ],
        "issues": [_entry(finding, words) for finding in worst_first(outcome.findings)],
    }


def check_schema() -> dict[str, Any]:
    """Return the JSON schema of `circle15 check --json`."""
    text = resources.files("circle15.output.check").joinpath("check.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def diagnosis_of(layer: Given, datums: Sequence[Diagnosis]) -> Diagnosis | None:
    """Return the datum diagnosis of a layer; None if the layer has no positions."""
    return next((one for one in datums if one.given is layer), None)


def _datum(layer: Given, datums: Sequence[Diagnosis]) -> dict[str, Any]:
    found = diagnosis_of(layer, datums)
    fits = [] if found is None else found.fits
    return {
        "file": layer.file.name,
        "datum": layer.system,
        "known": layer.known,
        "verdict": None if found is None else found.verdict,
        "rows": 0 if found is None else found.rows,
        "tested": 0 if found is None else found.tested,
        "fits": [
            {
                "name": fit.name,
                "near": fit.near,
                "median_m": fit.median_m,
                "p90_m": fit.p90_m,
                "p_value": fit.p_value,
            }
            for fit in fits
        ],
    }


def _entry(finding: Finding, words: Words) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "file": Path(finding.file).name,
        "row": finding.row,
        "column": finding.column,
        "message": words.finding(finding),
        "persons": _persons(finding.persons_micro),
        "floor_area_m2": number(finding.floor_area_m2),
    }


def _persons(micro: int | None) -> float | None:
    return None if micro is None else micro / c.MICRO
