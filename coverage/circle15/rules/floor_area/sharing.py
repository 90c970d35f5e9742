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
    from collections.abc import Sequence

    from circle15.rules.packs.floor_area_law import FloorAreaLaw
    from circle15.study.settings.records import Rules

MOST_OFFERED: Final = 3
MOST_TRIED: Final = 12
"""Only the nearest neighbours of a zone are tried; a dense area has hundreds in reach."""


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
    tree = shapely.STRtree(shapes)
    found: list[tuple[Sharing, ...]] = []
    for check in checks:
        wanting = check.sheet is not None and check.sheet.verdict is Verdict.NOT_MET
        if not wanting or check.zone.shape is None or check.pool_id is not None:
            found.append(())
            continue
        near = tree.query(check.zone.shape, "dwithin", distance=reach_m)
        apart = shapely.distance(shapes[near], check.zone.shape)
        order = np.lexsort((near, apart))[: MOST_TRIED + 1]
        tried = [(alone[near[k]], float(apart[k])) for k in order]
        found.append(_sharing(check, [one for one in tried if one[0] is not check], law, rules))
    return found


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
