"""What a check of a study has read and found, its findings grouped with their sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from pyproj import CRS

    from circle15.inputs.crs.datum_doctor import Diagnosis
    from circle15.inputs.crs.points import Given
    from circle15.inputs.demand.balance import Balance
    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Finding, Severity

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
WHOLE_LAYER: Final = frozenset(
    {"DATUM_DOUBTED", "DATUM_WRONG", "COORDINATES_EXCHANGED", "LAYER_OFF_MAP"}
)
"""Codes of findings that affect every position of a layer; sorted first in their severity."""


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
    found = [finding_group(group) for group in groups.values()]
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


def finding_group(group: Sequence[Finding]) -> FindingGroup:
    """Sum up findings, at least one, of which the first is the worst."""
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
