"""Floating catchment areas: how much supply each person has within reach, by five methods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from circle15.errors import InputDataError
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.decay import Decay, Summing, reaches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Floats, Ints
    from circle15.travel.engine.joined import Search


Method = Literal["2sfca", "e2sfca", "3sfca", "m2sfca", "bfca"]
METHODS: Final[tuple[Method, ...]] = ("2sfca", "e2sfca", "3sfca", "m2sfca", "bfca")


@dataclass(frozen=True)
class Walking:
    """
    People who walk alike, and the sites that they reach.

    Attributes
    ----------
    search
        From the sites to the homes; the sites are the same for all people.
    persons : int64, shape (homes,)
        Micro-persons, not negative.
    """

    search: Search
    persons: Ints


@dataclass(frozen=True)
class Balance:
    """
    What sites of known supply offer to the people who reach them, and what these are given.

    Attributes
    ----------
    supply_reached
        Supply of the sites with people in their catchment: Σ S_j.
    supply_handed_out
        Σ P_i A_i. By 2SFCA, E2SFCA and 3SFCA the same; by M2SFCA less, by design; by BFCA another
        number, since it shares levels of service over homes and not over people.
    error
        Relative difference of the two sums that the method promises to be alike: Σ P_i A_i and
        Σ S_j, by BFCA Σ H_i A_i and Σ S_j / D_j. None by M2SFCA, and where no supply is reached.
    """

    supply_reached: float
    supply_handed_out: float
    error: float | None


@dataclass(frozen=True)
class FloatingCatchment:
    """
    Supply per person by site and by home.

    Attributes
    ----------
    ratio : float64, shape (sites,)
        Supply per person in the catchment, people weighted as the method says. NaN where the supply
        is unknown or no people are within reach.
    idle : bool, shape (sites,)
        The site has supply, and no people are within reach: it is given to no home.
    access : float64, shape (homes,), one for each `Walking`
        Supply per person of the sites of known supply; 0 where none is in reach. At least this much
        where `at_least` says so.
    at_least : bool, shape (homes,), one for each `Walking`
        A site of unknown supply is in reach.
    balance
        The check of the sums.
    """

    ratio: Floats
    idle: Bools
    access: tuple[Floats, ...]
    at_least: tuple[Bools, ...]
    balance: Balance


def floating_catchment(
    people: Sequence[Walking],
    supply: Floats,
    *,
    method: Method = "2sfca",
    decay: Decay | None = None,
) -> FloatingCatchment:
    """
    Compute supply per person by a floating catchment method.

    With P_i people of home i, S_j supply of site j and W_ij the weight of the walk (`Decay`; 0
    beyond the cutoff of the search):

    - `2sfca`: R_j = S_j / Σ_i P_i; A_i = Σ_j R_j. All weights are 1.
      Luo and Wang (2003), Environment and Planning B 30(6), 865–884.
    - `e2sfca`: R_j = S_j / Σ_i W_ij P_i; A_i = Σ_j W_ij R_j.
      Luo and Qi (2009), Health & Place 15(4), 1100–1107.
    - `3sfca`: G_ij = W_ij / Σ_j W_ij; R_j = S_j / Σ_i G_ij W_ij P_i; A_i = Σ_j G_ij W_ij R_j.
      Wan, Zou and Sternberg (2012), International Journal of GIS 26(6), 1073–1089.
    - `m2sfca`: R_j = S_j / Σ_i W_ij P_i; A_i = Σ_j W_ij² R_j: distant supply is used less, and part
      of it is not used at all. Delamater (2013), Spatial and Spatio-temporal Epidemiology 4, 1–16.
    - `bfca`: D_j = Σ_i P_i W_ij / Σ_j W_ij; A_i = Σ_j (S_j / D_j) W_ij / Σ_i H_i W_ij. Demand and
      level of service are each shared once, so none is inflated; A_i depends on how many homes
      share a catchment, so compare it only between homes of one study. H_i is 1 for a home with
      people, and 0 for one without: points where no people live change nothing. Where the people of
      a home walk in several ways, each of these counts as their share of the home.
      Paez, Higgins and Vivona (2019), PLoS ONE 14(6), e0218773.

    A site of unknown supply takes its part of the demand (3SFCA, BFCA) and gives nothing.

    Parameters
    ----------
    people
        At least one; their searches are from the same sites, in the order of `supply`, to the same
        homes.
    supply : float64, shape (sites,)
        Beds, meals or places, not negative; NaN is unknown.
    method
        One of `METHODS`.
    decay
        Weights of walks. By default all are alike within the cutoff.

    Returns
    -------
    Supply per person, in units of the supply.

    Raises
    ------
    InputDataError
        If a supply is negative or infinite, or 2SFCA is given weights.

    Examples
    --------
    See the worked cases F01–F05 in the tests.
    """
    if not (np.isnan(supply) | (np.isfinite(supply) & (supply >= 0))).all():
        raise InputDataError(
            "a supply is negative or infinite.", mend="Give each site its capacity."
        )
    if method == "2sfca" and decay is not None:
        raise InputDataError(
            "2SFCA weighs all walks alike.", mend="Use e2sfca, or leave the weights out."
        )
    weights = decay or Decay.alike()
    once, twice = Summing(weights), Summing(weights, power=2)
    searches = [one.search for one in people]
    persons = [one.persons / c.MICRO for one in people]
    known = ~np.isnan(supply)
    shares: list[Floats] = []
    if method in {"3sfca", "bfca"}:
        # Σ_j W_ij of each home: what its people are shared over.
        ones = np.ones(len(supply))
        shares = [_inverse(once.at_points(search, ones)) for search in searches]
        persons = [one * share for one, share in zip(persons, shares, strict=True)]
    demand = (twice if method == "3sfca" else once).at_destinations(searches, persons)
    used = demand > 0
    ratio = np.divide(supply, demand, out=np.full(len(supply), np.nan), where=used & known)
    given = np.where(np.isnan(ratio), 0.0, ratio)
    level, counted = math.fsum(given), _shares_of_homes(people)
    if method == "bfca":
        homes = once.at_destinations(searches, counted)
        given *= _inverse(homes)
    square = method in {"3sfca", "m2sfca"}
    access = [(twice if square else once).at_points(search, given) for search in searches]
    if method == "3sfca":
        access = [one * share for one, share in zip(access, shares, strict=True)]
    reached = math.fsum(supply[used & known])
    handed_out = _sum_of_products(access, [one.persons / c.MICRO for one in people])
    error = _apart(reached, handed_out)
    if method == "bfca":
        error = _apart(level, _sum_of_products(access, counted))
    return FloatingCatchment(
        ratio=ratio,
        idle=~used & (supply > 0),
        access=tuple(access),
        at_least=tuple(reaches(search, ~known) for search in searches),
        balance=Balance(reached, handed_out, None if method == "m2sfca" else error),
    )


def _inverse(values: Floats) -> Floats:
    """1 / values; 0 for 0."""
    found: Floats = np.divide(1.0, values, out=np.zeros(len(values)), where=values > 0)
    return found


def _shares_of_homes(people: Sequence[Walking]) -> list[Floats]:
    """Share of the people of each home who walk in each way; 0 where there are no people."""
    whole = np.maximum(np.sum([one.persons for one in people], axis=0), 1)
    return [one.persons / whole for one in people]


def _sum_of_products(access: Sequence[Floats], counted: Sequence[Floats]) -> float:
    """Σ of the supply per person times persons or homes, rounded once."""
    both = zip(access, counted, strict=True)
    return math.fsum(x for own, n in both for x in (own * n).tolist())


def _apart(promised: float, found: float) -> float | None:
    """Relative difference of two sums; None where nothing is promised."""
    return abs(found - promised) / promised if promised > 0 else None
