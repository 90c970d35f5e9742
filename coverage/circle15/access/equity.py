"""How evenly something is spread over people: Gini, Lorenz curve, ratios and the worst off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints

Worse = Literal["low", "high"]
"""Whether people with little are worse off (supply) or people with much (minutes)."""

TENTH: Final = Fraction(1, 10)
LORENZ_POINTS: Final = 10


@dataclass(frozen=True, slots=True)
class Equity:
    """
    How evenly values are spread over people; None is undefined.

    Attributes
    ----------
    persons, persons_unknown
        Micro-persons whose value is known, and those whose value is not; only the first count.
    mean, least, greatest
        In units of the values; None without people.
    gini
        Σ_i Σ_k P_i P_k |x_i − x_k| / (2 P² x̄), 0 (all alike) to 1. None where everybody has
        nothing: 0 of 0 is shared neither evenly nor unevenly.
    lorenz
        Share of the total that the 0, 10, …, 100 % of people with least have; empty where the Gini
        index is None.
    coefficient_of_variation
        Standard deviation of all people (not of a sample) by the mean; None where the mean is 0.
    palma
        What the 10 % of people with most have together, by what the 40 % with least have together;
        people are ranked by the value itself, not by income. None where the latter is 0.
    decile_ratio
        Mean of the 10 % with most by that of the 10 % with least; None where the latter is 0.
    worst_tenth
        Mean of the 10 % of people who are worst off.
    spread
        Greatest less least mean of the subdistricts with people of known value; None of fewer than
        two, or where no subdistricts are given.
    """

    persons: int
    persons_unknown: int
    mean: float | None = None
    least: float | None = None
    greatest: float | None = None
    gini: float | None = None
    lorenz: tuple[float, ...] = ()
    coefficient_of_variation: float | None = None
    palma: float | None = None
    decile_ratio: float | None = None
    worst_tenth: float | None = None
    spread: float | None = None

    @property
    def least_forty(self) -> float | None:
        """Share of the total that the 40 % of people with least have; None without a curve."""
        return self.lorenz[4] if self.lorenz else None

    @property
    def most_tenth(self) -> float | None:
        """Share of the total that the 10 % of people with most have; None without a curve."""
        return self.lorenz[-1] - self.lorenz[-2] if self.lorenz else None


def equity_of(
    values: Floats, persons: Ints, *, worse: Worse = "low", zone: Ints | None = None
) -> Equity:
    """
    Measure how evenly values are spread over people.

    People at the edge of a tenth are split, so that it holds exactly a tenth of the people.
    Sources: Gini (1912); Lorenz (1905); Palma (2011), Development and Change 42(1), 87–153, there
    of incomes.

    Parameters
    ----------
    values : float64, shape (n,)
        Not negative: supply per person, minutes, or 1 and 0 of covered and not. NaN is unknown.
    persons : int64, shape (n,)
        Micro-persons, not negative.
    worse
        Who is worse off: people with low values, or with high ones.
    zone : int64, shape (n,)
        Number of the subdistrict of each, -1 of none; None for no subdistricts.

    Raises
    ------
    InputDataError
        If a value is negative or infinite, or persons are negative.

    Examples
    --------
    >>> found = equity_of(np.array([10.0, 20, 30, 40]), np.full(4, 1_000_000))
    >>> found.gini, round(found.palma, 4)
    (0.25, 0.7273)
    """
    if (persons < 0).any():
        raise InputDataError("persons are negative.", mend="Give 0 or more.")
    known = ~np.isnan(values)
    if not (np.isfinite(values[known]) & (values[known] >= 0)).all():
        raise InputDataError("a value is negative or infinite.", mend="Give 0 or more.")
    lived = known & (persons > 0)
    everybody = int(persons[lived].sum())
    unknown = int(persons[~known].sum())
    if not everybody:
        return Equity(0, unknown)
    x, row = np.unique(values[lived], return_inverse=True)
    people = np.zeros(len(x), np.int64)
    np.add.at(people, row, persons[lived])
    ranked = _Ranked(x, people)
    tenths = [ranked.sum_between(Fraction(0), k * TENTH) for k in range(LORENZ_POINTS + 1)]
    total = tenths[-1]
    mean = total / everybody
    first, last = tenths[1], ranked.sum_between(1 - TENTH, Fraction(1))
    deviation = math.sqrt(math.fsum((people * (x - mean) ** 2).tolist()) / everybody)
    return Equity(
        persons=everybody,
        persons_unknown=unknown,
        mean=mean,
        least=float(x[0]),
        greatest=float(x[-1]),
        gini=_gini(x, people, everybody, total) if total else None,
        lorenz=tuple(one / total for one in tenths) if total else (),
        coefficient_of_variation=deviation / mean if total else None,
        palma=last / tenths[4] if tenths[4] else None,
        decile_ratio=last / first if first else None,
        worst_tenth=(first if worse == "low" else last) / (everybody / 10),
        spread=None if zone is None else _spread(values[lived], persons[lived], zone[lived]),
    )


def worst_tenth(values: Floats, persons: Ints, *, worse: Worse = "low") -> Ints:
    """
    Find who is among the tenth of the people who are worst off, as `Equity.worst_tenth` means them.

    Parameters
    ----------
    values, persons, worse
        As in `equity_of`; the people whose value is unknown are none of them.

    Returns
    -------
    Micro-persons of each row: int64, shape (n,). They sum to a tenth of the people whose value is
    known, rounded down; of equal values the first rows count.

    Examples
    --------
    >>> worst_tenth(np.array([5.0, 9, np.nan, 9]), np.array([60, 4, 40, 36]), worse="high")
    array([0, 4, 0, 6])
    """
    known = np.flatnonzero(~np.isnan(values))
    by_rank = values[known] if worse == "low" else -values[known]
    order = known[np.argsort(by_rank, kind="stable")]
    own = persons[order]
    before = np.cumsum(own) - own
    found = np.zeros(len(values), np.int64)
    found[order] = np.clip(own.sum() // 10 - before, 0, own)
    return found


@dataclass(frozen=True)
class _Ranked:
    """Values in rising order, each once, and the micro-persons who have them."""

    x: Floats
    people: Ints

    @cached_property
    def end(self) -> Ints:
        """Micro-persons who have at most each value."""
        return np.cumsum(self.people)

    def sum_between(self, low: Fraction, high: Fraction) -> float:
        """Sum of the values of the people between two shares of them, from those with least."""
        everybody = int(self.end[-1])
        low_n, high_n = float(low * everybody), float(high * everybody)
        # Those beyond either share add nothing.
        first, last = np.searchsorted(self.end, [low_n, high_n])
        some = slice(first, last + 1)
        begin, end = self.end[some] - self.people[some], self.end[some]
        inside = np.minimum(end, high_n) - np.maximum(begin, low_n)
        return math.fsum((np.maximum(inside, 0) * self.x[some]).tolist())


def _gini(x: Floats, people: Ints, everybody: int, total: float) -> float:
    """
    Gini index of values in rising order.

    Σ_i Σ_k P_i P_k |x_i − x_k| = 2 Σ_i P_i x_i (people below i − people above i).
    """
    end = np.cumsum(people)
    below, above = end - people, everybody - end
    apart = math.fsum((people * x * ((below - above) / everybody)).tolist())
    return max(apart / total, 0.0)


def _spread(values: Floats, persons: Ints, zone: Ints) -> float | None:
    """Greatest less least mean of the zones."""
    means = []
    for one in np.unique(zone[zone >= 0]).tolist():
        here = zone == one
        sum_here = math.fsum((values[here] * persons[here]).tolist())
        means.append(sum_here / int(persons[here].sum()))
    return max(means) - min(means) if len(means) > 1 else None
