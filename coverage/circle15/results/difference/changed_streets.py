"""Streets that differ between two results, piece by piece, by kind and by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Ints
    from circle15.results.difference.comparison_entries import StreetChange, StreetKm, WayChange

    Words = npt.NDArray[np.object_]

CLOSED = -1
"""Cost of a direction that may not be walked."""


@dataclass(frozen=True)
class KeptStreets:
    """
    The pieces of streets of one result: straight lines, in no order of their ends.

    Attributes
    ----------
    line : int64, shape (pieces, 4)
        Ends in the study CRS, millimetres: x, y of the one that is first in the order of numbers,
        then of the other.
    cost : int64, shape (pieces, 4)
        Flat-equivalent millimetres from that end and back (-1: closed), milliseconds of delay.
    length_mm : int64, shape (pieces,)
        Ellipsoidal length, millimetres.
    way, kind : object, shape (pieces,)
        Id of the way, and value of `highway`.
    name : object, shape (pieces,)
        Name of the way, empty without one; None for results of versions that kept no names.
    """

    line: Ints
    cost: Ints
    length_mm: Ints
    way: Words
    kind: Words
    name: Words | None


def kept_streets(
    *,
    ends_m: npt.NDArray[np.float64],
    costs: Ints,
    length_m: npt.NDArray[np.float64],
    edge_ids: Words,
    kind: Words,
    name: Words | None,
) -> KeptStreets:
    """
    Return the pieces of streets of a result.

    Parameters
    ----------
    ends_m
        First and last point of each piece, shape (pieces, 2, 2), study CRS, metres.
    costs
        `base_mm_fwd`, `base_mm_bwd` (-1: closed), `delay_ms_fwd`, `delay_ms_bwd`, in this order;
        shape (pieces, 4).
    length_m
        Lengths, metres.
    edge_ids
        Ids such as `4711:3`: way and position in it.
    kind, name
        Kind of each, and its name or None; `name` is None where names were not kept.
    """
    ends = np.rint(ends_m * 1000).astype(np.int64).reshape(-1, 4)
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    return KeptStreets(
        line=np.where(turned[:, None], ends[:, [2, 3, 0, 1]], ends),
        cost=np.where(turned[:, None], costs[:, [1, 0, 3, 2]], costs),
        length_mm=np.rint(length_m * 1000).astype(np.int64),
        way=np.array([one.rpartition(":")[0] for one in edge_ids], dtype=object),
        kind=kind,
        name=None if name is None else np.array([one or "" for one in name], dtype=object),
    )


class StreetDifference:
    """
    The pieces of two results, matched by their lines; parallel pieces one by one.

    Pieces are numbered first those of a, then those of b. A piece of both results has the name and
    way that it has in b. Where one result keeps no names, the other gives them, by piece or by way.
    """

    def __init__(self, before: KeptStreets, after: KeptStreets) -> None:
        n = len(before.line)
        line, whole = _codes(before, after)
        same = _pairs(whole[:n], whole[n:])
        left = [
            np.setdiff1d(np.arange(len(side.line)), rows)
            for side, rows in zip((before, after), same, strict=True)
        ]
        other = _pairs(line[:n][left[0]], line[n:][left[1]])
        other = (left[0][other[0]], left[1][other[1]])
        both = [np.concatenate([a, b]) for a, b in zip(same, other, strict=True)]
        self._before = np.arange(len(line)) < n
        self._apart = np.ones(len(line), np.bool_)
        self._apart[np.concatenate([both[0], n + both[1]])] = False
        self._other = np.zeros(len(line), np.bool_)
        self._other[n + other[1]] = True
        self._length_mm = np.concatenate([before.length_mm, after.length_mm])
        self._kind = np.concatenate([before.kind, after.kind])
        self._name, self._way = _streets_of(before, after, both)

    def total(self) -> StreetKm:
        """Return the kilometres in each result, and of pieces gone, added, and of another cost."""
        return self._sums(np.zeros(len(self._before), np.int64), 1)[0]

    def by_kind(self) -> list[StreetChange]:
        """Return the kinds of which some pieces differ."""
        kinds = sorted(set(self._kind))
        number = {kind: k for k, kind in enumerate(kinds)}
        sums = self._sums(np.array([number[kind] for kind in self._kind], np.int64), len(kinds))
        return [
            {"kind": str(kind), **km}
            for kind, km in zip(kinds, sums, strict=True)
            if km["gone_km"] or km["added_km"] or km["changed_km"] or km["a_km"] != km["b_km"]
        ]

    def by_name(self) -> list[WayChange]:
        """Return the streets of which some pieces differ, most kilometres first."""
        streets = list(zip(self._name, np.where(self._name == "", self._way, ""), strict=True))
        differ = np.flatnonzero((self._apart | self._other) & (self._length_mm > 0))
        number = {one: k for k, one in enumerate(sorted({streets[row] for row in differ}))}
        of = np.array([number.get(one, -1) for one in streets], np.int64)
        pieces: list[list[int]] = [[] for _ in number]
        for row in np.flatnonzero(of >= 0).tolist():
            pieces[of[row]].append(row)
        found: list[WayChange] = [
            {
                "name": street[0] or None,
                "ways": sorted(set(self._way[rows]), key=lambda one: (len(one), one)),
                "kinds": sorted(set(map(str, self._kind[rows]))),
                "change": self._change(rows),
                **km,
            }
            for street, rows, km in zip(number, pieces, self._sums(of, len(number)), strict=True)
        ]
        found.sort(key=lambda one: -one["gone_km"] - one["added_km"] - one["changed_km"])
        return found

    def _change(self, rows: list[int]) -> Literal["new", "gone", "changed"]:
        before = self._before[rows]
        return "gone" if before.all() else "changed" if before.any() else "new"

    def _sums(self, of: Ints, n: int) -> list[StreetKm]:
        """Sum the lengths of `n` streets in integers; `of` is the number of each, -1 in none."""
        which = {
            "a_km": self._before,
            "b_km": ~self._before,
            "gone_km": self._before & self._apart,
            "added_km": ~self._before & self._apart,
            "changed_km": self._other,
        }
        sums = {key: np.zeros(n, np.int64) for key in which}
        for key, mask in which.items():
            rows = np.flatnonzero(mask & (of >= 0))
            np.add.at(sums[key], of[rows], self._length_mm[rows])
        return [
            cast("StreetKm", {key: int(one[k]) / 1_000_000 for key, one in sums.items()})
            for k in range(n)
        ]


def _codes(before: KeptStreets, after: KeptStreets) -> tuple[Ints, Ints]:
    """Number the lines, and the lines with their costs, of both results, first those of a."""
    line = np.concatenate([before.line, after.line])
    table = np.column_stack([line, np.concatenate([before.cost, after.cost])])
    order = np.lexsort(table.T[::-1])
    differs = table[order][1:] != table[order][:-1]
    found = []
    for columns in (line.shape[1], table.shape[1]):
        codes = np.zeros(len(table), np.int64)
        codes[order[1:]] = np.cumsum(differs[:, :columns].any(axis=1))
        found.append(codes)
    return found[0], found[1]


def _pairs(old: Ints, new: Ints) -> tuple[Ints, Ints]:
    """Pair equal numbers one to one, in their order; return their rows in either."""
    wide = max(len(old), len(new)) + 1
    a, b = (codes * wide + _nth(codes) for codes in (old, new))
    _, rows_a, rows_b = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return rows_a.astype(np.int64), rows_b.astype(np.int64)


def _nth(codes: Ints) -> Ints:
    """Return how many equal numbers stand before each."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    found = np.empty(len(codes), np.int64)
    found[order] = np.arange(len(codes)) - np.searchsorted(ordered, ordered)
    return found


def _streets_of(before: KeptStreets, after: KeptStreets, both: list[Ints]) -> tuple[Words, Words]:
    """Return name and way of each piece."""
    names = [np.full(len(side.way), "", object) for side in (before, after)]
    for k, side in enumerate((before, after)):
        if side.name is not None:
            names[k] = side.name
    for mine, there, (rows, theirs) in ((0, 1, both), (1, 0, both[::-1])):
        sides = (before, after)
        if sides[mine].name is None:
            by_way = dict(zip(sides[there].way, names[there], strict=True))
            names[mine] = np.array([by_way.get(way, "") for way in sides[mine].way], object)
            names[mine][rows] = names[there][theirs]
    old_name, old_way = names[0].copy(), before.way.copy()
    old_name[both[0]], old_way[both[0]] = names[1][both[1]], after.way[both[1]]
    return np.concatenate([old_name, names[1]]), np.concatenate([old_way, after.way])
