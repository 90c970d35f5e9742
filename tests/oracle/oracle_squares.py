"""
The oracle's squares: rims of areas, and the straight ways across them.

No code of circle15 is used here. Inside and outside are found by ray casting: a place lies in a
square if a ray from it meets the rims an odd number of times.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Tags = Mapping[str, str]
XY = tuple[float, float]
Rim = list[int]
"""Ids of the nodes of a ring, in order, without the repeat at its end."""

MOST_STREETS = 64
AT_RIM_M = 0.02
"""Positions are stored to a centimetre: a line along the rim may be outside by so much."""
SAYS_NOTHING = {"type", "name", "source", "note", "fixme", "created_by"}


@dataclass(frozen=True)
class Relation:
    """A relation: id, tags, and its member ways with their roles."""

    id: int
    tags: Tags
    members: Sequence[tuple[int, str]]

    def ways(self, *, inner: bool) -> list[int]:
        """Ids of its ways of one role, each once, in the order of the ids."""
        return sorted({n for n, role in dict(self.members).items() if (role == "inner") == inner})


@dataclass(frozen=True)
class Square:
    """Rims of an area; `walked` says of each whether its edges are there because of it."""

    way: int
    tags: Tags
    rims: Sequence[Rim]
    holes: Sequence[bool]
    walked: Sequence[bool]


def is_area(tags: Tags) -> bool:
    """Whether a closed way is an area: by `area`, or as platforms and piers are without it."""
    return tags.get("area", "no" if "highway" in tags else "yes") == "yes"


def areas_of(
    relations: Iterable[Relation], walked: Mapping[int, Tags], keeps: Callable[[Tags], bool]
) -> list[Relation]:
    """
    Multipolygons that can be walked, by their own tags or, without any, by those of outer ways.

    `walked` are the tags of the ways that can be walked by themselves.
    """
    found = []
    for one in sorted(relations, key=lambda r: r.id):
        if one.tags.get("type") != "multipolygon":
            continue
        if keeps(one.tags):
            found.append(one)
        elif set(one.tags) <= SAYS_NOTHING:
            outer = [walked.get(n) for n, role in one.members if role != "inner"]
            if outer and all(tags is not None and is_area(tags) for tags in outer):
                found.append(Relation(one.id, outer[0] or {}, one.members))
    return found


def rims_of(
    relation: Relation, refs: Mapping[int, Sequence[int]], own: Mapping[int, Tags]
) -> list[int]:
    """
    Ids of the member ways that are walked because of a relation.

    All of its outer ways; those of a hole that a street touches, and that is no street itself.
    """
    found = [n for n in relation.ways(inner=False) if n in refs]
    street_nodes = {node for way in own for node in refs[way]}
    for hole in _hanging_together([n for n in relation.ways(inner=True) if n in refs], refs):
        touched = any(street_nodes & set(refs[n]) for n in hole)
        if touched and not all(n in own for n in hole):
            found += hole
    return [n for n in found if n not in own]


def _hanging_together(ways: Sequence[int], refs: Mapping[int, Sequence[int]]) -> list[list[int]]:
    groups: list[list[int]] = []
    for way in ways:
        near = [g for g in groups if any(set(refs[way]) & set(refs[n]) for n in g)]
        groups = [g for g in groups if g not in near]
        groups.append(sorted([way, *itertools.chain.from_iterable(near)]))
    return groups


def closed_rims(ways: Sequence[int], refs: Mapping[int, Sequence[int]]) -> list[Rim] | None:
    """Rings that ways form, joined at their ends; None where one does not close."""
    left = [list(refs[way]) for way in ways]
    rims = []
    while left:
        path = left.pop(0)
        while path[0] != path[-1]:
            k = next((k for k, w in enumerate(left) if path[-1] in (w[0], w[-1])), None)
            if k is None:
                return None
            piece = left.pop(k)
            path += piece[1:] if piece[0] == path[-1] else piece[-2::-1]
        rims.append(path[:-1])
    return rims


def square_of(
    relation: Relation,
    refs: Mapping[int, Sequence[int]],
    whole: set[int],
    own: Mapping[int, Tags],
) -> Square | None:
    """Return a relation as a square; None unless all its members are whole and its rims close."""
    if not all(n in whole for n, _ in relation.members):
        return None
    outer = relation.ways(inner=False)
    inner = relation.ways(inner=True)
    rims, holes = closed_rims(outer, refs), closed_rims(inner, refs)
    if not rims or holes is None:
        return None
    walked_nodes = {node for n in rims_of(relation, refs, own) for node in refs[n]}
    return Square(
        outer[0],
        relation.tags,
        [*rims, *holes],
        [False] * len(rims) + [True] * len(holes),
        [True] * len(rims) + [set(hole) <= walked_nodes for hole in holes],
    )


def ways_across(
    squares: Sequence[Square], xy: Mapping[int, XY], degree: Mapping[int, int]
) -> Iterable[tuple[Square, int, int]]:
    """
    Straight ways across squares, between the places where streets join their rims.

    People walk around holes: along lines that touch them at their corners.
    """
    on_rims = Counter(node for s in squares for node in {n for rim in s.rims for n in rim})
    for square in squares:
        sides = [side for rim in square.rims for side in _sides(rim)]
        if any(_crosses_itself(rim, xy) for rim in square.rims):
            continue
        ends = []
        streets = 0
        for k, (rim, walked) in enumerate(zip(square.rims, square.walked, strict=True)):
            for place, node in enumerate(rim):
                joins = degree.get(node, 0) > 2 * walked or on_rims[node] > 1
                streets += joins
                if joins or square.holes[k]:
                    before, after = rim[place - 1], rim[(place + 1) % len(rim)]
                    ends.append((k, place, node, None if joins else (xy[before], xy[after])))
        if streets > MOST_STREETS:
            continue
        for one, other in itertools.combinations(ends, 2):
            (ring_a, place_a, a, hole_a), (ring_b, place_b, b, hole_b) = one, other
            beside = abs(place_a - place_b) in (1, len(square.rims[ring_a]) - 1)
            if ring_a == ring_b and beside and square.walked[ring_a]:
                continue
            if not _passes_by(xy[b], xy[a], hole_a) or not _passes_by(xy[a], xy[b], hole_b):
                continue
            if _stays_inside(xy[a], xy[b], square, sides, xy):
                yield square, a, b


def _passes_by(start: XY, corner: XY, beside: tuple[XY, XY] | None) -> bool:
    """Whether a line passes the corner of a hole with both of its neighbours on one side."""
    if beside is None:
        return True
    aside = [_turn(start, corner, one) / math.dist(start, corner) for one in beside]
    return min(aside) >= -AT_RIM_M or max(aside) <= AT_RIM_M


def _sides(rim: Rim) -> list[tuple[int, int]]:
    return list(itertools.pairwise([*rim, rim[0]]))


def _turn(a: XY, b: XY, c: XY) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _crosses_itself(rim: Rim, xy: Mapping[int, XY]) -> bool:
    """Whether two sides that are not neighbours intersect, or a node occurs twice."""
    if len(set(rim)) < len(rim):
        return True
    sides = _sides(rim)
    for (i, (a, b)), (j, (c, d)) in itertools.combinations(enumerate(sides), 2):
        if j - i in (1, len(sides) - 1):
            continue
        p, q, r, s = xy[a], xy[b], xy[c], xy[d]
        if _turn(p, q, r) * _turn(p, q, s) <= 0 and _turn(r, s, p) * _turn(r, s, q) <= 0:
            return True
    return False


def _inside(point: XY, rims: Iterable[Rim], xy: Mapping[int, XY]) -> bool:
    found = False
    for rim in rims:
        for a, b in _sides(rim):
            (x0, y0), (x1, y1) = xy[a], xy[b]
            if (y0 > point[1]) != (y1 > point[1]):
                found ^= point[0] < x0 + (point[1] - y0) / (y1 - y0) * (x1 - x0)
    return found


def _stays_inside(
    p: XY, q: XY, square: Square, sides: Sequence[tuple[int, int]], xy: Mapping[int, Any]
) -> bool:
    """Cut the line where it meets sides: each part must lie in the square, or at its rim."""
    cuts = {0.0, 1.0}
    for a, b in sides:
        r, s = xy[a], xy[b]
        across = _turn(r, s, p) - _turn(r, s, q)
        if across == 0:
            continue
        t = _turn(r, s, p) / across
        if 0 < t < 1 and _turn(p, q, r) * _turn(p, q, s) <= 0:
            cuts.add(t)
    outer = [rim for rim, hole in zip(square.rims, square.holes, strict=True) if not hole]
    for t0, t1 in itertools.pairwise(sorted(cuts)):
        for share in (0.1, 0.3, 0.5, 0.7, 0.9):
            t = t0 + (t1 - t0) * share
            point = (p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t)
            within = _inside(point, square.rims, xy)
            if any(square.holes):
                within &= any(_inside(point, [rim], xy) for rim in outer)
            if not within and not any(_apart(point, xy[a], xy[b]) <= AT_RIM_M for a, b in sides):
                return False
    return True


def _apart(point: XY, a: XY, b: XY) -> float:
    """Distance of a point from a side, metres."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / (dx * dx + dy * dy)
    t = min(max(t, 0.0), 1.0)
    return math.dist(point, (a[0] + t * dx, a[1] + t * dy))
