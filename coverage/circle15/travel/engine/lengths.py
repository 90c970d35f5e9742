"""Replace the costs of a network by street lengths, for distances instead of times."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.walk_network import NO_WAY

if TYPE_CHECKING:
    from circle15.arrays import Floats
    from circle15.travel.engine.graph import TravelNetwork


MM_PER_MS: Final = Fraction(1)
"""Walking speed in m/s at which a millisecond equals a millimetre."""


def by_length(travel: TravelNetwork, length_m: Floats) -> TravelNetwork:
    """Return a network whose costs are street lengths (m) alone; closed ways stay closed."""
    mm = np.floor(length_m * 1000 + 0.5).astype(np.int64)
    no_wait = np.zeros(len(mm), np.int64)
    return replace(
        travel,
        base_mm_fwd=np.where(travel.base_mm_fwd == NO_WAY, NO_WAY, mm),
        base_mm_bwd=np.where(travel.base_mm_bwd == NO_WAY, NO_WAY, mm),
        delay_ms_fwd=no_wait,
        delay_ms_bwd=no_wait,
    )
