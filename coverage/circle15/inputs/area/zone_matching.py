"""Match rows of a table of counts to zones: by code, else by an unambiguous name."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle15.inputs.area.zone_names import code_level, indent, parent_code, plain_code, plain_name
from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Named:
    """A zone, or a row of counts, by its code and name; either may be blank."""

    code: str | None
    name: str | None


@dataclass(frozen=True)
class Match:
    """
    Result of matching zones and rows, as indices in the two lists.

    Attributes
    ----------
    rows
        Rows of each zone: one, unless the table lists the zone twice.
    lacking
        Zones without a row.
    unmatched
        Rows of the zones' level and parents that match no zone.
    ambiguous
        Rows whose name fits several zones, or a zone that several rows fit.
    elsewhere
        Rows of other levels and of other regions.
    """

    rows: Mapping[int, Sequence[int]]
    lacking: Sequence[int]
    unmatched: Sequence[int]
    ambiguous: Sequence[int]
    elsewhere: Sequence[int]


def match_zones(zones: Sequence[Named], rows: Sequence[Named]) -> Match:
    """
    Join rows of counts to zones.

    Codes come before names; `320213001000` equals `320213001`. Rows whose code matches no zone are
    joined by name within the same parent code; names are compared as written, then without 街道,
    社区居委会 and the like. In a table without codes, the level is the indent that matches the most
    zones.

    Returns
    -------
    Every zone is in `rows` or `lacking`; every row is in `rows` or one of the other lists.
    """
    joined: dict[int, list[int]] = defaultdict(list)
    ambiguous: list[int] = []
    elsewhere: list[int] = []
    zone_codes = [plain_code(z.code) if z.code else None for z in zones]
    row_codes = [plain_code(r.code) if r.code else None for r in rows]
    place = {code: k for k, code in enumerate(zone_codes) if code is not None}
    levels = {code_level(code) for code in place} - {None}
    parents = {parent_code(code) for code in place if code_level(code) is not None}
    coded = bool(levels) and any(code in place for code in row_codes)
    open_rows = []
    for k, code in enumerate(row_codes):
        if code is not None and code in place:
            joined[place[code]].append(k)
        elif coded and not _near(code, levels, parents):
            elsewhere.append(k)
        else:
            open_rows.append(k)
    if not coded:
        kept = _of_one_level(zones, rows, open_rows)
        elsewhere += sorted(set(open_rows) - set(kept))
        open_rows = kept
    for fold in (normalise, plain_name):
        open_zones = [k for k in range(len(zones)) if k not in joined]
        own, doubtful = _by_name(zones, rows, open_zones, open_rows, fold)
        joined |= {k: [row] for k, row in own.items()}
        ambiguous += doubtful
        open_rows = sorted(set(open_rows) - set(own.values()) - set(doubtful))
    lacking = [k for k in range(len(zones)) if k not in joined]
    return Match(joined, lacking, open_rows, sorted(ambiguous), elsewhere)


def _near(code: str | None, levels: set[int | None], parents: set[str | None]) -> bool:
    """Return whether a code has the level of the zones and a parent of theirs."""
    return code is not None and code_level(code) in levels and parent_code(code) in parents


def _of_one_level(zones: Sequence[Named], rows: Sequence[Named], open_rows: list[int]) -> list[int]:
    """Return the rows of the indent that matches the most zones."""
    names = {plain_name(z.name) for z in zones if z.name}
    fits: Counter[int] = Counter()
    for k in open_rows:
        name = rows[k].name
        if name and plain_name(name) in names:
            fits[indent(name)] += 1
    if not fits:
        return open_rows
    level = min(fits, key=lambda one: (-fits[one], -one))
    return [k for k in open_rows if indent(rows[k].name or "") == level]


def _by_name(
    zones: Sequence[Named],
    rows: Sequence[Named],
    open_zones: Sequence[int],
    open_rows: Sequence[int],
    fold: Callable[[str], str],
) -> tuple[dict[int, int], list[int]]:
    """Join names that are unique on both sides: zone to row, and the ambiguous rows."""
    joined: dict[int, int] = {}
    ambiguous: list[int] = []
    by_zone = _grouped(zones, open_zones, fold)
    for name, some in _grouped(rows, open_rows, fold).items():
        fitting = by_zone.get(name, [])
        if len(fitting) == 1 and len(some) == 1:
            joined[fitting[0]] = some[0]
        elif fitting:
            ambiguous += some
    return joined, ambiguous


def _grouped(
    names: Sequence[Named], places: Sequence[int], fold: Callable[[str], str]
) -> Mapping[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for k in places:
        if names[k].name:
            groups[fold(str(names[k].name))].append(k)
    return groups
