"""Find neighbours with which a zone could share rooms so that both meet the floor-area law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.rules.floor_area.judge import FloorAreaSheet, judge_pool
from circle15.rules.floor_area.shared_rooms import together
from circle15.rules.floor_area.zone_checks import ZoneCheck, households_of
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.arrays import Floats, Ints
    from circle15.inputs.shapes import Shapes
    from circle15.rules.packs.floor_area_law import FloorAreaLaw
    from circle15.study.settings.rules.requirements import Rules

MOST_OFFERED: Final = 3
MOST_TRIED: Final = 12
"""Only the nearest neighbours of a zone are tried; a dense area has hundreds in reach."""
_AT_ONCE: Final = 500
_DOUBLINGS: Final = 12  # from a quarter of a metre to a kilometre


@dataclass(frozen=True)
class Sharing:
    """
    A zone nearby; `sheet` judges both as one and is met, `distance_m` is straight-line.

    Sharing adds no floor area, but an authority must agree to it: the law pools zones only where
    they are declared as one.
    """

    zone_id: str
    name: str
    distance_m: float
    sheet: FloorAreaSheet


def zones_to_share(
    checks: Sequence[ZoneCheck], law: FloorAreaLaw | None, rules: Rules, *, reach_m: float
) -> list[tuple[Sharing, ...]]:
    """
    Find for each zone that does not meet the law the neighbours with which it would.

    Parameters
    ----------
    checks
        The residential zones, judged.
    law
        The floor-area law; None without one.
    rules
        Reading, basis and rule for mixed zones.
    reach_m
        Longest straight-line distance between zones, metres: that of the walk of the circle.

    Returns
    -------
    For each zone up to three, nearest first; none for zones in a pool, without a position, or
    with a verdict other than not met.
    """
    alone = [check for check in checks if check.zone.shape is not None and check.pool_id is None]
    if law is None or not alone:
        return [() for _ in checks]
    shapes = np.array([check.zone.shape for check in alone], dtype=object)
    wanting = np.array(
        [check.sheet is not None and check.sheet.verdict is Verdict.NOT_MET for check in alone]
    )
    found: dict[int, tuple[Sharing, ...]] = {}
    for own, near, apart in nearest_shapes(
        shapes, np.flatnonzero(wanting), most=MOST_TRIED + 1, reach_m=reach_m
    ):
        check = alone[own]
        pairs = zip(near.tolist(), apart.tolist(), strict=True)
        tried = [(alone[k], distance_m) for k, distance_m in pairs if k != own]
        found[id(check)] = _sharing(check, tried, law, rules)
    return [found.get(id(check), ()) for check in checks]


def nearest_shapes(
    shapes: Shapes, wanted: Ints, *, most: int, reach_m: float
) -> Iterator[tuple[int, Ints, Floats]]:
    """
    Find the nearest shapes of some, themselves included.

    The distance that is searched is doubled until there are enough, so that a dense place costs
    no more than another.

    Parameters
    ----------
    shapes
        Geometries, shape (n,).
    wanted
        Indexes of those whose neighbours are asked for.
    most
        How many at most for each.
    reach_m
        Longest distance, metres, inclusive.

    Yields
    ------
    Index of a shape, indexes of its nearest ones by distance, then index, and their distances.
    """
    tree = shapely.STRtree(shapes)
    for begin in range(0, len(wanted), _AT_ONCE):
        left = wanted[begin : begin + _AT_ONCE]
        for step in range(_DOUBLINGS, -1, -1):
            row, near = tree.query(shapes[left], "dwithin", distance=reach_m / 2**step)
            counts = np.bincount(row, minlength=len(left))
            done = (counts >= most) | (step == 0)
            kept = done[row]
            row, near = row[kept], near[kept]
            apart = shapely.distance(shapes[near], shapes[left[row]])
            order = np.lexsort((near, apart, row))
            row, near, apart = row[order], near[order], apart[order]
            for k in np.flatnonzero(done).tolist():
                first, last = np.searchsorted(row, (k, k + 1)).tolist()
                chosen = slice(first, min(last, first + most))
                yield int(left[k]), near[chosen], apart[chosen]
            left = left[~done]
            if not len(left):
                break


def _enough(one: FloorAreaSheet | None, other: FloorAreaSheet) -> bool:
    """Return whether two zones together have the area that they require together."""
    if one is None or one.required_m2 is None or other.required_m2 is None:
        return False
    counted_m2 = (one.counted_m2 or 0) + (other.counted_m2 or 0)
    return counted_m2 >= one.required_m2 + other.required_m2


def _sharing(
    check: ZoneCheck, near: Sequence[tuple[ZoneCheck, float]], law: FloorAreaLaw, rules: Rules
) -> tuple[Sharing, ...]:
    found: list[Sharing] = []
    for other, distance_m in near:
        if other.sheet is None or other.sheet.verdict is not Verdict.MET:
            continue  # two zones that both lack rooms cannot help each other
        if not _enough(check.sheet, other.sheet):
            continue
        sheet = judge_pool(
            f"{check.zone.zone_id}+{other.zone.zone_id}",
            [households_of(check.zone), households_of(other.zone)],
            together([*check.rooms, *other.rooms]),
            law,
            reading=rules.reading,
            basis=rules.basis,
            mixed=rules.mixed,
        )
        if sheet.verdict is Verdict.MET:
            found.append(Sharing(other.zone.zone_id, other.zone.name, distance_m, sheet))
        if len(found) == MOST_OFFERED:
            break
    return tuple(found)
