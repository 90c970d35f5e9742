"""Measure the spacing of neighbouring places around a sample of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import points_at

if TYPE_CHECKING:
    from circle15.arrays import Floats

_SAMPLE = 2000
_MANY, _WINDOWS = 20_000, 40


def spacing_m(places: Floats, *, reach_m: float, lonely_m: float) -> tuple[float, float]:
    """
    Return the spacing of places in x and y, metres, measured around the median place.

    Parameters
    ----------
    places : float64, shape (n, 2)
        Metres, at least one.
    reach_m
        Places within this distance of the median place, in x and y, are measured.
    lonely_m
        Result where there is only one place.
    """
    middle = places[np.argsort(places[:, 0], kind="stable")[len(places) // 2]]
    near = places[np.abs(places - middle).max(axis=1) <= reach_m]
    return cell_size(near[:, 0], near[:, 1], lonely_m)


def cell_size(x: Floats, y: Floats, lonely: float) -> tuple[float, float]:
    """Return width and height of a cell: the median gap to the neighbours beside and above."""
    places = np.unique(_some_windows(np.column_stack([x, y])), axis=0)
    if len(places) < 2:
        return lonely, lonely
    points = points_at(places[:, 0], places[:, 1])
    tree = shapely.STRtree(points)
    sample = points[:: max(1, len(points) // _SAMPLE)]
    (one, _), nearest_m = tree.query_nearest(
        sample, exclusive=True, return_distance=True, all_matches=False
    )
    # The cell above may be up to three times as far away as the one beside.
    who, other = tree.query(sample[one], "dwithin", distance=3 * nearest_m)
    gap = np.abs(places[other] - places[:: max(1, len(points) // _SAMPLE)][one][who])
    sizes = []
    for along in (0, 1):
        straight = gap[:, along] > 2 * gap[:, 1 - along]
        nearest = np.full(len(one), np.inf)
        np.minimum.at(nearest, who[straight], gap[straight, along])
        nearest = nearest[np.isfinite(nearest)]
        sizes.append(float(np.median(nearest)) if len(nearest) else None)
    either = sizes[0] or sizes[1] or lonely
    return sizes[0] or either, sizes[1] or either


def _some_windows(places: Floats) -> Floats:
    """Return a sample of many places: all in some windows, so that neighbours stay together."""
    if len(places) <= _MANY:
        return places
    places = places[np.argsort(places[:, 0], kind="stable")]
    half = np.ptp(places, axis=0) * np.sqrt(_MANY / _WINDOWS / len(places)) / 2
    chosen = np.zeros(len(places), bool)
    for middle in places[:: len(places) // _WINDOWS]:
        ends = np.searchsorted(places[:, 0], [middle[0] - half[0], middle[0] + half[0]])
        strip = slice(*ends.tolist())
        chosen[strip] |= np.abs(places[strip, 1] - middle[1]) <= half[1]
    return places[chosen]
