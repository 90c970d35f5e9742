"""What sites do not state though `[capacity]` asks for it, and what `[capacity]` leaves out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.access.joining.sites import Sites
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Severity

_NO_NUMBER: Final = frozenset({"UNREADABLE", "NEGATIVE_VALUE"})


def capacity_findings(
    study: Study,
    sites: Sites,
    headings: Mapping[tuple[str, str], str | None],
    read: Sequence[Finding],
) -> list[Finding]:
    """
    List what `[capacity]` asks for and sites do not state, and what it leaves out itself.

    Parameters
    ----------
    headings
        Column of a field in a file.
    read
        Findings of reading the sites: what is listed there is not listed again.
    """
    listed = {(one.file, one.row, one.column) for one in read if one.code in _NO_NUMBER}
    found: list[Finding] = []
    for category, one in study.capacity.items():
        rows = sites.rows(category, sure=False)
        table = sites.table.iloc[rows]
        if one.per_person is None:
            found.append(_of_capacity("NO_DEMAND", study, category, ".per_person", severity="note"))
        if not len(rows):
            found.append(_of_capacity("WITHOUT_SITES", study, category))
            continue
        stated = {field: int(table[field].notna().sum()) for field in c.CAPACITIES}
        other = max(stated, key=lambda field: stated[field])
        if not stated[one.field] and stated[other]:
            detail = {"field": one.field, "count": str(len(rows))}
            detail |= {"other": other, "stated": str(stated[other])}
            found.append(_of_capacity("OTHER_FIELD", study, category, ".field", detail))
            continue
        lacking = table[table[one.field].isna()]
        for name, file, row in lacking[[c.FACILITY_ID, "file", "row"]].itertuples(index=False):
            heading = headings.get((file, one.field))
            if (file, row, heading) not in listed:
                detail = {"id": name, "field": one.field}
                place = file, int(row), heading or one.field
                found.append(Finding("CAPACITY_UNKNOWN", "warning", *place, detail=detail))
    return found


def _of_capacity(
    code: str,
    study: Study,
    category: str,
    key: str = "",
    detail: Mapping[str, str] = MappingProxyType({}),
    *,
    severity: Severity = "warning",
) -> Finding:
    """Return a finding on an entry of `[capacity]`."""
    place = study.file.name, None, f"capacity.{category}{key}"
    return Finding(f"CAPACITY_{code}", severity, *place, detail={"category": category, **detail})
