"""Two-step floating catchment areas: how much supply each person has within reach."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.errors import InputDataError
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.accumulate import destination_sums, point_sums

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints
    from circle15.travel.engine.catchments import CatchmentSearch


_BITS = 62  # sums of fixed-point numbers stay below 2⁶², so that no order of adding matters


@dataclass(frozen=True)
class TwoStep:
    """
    Result of a two-step search.

    Attributes
    ----------
    ratio : float64, shape (facilities,)
        Supply per person in the catchment; NaN for a facility that nobody reaches (idle).
    access : float64, shape (points,)
        Sum of the ratios within reach: supply per person; 0 where nothing is in reach.
    """

    ratio: Floats
    access: Floats


def two_step_fca(search: CatchmentSearch, supply: Floats, weights: Ints) -> TwoStep:
    """
    Compute 2SFCA: R_j = S_j / Σ P_i over the catchment of j; A_i = Σ R_j within reach of i.

    Source: Luo and Wang (2003). Supply is conserved: Σ P_i A_i = Σ S_j over the facilities that
    somebody reaches.

    Parameters
    ----------
    supply : float64, shape (facilities,)
        Beds, meals or places; not negative.
    weights : int64, shape (points,)
        Micro-persons.

    Raises
    ------
    InputDataError
        If a supply is negative or not a number.

    Examples
    --------
    See the worked case F01 in the tests.
    """
    if not (np.isfinite(supply) & (supply >= 0)).all():
        raise InputDataError(
            "a supply is negative or unknown.", mend="Give each site its capacity."
        )
    persons = destination_sums(search, weights[:, None])[:, 0] / c.MICRO
    used = persons > 0
    ratio = np.divide(supply, persons, out=np.full(len(supply), np.nan), where=used)
    total = float(np.nansum(ratio))
    shift = _BITS - math.frexp(max(total, 1e-300))[1] - 1 if total > 0 else 0
    fixed = np.zeros(len(supply), np.int64)
    fixed[used] = np.floor(np.ldexp(ratio[used], shift) + 0.5).astype(np.int64)
    return TwoStep(ratio, np.ldexp(point_sums(search, fixed).astype(np.float64), -shift))
