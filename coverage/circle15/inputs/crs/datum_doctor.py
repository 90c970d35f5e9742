"""Test the declared datum of a layer against the streets.

Real places lie beside streets. Under a wrong datum they lie anywhere: in lakes, in blocks, on
carriageways. The test places the points of a layer under each datum that it could be in, and
compares their distances to the nearest street. It reports the best fit and never shifts anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import shapely
from pyproj import CRS

from circle15.inputs.crs.belts import candidate_belts
from circle15.inputs.crs.datums import NAMES, SHIFTED, in_china
from circle15.inputs.crs.positions import WGS84, on_earth, place, transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats
    from circle15.inputs.crs.points import Given


FARTHEST_M: Final = 1000.0
"""Larger distances to the nearest street count as this."""
MOST_POINTS: Final = 2000
"""More points are thinned evenly and deterministically."""
SPACING_M: Final = 100.0
"""One point per cell of this size is tested: neighbours share a street, and treating them as
independent would make the test overconfident."""
BESIDE_M: Final = 30.0
"""Within this distance of the street's centre line a place is beside it. Smaller differences show
the setback of houses, not the datum; random points in a dense network lie nearer than real ones."""
FEWEST_POINTS: Final = 20
"""With fewer points the test has little power even for a shift of 500 m."""
SIGNIFICANCE: Final = 0.01
"""Level of Wilcoxon's signed-rank test: if neither datum were right, both distances of a point
would have the same distribution and their difference would be symmetric about 0. The test weighs
differences by size, as distances far from all streets are most informative."""
CLEAR_RATIO: Final = 0.8
"""Ratio of the 90th percentiles of the distances that counts as clearly better: with thousands of
points even negligible differences are significant."""
BEYOND_M: Final = 2000.0
"""Points at most this far outside the network's extent count as near it."""
BESIDE_STREETS_M: Final = 200.0
"""A layer whose median distance to the streets is larger does not fit: by default its points would
not join the streets."""
_ENOUGH_INSIDE: Final = 0.9
_FEWEST_OFF_MAP: Final = 3

Verdict = Literal["fits", "unclear", "few", "doubted", "wrong", "off_map"]


@dataclass(frozen=True)
class Reference:
    """
    The streets with which positions are compared, in the study CRS.

    `distance_m` returns the distance of points (x, y; shape (n,)) to the nearest street, infinite
    beyond `FARTHEST_M`; `extent` is the area in which streets are known.
    """

    crs: CRS
    extent: BaseGeometry
    distance_m: Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Fit:
    """
    Fit of a layer to the streets in one datum.

    Attributes
    ----------
    name
        The datum or CRS, with `(y, x)` where the columns are swapped.
    datum, crs
        The setting to declare: a datum, or a CRS for coordinates in metres; one of them is None.
    exchanged
        Whether the columns are swapped.
    near
        Points within 2 km of the network's extent.
    median_m, p90_m
        Median and 90th percentile of the distances of the tested points to the nearest street,
        metres; None where none was tested.
    p_value
        Probability of the tested points being this much nearer than as declared, if neither datum
        were right; None for the declared one and where none was tested.
    """

    name: str
    datum: str | None
    crs: str | None
    exchanged: bool
    near: int
    median_m: float | None
    p90_m: float | None
    p_value: float | None

    def is_elsewhere(self, declared: Fit) -> bool:
        """Return whether it moves points far from where they are as declared."""
        return self.exchanged or self.crs != declared.crs


@dataclass(frozen=True)
class Diagnosis:
    """
    Result of the datum test of one layer.

    Attributes
    ----------
    given
        The layer.
    rows
        Number of rows with a position.
    looked_at
        Number of points that were placed: one per cell of 100 m, 2,000 at most.
    tested
        Number of those within the network's extent in at least one datum. Where a list and the
        network end at the same edge, a datum that moves points beyond it is less likely.
    fits
        The declared datum first, the others by how well they fit.
    verdict
        `fits`: beside the streets, and clearly better than any other · `unclear`: no other is
        clearly better, or the points are far from the streets, or are centres of areas, whose
        distance to streets is not informative · `few`: too few points to decide · `doubted`:
        another fits clearly better · `wrong`: no point is near the network, and in another datum
        nearly all are · `off_map`: none is near in any datum.
    """

    given: Given = field(compare=False)
    rows: int
    looked_at: int
    tested: int
    fits: tuple[Fit, ...]
    verdict: Verdict

    @property
    def declared(self) -> Fit:
        """Fit of the declared datum."""
        return self.fits[0]

    @property
    def best(self) -> Fit:
        """Best fit of the other datums; the declared one where there is no other."""
        return self.fits[1] if len(self.fits) > 1 else self.fits[0]


