"""Report rows of counts whose code is that of one zone and whose name is that of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.inputs.area.zone_names import plain_code, plain_name
from circle15.inputs.tables.faults import Faults
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.inputs.area.zone_matching import Match, Named
    from circle15.inputs.table_sources import Table


def list_contradictions(
    match: Match, zones: Sequence[Named], rows: Sequence[Named], table: Table
) -> list[Finding]:
    """
    Report rows whose name differs from that of the zone with their code.

    Raises
    ------
    InputDataError
        If a name is that of another zone, as happens if one column was sorted alone: it is unknown
        which of the two is right.
    """
    named: dict[str, list[int]] = {}
    for k, zone in enumerate(zones):
        if zone.name:
            named.setdefault(plain_name(zone.name), []).append(k)
    faults, findings = Faults(table.file), []
    for k in sorted(match.rows):
        for place in match.rows[k]:
            row, zone = rows[place], zones[k]
            if not (row.code and row.name and row.name.strip() and zone.code and zone.name):
                continue
            if plain_code(row.code) != plain_code(zone.code) or _alike(row.name, zone.name):
                continue
            said = f"{row.name.strip()!r}"
            others = named.get(plain_name(row.name.strip()), [])
            if others:
                other = zones[others[0]]
                faults.add(
                    f"the code {row.code} is that of {zone.name!r}, but the name {said} is that of "
                    f"{other.code}",
                    row=table.rows[place],
                    mend="Put codes and names together again; was one column sorted alone?",
                )
            else:
                detail = {"code": str(row.code), "name": row.name.strip(), "zone": zone.name}
                findings.append(
                    Finding(
                        "OTHER_NAME", "warning", table.file.name, table.rows[place], detail=detail
                    )
                )
    faults.stop()
    return findings


def _alike(one: str, other: str) -> bool:
    """Return whether two names may be the same, with or without parents: 望京, 朝阳区望京街道."""
    first, second = plain_name(one.strip()), plain_name(other.strip())
    return first == second or first.endswith(second) or second.endswith(first)
