"""Weights that fall with time, and sums over catchments by them: alike in any order of adding."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings name shapes and units.

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.errors import InputDataError
from circle15.network.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Floats, Ints
    from circle15.travel.engine.joined import Search

_BITS: Final = 61  # sums stay below 2⁶²
_ANY_TIME: Final = 1 << 40
"""Milliseconds beyond the cutoff of any search."""


@dataclass(frozen=True)
class Decay:
    """
    Weight, 0–1, of a walk of some milliseconds.

    Attributes
    ----------
    limits_ms, weights
        Steps: the weight of a walk is that of the first limit, inclusive, that its time keeps; 0
        beyond the last one. Empty for a curve.
    scale_ms, floor
        A curve: (g − floor) / (1 − floor) with g = exp(−½ (t / scale)²), never below 0.
    """

    limits_ms: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()
    scale_ms: float = 1.0
    floor: float = 0.0

    @classmethod
    def alike(cls) -> Decay:
        """Give every walk within the cutoff the weight 1."""
        return cls((_ANY_TIME,), (1.0,))

    @classmethod
    def steps(cls, limits_ms: Sequence[int], weights: Sequence[float]) -> Decay:
        """
        Give each band of time its weight.

        Source: Luo and Qi (2009), Health & Place 15(4), 1100–1107: three bands with 1, .68, .22 or,
        falling faster, 1, .42, .09.

        Raises
        ------
        InputDataError
            If the limits do not rise, or a weight is not within 0–1 or rises, or the first is 0.
        """
        if len(limits_ms) != len(weights) or not weights:
            raise InputDataError(
                f"{len(weights)} weights for {len(limits_ms)} steps.",
                mend="Give each step its weight.",
            )
        if any(a >= b for a, b in pairwise(limits_ms)):
            raise InputDataError("the steps do not rise.", mend="Give them in rising order.")
        falling = all(a >= b for a, b in pairwise(weights))
        if not (falling and weights[0] > 0 and all(0 <= one <= 1 for one in weights)):
            raise InputDataError(
                f"the weights {', '.join(map(str, weights))} do not fall from 1 to 0.",
                mend="Give weights within 0 and 1 that do not rise with time, the first above 0.",
            )
        return cls(tuple(limits_ms), tuple(map(float, weights)))

    @classmethod
    def gaussian(cls, cutoff_ms: int) -> Decay:
        """
        Let weights fall along a Gaussian curve from 1 at no time to 0 at the cutoff.

        (exp(−½ (t / T)²) − exp(−½)) / (1 − exp(−½)); 1, .8627, .4936 and 0 at 0, 5, 10 and 15 of
        15 minutes. Source: Dai (2010), Health & Place 16(5), 1038–1052.
        """
        return cls(scale_ms=float(cutoff_ms), floor=math.exp(-0.5))

    def of(self, ms: Ints) -> Floats:
        """Weights of some walks, milliseconds; a multiple of 2⁻⁴⁰, so that machines agree."""
        limits, weights = self._arrays
        found = np.empty(len(ms))
        _weights_of(ms.astype(np.int64), limits, weights, self.scale_ms, self.floor, found)
        return found

    @property
    def _arrays(self) -> tuple[Ints, Floats]:
        return np.array(self.limits_ms, np.int64), np.array(self.weights, np.float64)


class Summing:
    """
    Sums of values times weights over the catchments of a search.

    Parameters
    ----------
    power
        2 takes the square of each weight.

    Every product is split into two whole numbers before it is added, so that neither the order
    nor the number of threads matters; the error of a sum is below 2⁻⁹⁰ of all values together.
    """

    def __init__(self, decay: Decay, power: int = 1) -> None:
        self.decay = decay
        self.power = power

    def at_destinations(self, searches: Sequence[Search], values: Sequence[Floats]) -> Floats:
        """
        Sum at each destination the weighted values of the origins in its catchment.

        Parameters
        ----------
        searches
            From the same destinations, each to origins of its own.
        values : float64, shape (origins,), one for each search
            Not negative.

        Returns
        -------
        float64, shape (destinations,)
        """
        shift = _shift(sum(float(one.sum()) for one in values))
        high = np.zeros(searches[0].n_destinations, np.int64)
        low = np.zeros_like(high)
        for search, own in zip(searches, values, strict=True):
            scaled = np.ldexp(own, shift)
            for part in search.stream():
                found = part.destinations, part.offsets, part.points, part.ms
                _add_at_destinations(*found, *self._weights, scaled, high, low)
        return _joined(high, low, shift)

    def at_points(self, search: Search, values: Floats) -> Floats:
        """
        Sum at each origin the weighted values of the destinations that it reaches.

        Parameters
        ----------
        values : float64, shape (destinations,)
            Not negative.

        Returns
        -------
        float64, shape (origins,)
        """
        shift = _shift(float(values.sum()))
        high = np.zeros(search.n_origins, np.int64)
        low = np.zeros_like(high)
        scaled = np.ldexp(values, shift)
        for part in search.stream():
            found = part.destinations, part.offsets, part.points, part.ms
            _add_at_points(*found, *self._weights, scaled, high, low)
        return _joined(high, low, shift)

    @property
    def _weights(self) -> tuple[Ints, Floats, float, float, int]:
        decay = self.decay
        limits, weights = decay._arrays
        return limits, weights, decay.scale_ms, decay.floor, self.power


def reaches(search: Search, marked: Bools) -> Bools:
    """
    Which origins reach at least one of some destinations.

    Parameters
    ----------
    marked : bool, shape (destinations,)
    """
    found = np.zeros(search.n_origins, np.bool_)
    if marked.any():
        for part in search.stream():
            _mark(part.destinations, part.offsets, part.points, marked, found)
    return found


def _shift(total: float) -> int:
    """Powers of two by which values are multiplied, so that their sum fills the whole numbers."""
    return _BITS - math.frexp(total)[1] if total > 0 else 0


def _joined(high: Ints, low: Ints, shift: int) -> Floats:
    found: Floats = np.ldexp(high + np.ldexp(low.astype(np.float64), -31), -shift)
    return found


@compiled
def _weight(ms, limits_ms, weights, scale_ms, floor):
    """Weight of one walk, a multiple of 2⁻⁴⁰."""
    weight = 0.0
    if len(limits_ms):
        for k in range(len(limits_ms)):
            if ms <= limits_ms[k]:
                weight = weights[k]
                break
    else:
        along = ms / scale_ms
        weight = max((math.exp(-0.5 * along * along) - floor) / (1.0 - floor), 0.0)
    return math.floor(weight * 1099511627776.0 + 0.5) / 1099511627776.0


@compiled
def _weights_of(ms, limits_ms, weights, scale_ms, floor, found):
    """Weights of many walks."""
    for k in range(len(ms)):
        found[k] = _weight(ms[k], limits_ms, weights, scale_ms, floor)


@compiled
def _add_at_destinations(
    destinations, offsets, points, ms, limits_ms, weights, scale_ms, floor, power, values, high, low
):
    """Add the weighted values of each catchment to its destination: whole parts and the rest."""
    for k in range(len(destinations)):
        whole_sum = np.int64(0)
        rest_sum = np.int64(0)
        for i in range(offsets[k], offsets[k + 1]):
            weight = _weight(ms[i], limits_ms, weights, scale_ms, floor)
            if power == 2:
                weight *= weight
            product = values[points[i]] * weight
            whole = math.floor(product)
            whole_sum += np.int64(whole)
            rest_sum += np.int64(math.floor((product - whole) * 2147483648.0 + 0.5))
        high[destinations[k]] += whole_sum
        low[destinations[k]] += rest_sum


@compiled
def _add_at_points(
    destinations, offsets, points, ms, limits_ms, weights, scale_ms, floor, power, values, high, low
):
    """Add the weighted value of each destination to the origins in its catchment."""
    for k in range(len(destinations)):
        value = values[destinations[k]]
        for i in range(offsets[k], offsets[k + 1]):
            weight = _weight(ms[i], limits_ms, weights, scale_ms, floor)
            if power == 2:
                weight *= weight
            product = value * weight
            whole = math.floor(product)
            high[points[i]] += np.int64(whole)
            low[points[i]] += np.int64(math.floor((product - whole) * 2147483648.0 + 0.5))


@compiled
def _mark(destinations, offsets, points, marked, found):
    """Mark the origins in the catchments of marked destinations."""
    for k in range(len(destinations)):
        if marked[destinations[k]]:
            for i in range(offsets[k], offsets[k + 1]):
                found[points[i]] = True