@dataclass(frozen=True)
class _Guess:
    name: str
    datum: str | None
    source: CRS
    exchanged: bool = False

    def positions(self, x: Floats, y: Floats, crs: CRS) -> tuple[Floats, Floats]:
        if self.exchanged:
            x, y = y, x
        if self.source.is_geographic:
            possible = (np.abs(x) <= 180) & (np.abs(y) <= 90)
            x, y = np.where(possible, x, np.nan), np.where(possible, y, np.nan)
        found = np.full(len(x), np.nan), np.full(len(x), np.nan)
        use = np.isfinite(x)
        found[0][use], found[1][use] = place(x[use], y[use], self.source, self.datum, crs)
        nowhere = ~on_earth(*found)
        found[0][nowhere] = found[1][nowhere] = np.nan
        return found


def examine_datum(given: Given, reference: Reference) -> Diagnosis | None:
    """
    Compare the fit of a layer to the streets as declared and in other datums.

    The result does not depend on the order of the rows.

    Returns
    -------
    The diagnosis; None where no row has a position.
    """
    placed = on_earth(given.x, given.y)
    if not placed.any():
        return None
    x, y = _thinned(given.x[placed], given.y[placed], given.source)
    guesses = list(_guesses(given, x, y, reference))
    spots = [guess.positions(x, y, reference.crs) for guess in guesses]
    around = shapely.buffer(reference.extent, BEYOND_M)
    shapely.prepare([around, reference.extent])
    near = [_inside(around, *spot) for spot in spots]
    tested = np.logical_or.reduce([_inside(reference.extent, *spot) for spot in spots])
    distances = [
        # fmin: a point without a position in a datum (NaN) counts as farthest.
        np.fmin(reference.distance_m(sx[tested], sy[tested]), FARTHEST_M)
        for sx, sy in spots
    ]
    fits = [
        _fit(guess, int(inside.sum()), distance, distances[0] if k else None)
        for k, (guess, inside, distance) in enumerate(zip(guesses, near, distances, strict=True))
    ]
    others = sorted(
        fits[1:],
        key=lambda fit: (
            not _doubts(fit, fits[0]),
            -fit.near if fits[0].near == 0 else 0,
            FARTHEST_M if fit.p90_m is None else fit.p90_m,
        ),
    )
    ordered = (fits[0], *others)
    return Diagnosis(
        given,
        int(placed.sum()),
        len(x),
        int(tested.sum()),
        ordered,
        _verdict(ordered, len(x), int(tested.sum()), distances, of_areas=given.of_areas),
    )


def _thinned(x: Floats, y: Floats, source: CRS) -> tuple[Floats, Floats]:
    """Return one point of each cell, and an even sample of many points."""
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    cell = SPACING_M if source.is_projected else SPACING_M / 111_000
    _, first = np.unique(np.floor(np.column_stack([x, y]) / cell), axis=0, return_index=True)
    if len(first) > MOST_POINTS:
        first = first[np.linspace(0, len(first) - 1, MOST_POINTS).round().astype(int)]
    return x[first], y[first]


