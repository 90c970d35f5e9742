"""Check that every number of a study is within a meaningful range."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.study.limits import PEOPLE, SPEEDS
from circle15.study.settings.records import HORIZON_MIN

if TYPE_CHECKING:
    from circle15.study.settings.records import Study

    Fault = tuple[str, str, str]

_SMALLEST_HOUSEHOLD: Final = Decimal("0.1")
_FEWEST: Final = Decimal("0.000001")  # persons are counted in millionths
_LONGEST_M: Final = 10**9
_MOST_KEPT: Final = 1000


def fault_of_numbers(study: Study) -> Fault | None:
    """Return which number is out of range, how, and the fix; None if all are in range."""
    walk, size = study.walk, study.demand.household_size
    positive = [
        ("walk.speed_m_s", walk.speed_m_s, 1000),
        ("walk.max_snap_m", walk.max_snap_m, 10_000),
        ("walk.access_speed_factor", walk.access_speed_factor, 1000),
        *(("walk.sensitivity_m_s", speed, 1000) for speed in walk.sensitivity_m_s),
        *((f"walk.age_speeds.{band}", speed, 1000) for band, speed in walk.age_speeds.items()),
        ("demand.household_size", size, 1000),
        *(("demand.layers.calibrate_to", a.calibrate_to, PEOPLE.most) for a in study.demand.layers),
    ]
    for where, number, most in positive:
        if number is not None and not (number.is_finite() and number > 0):
            return where, f"is {number}.", "It must be greater than 0."
        if number is not None and number > most:
            return where, f"is {number:.6g}.", f"It must be {most:,} at most."
    for layer in study.demand.layers:
        if layer.calibrate_to is not None and layer.calibrate_to < _FEWEST:
            where = f"demand.layers ({layer.group}).calibrate_to"
            return where, f"is {layer.calibrate_to}.", f"It must be {_FEWEST} or more."
        if layer.year is not None and not 1 <= layer.year <= dt.MAXYEAR:
            where = f"demand.layers ({layer.group}).year"
            return where, f"is {layer.year}, no year.", f"It must be from 1 to {dt.MAXYEAR}."
    if not 0 <= study.keep <= _MOST_KEPT:
        return "study.keep", f"is {study.keep:,}.", f"It must be from 0 to {_MOST_KEPT:,}."
    if size is not None and size < _SMALLEST_HOUSEHOLD:
        return "demand.household_size", f"is {size}.", "It must be 0.1 or more."
    if len(walk.sensitivity_m_s) > SPEEDS.most:
        where = "walk.sensitivity_m_s"
        return where, f"lists {len(walk.sensitivity_m_s):,}.", f"{SPEEDS.most} are the limit."
    return _fault_of_pieces(study.network.min_component_m) or _fault_of_cutoffs(walk.cutoffs_min)


def _fault_of_pieces(least_m: Decimal) -> Fault | None:
    where = "network.min_component_m"
    if not (least_m.is_finite() and least_m >= 0):
        return where, f"is {least_m}.", "It must be 0 or more."
    if least_m > _LONGEST_M:
        return where, f"is {least_m:.6g}.", f"It must be {_LONGEST_M:,} at most."
    return None


def _fault_of_cutoffs(cutoffs_min: tuple[int, ...]) -> Fault | None:
    where = "walk.cutoffs_min"
    if not cutoffs_min or list(cutoffs_min) != sorted(set(cutoffs_min)) or cutoffs_min[0] <= 0:
        return where, "must be minutes in rising order.", ""
    if cutoffs_min[-1] > HORIZON_MIN:
        return where, f"reaches beyond {HORIZON_MIN} min.", ""
    return None
