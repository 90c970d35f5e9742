"""Find which row of a table of counts is which zone: by code, else by name, never by a guess."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
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


@dataclass
class Match:
    """
    What belongs together, by places in the two lists.

    Attributes
    ----------
    rows
        Zone to its rows: one, unless the table has the zone twice.
    lacking
        Zones without a row.
    unmatched
        Rows of the zones' level and of their surroundings that are no zone.
    ambiguous
        Rows whose name fits several zones, or a zone that several rows fit.
    elsewhere
        Rows of other levels and of other regions.
    """

    rows: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    lacking: list[int] = field(default_factory=list)
    unmatched: list[int] = field(default_factory=list)
    ambiguous: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)


def match_zones(zones: Sequence[Named], rows: Sequence[Named]) -> Match:
    """
    Join rows of counts to zones.

    A code goes before a name: `320213001000` is `320213001`. Rows that their code does not join
    are joined by name within the same parent code; names are compared as they are, then without
    街道, 社区居委会 and the like. In a table without codes the level is the indent that fits the
    most zones.

    Returns
    -------
    Every zone is in `rows` or `lacking`; every row is in `rows` or one of the other lists.
    """
    found = Match()
    zone_codes = [plain_code(z.code) if z.code else None for z in zones]
    row_codes = [plain_code(r.code) if r.code else None for r in rows]
    place = {code: k for k, code in enumerate(zone_codes) if code is not None}
    levels = {code_level(code) for code in place} - {None}
    parents = {parent_code(code) for code in place if code_level(code) is not None}
    coded = bool(levels) and any(code in place for code in row_codes)
    open_rows = []
    for k, code in enumerate(row_codes):
        if code is not None and code in place:
            found.rows[place[code]].append(k)
        elif coded and not _near(code, levels, parents):
            found.elsewhere.append(k)
        else:
            open_rows.append(k)
    if not coded:
        open_rows = _one_level(zones, rows, open_rows, found)
    for fold in (normalise, plain_name):
        open_rows = _by_name(zones, rows, open_rows, fold, found)
    found.unmatched = open_rows
    found.lacking = [k for k in range(len(zones)) if k not in found.rows]
    for some in (found.unmatched, found.ambiguous, found.elsewhere):
        some.sort()
    return found


def _near(code: str | None, levels: set[int | None], parents: set[str | None]) -> bool:
    """Tell whether a code is of the level of the zones and of their surroundings."""
    return code is not None and code_level(code) in levels and parent_code(code) in parents


def _one_level(
    zones: Sequence[Named], rows: Sequence[Named], open_rows: list[int], found: Match
) -> list[int]:
    """Keep the rows of the indent that fits the most zones."""
    names = {plain_name(z.name) for z in zones if z.name}
    fits: Counter[int] = Counter()
    for k in open_rows:
        name = rows[k].name
        if name and plain_name(name) in names:
            fits[indent(name)] += 1
    if not fits:
        return open_rows
    level = min(fits, key=lambda one: (-fits[one], -one))
    kept = [k for k in open_rows if indent(rows[k].name or "") == level]
    found.elsewhere += [k for k in open_rows if k not in set(kept)]
    return kept


def _by_name(
    zones: Sequence[Named],
    rows: Sequence[Named],
    open_rows: list[int],
    fold: Callable[[str], str],
    found: Match,
) -> list[int]:
    """Join by name what is unique on both sides; return the rows that stay."""
    by_zone = _grouped(zones, [k for k in range(len(zones)) if k not in found.rows], fold)
    for name, some in _grouped(rows, open_rows, fold).items():
        fitting = by_zone.get(name, [])
        if len(fitting) == 1 and len(some) == 1:
            found.rows[fitting[0]] = some
        elif fitting:
            found.ambiguous += some
    gone = {*found.ambiguous, *(k for some in found.rows.values() for k in some)}
    return [k for k in open_rows if k not in gone]


def _grouped(
    names: Sequence[Named], places: Sequence[int], fold: Callable[[str], str]
) -> Mapping[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for k in places:
        if names[k].name:
            groups[fold(str(names[k].name))].append(k)
    return groups