def _guesses(given: Given, x: Floats, y: Floats, reference: Reference) -> Iterator[_Guess]:
    """Yield the datums and CRS that the layer could be in, the declared one first."""
    datum = given.datum if given.datum in SHIFTED else None
    own = NAMES[given.datum or "wgs84"]
    if given.source.is_projected:
        own = given.source.to_string() + (f" {own}" if datum else "")
    declared = _Guess(own, datum, given.source)
    yield declared
    lon, lat = transform(*declared.positions(x, y, reference.crs), reference.crs, WGS84)
    if in_china(lon, lat).any():
        for other in ("wgs84", *SHIFTED):
            if other != (datum or "wgs84"):
                name = NAMES[other]
                if given.source.is_projected:
                    name = f"{given.source.to_string()} {name}"
                yield _Guess(name, None if other == "wgs84" else other, given.source)
    yield _Guess(f"{own} (y, x)", datum, given.source, exchanged=True)
    if given.source.is_projected:
        middle = shapely.centroid(reference.extent)
        centre = transform(np.array([middle.x]), np.array([middle.y]), reference.crs, WGS84)
        for code, exchanged in candidate_belts(x, y, float(centre[0][0])):
            if code != given.source.to_string():
                name = f"{code} (y, x)" if exchanged else code
                yield _Guess(name, None, CRS.from_user_input(code), exchanged)


def _inside(shape: BaseGeometry, x: Floats, y: Floats) -> Bools:
    return np.asarray(shapely.contains_xy(shape, x, y), np.bool_)


def _fit(guess: _Guess, near: int, distance: Floats, declared: Floats | None) -> Fit:
    some = len(distance) > 0
    return Fit(
        guess.name,
        None if guess.source.is_projected and guess.datum is None else guess.datum or "wgs84",
        guess.source.to_string() if guess.source.is_projected else None,
        guess.exchanged,
        near,
        float(np.median(distance)) if some else None,
        float(np.quantile(distance, 0.9)) if some else None,
        chance_of(distance, declared) if some and declared is not None else None,
    )


def chance_of(nearer: Floats, farther: Floats) -> float:
    """
    Return the p-value of the first distances being less than the second ones.

    Wilcoxon's signed-rank test by its normal approximation, with ties (Wilcoxon 1945; Pratt &
    Gibbons 1981). Not from scipy.stats, whose import takes longer than reading a study.
    """
    change = np.maximum(nearer, BESIDE_M) - np.maximum(farther, BESIDE_M)
    change = change[change != 0]
    n = len(change)
    if n == 0:
        return 1.0
    _, place, ties = np.unique(np.abs(change), return_inverse=True, return_counts=True)
    rank = (np.cumsum(ties) - (ties - 1) / 2)[place]
    spread = n * (n + 1) * (2 * n + 1) / 24 - float(np.sum(ties**3 - ties)) / 48
    z = (float(rank[change > 0].sum()) - n * (n + 1) / 4) / math.sqrt(spread)
    return math.erfc(-z / math.sqrt(2)) / 2


def _doubts(fit: Fit, declared: Fit) -> bool:
    """Return whether a fit is clearly better than the declared one."""
    if fit.p90_m is None or declared.p90_m is None or fit.p_value is None:
        return False
    return fit.p90_m <= CLEAR_RATIO * declared.p90_m and fit.p_value <= SIGNIFICANCE


def _verdict(
    fits: tuple[Fit, ...],
    looked_at: int,
    tested: int,
    distances: list[Floats],
    *,
    of_areas: bool,
) -> Verdict:
    declared, others = fits[0], fits[1:]
    if declared.near == 0:
        few = looked_at < _FEWEST_OFF_MAP  # another datum may bring a few near by chance
        likely = [fit.near for fit in others if not few or fit.is_elsewhere(declared)]
        if max(likely, default=0) >= _ENOUGH_INSIDE * looked_at:
            return "wrong"
        if not few:
            return "off_map"
    if tested < FEWEST_POINTS:
        return "few"
    if of_areas:
        return "unclear"
    if any(_doubts(fit, declared) for fit in others):
        return "doubted"
    if declared.median_m is None or declared.median_m > BESIDE_STREETS_M:
        return "unclear"
    rivals = [distance for distance in distances[1:] if np.median(distance) < FARTHEST_M]
    fitting = all(
        np.quantile(distances[0], 0.9) <= CLEAR_RATIO * np.quantile(distance, 0.9)
        and chance_of(distances[0], distance) <= SIGNIFICANCE
        for distance in rivals
    )
    return "fits" if fitting else "unclear"
