"""Homes on the contracted streets, as far as the people layer of the page does not tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.output.map.packed_columns import Column
from circle15.output.map.trials.points import share_bytes
from circle15.output.map.trials.streets import MM, millimetres, zigzag
from circle15.results.drawn_places import find_places
from circle15.results.trials.along_edges import joins_where_nearest, sorted_along
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Bools, Ints
    from circle15.planning.trials import TrialWalk
    from circle15.results.drawn_places import Places
    from circle15.results.records import StudyResult


def place_columns(result: StudyResult, origin: tuple[int, int]) -> list[Column]:
    """
    Return `place_x` and `place_y`, where the places of the people layer are.

    They are millimetres from the origin, each as what differs from a place as far from the one
    before it as that is from its own: places of a raster follow each other from south to north.
    """
    places = find_places(result)
    at = np.empty((0, 2), np.int64) if places is None else _positions(result, places)
    return [
        Column(name, zigzag(np.diff(np.diff(at[:, k] - origin[k], prepend=0), prepend=0)))
        for k, name in enumerate(("place_x", "place_y"))
    ]


def home_columns(result: StudyResult, walk: TrialWalk) -> tuple[Ints, list[Column]]:
    """
    Return the homes: those that have joined the streets, in the order of the chains, then others.

    Where a home joins its edge follows from where it is, and mostly its people from the people
    layer.

    Returns
    -------
    The row of each home among those of `walk`; and the columns `home_edge`, its edge in the order
    of the chains, of those that have joined; `home_part`, its part in the people layer, their
    number for none; `home_micro`, what its micro-persons differ from those of the part; and
    `home_exact`, homes that join elsewhere, with the `home_leg` (ms) and `home_share` of each.
    """
    points, chains = walk.homes, walk.graph.chains
    joined = sorted_along(points, walk.graph)
    row = np.concatenate([joined, np.flatnonzero(points.edge < 0)])
    demand = result.judged.rows[row]
    places = find_places(result)
    parts = 0 if places is None else len(places.row)
    part = np.full(len(result.demand), parts, np.int64)
    micro = np.zeros(len(result.demand), np.int64)
    if places is not None:
        part[places.row] = np.arange(parts)
        micro[places.row] = places.micro
    expected = np.zeros(len(joined), bool)
    if places is not None:
        expected = _as_expected(result, walk, joined, places)
    exact = np.flatnonzero(~expected)
    return row, [
        Column("home_edge", chains.order[points.edge[joined]], steps=True),
        Column("home_part", part[demand], steps=True),
        Column("home_micro", zigzag(walk.weight[row] - micro[demand])),
        Column("home_exact", exact, steps=True),
        Column("home_leg", points.access_ms[joined[exact]]),
        Column("home_share", share_bytes(points.fraction[joined[exact]])),
    ]


def _positions(result: StudyResult, places: Places) -> Ints:
    """Return the first part of each place, mm, shape (places, 2)."""
    first = places.row[places.first]
    x_m, y_m = (result.demand[key].to_numpy(np.float64)[first] for key in (c.X_M, c.Y_M))
    return millimetres(np.column_stack([x_m, y_m]))


def _as_expected(result: StudyResult, walk: TrialWalk, joined: Ints, places: Places) -> Bools:
    """Return which homes join their edge where it is nearest to their place."""
    place = np.full(len(result.demand), -1, np.int64)
    place[places.row] = np.repeat(np.arange(len(places.parts)), places.parts)
    place = place[result.judged.rows[joined]]
    x_m, y_m = (_positions(result, places)[place] / MM).T
    nearest = joins_where_nearest(walk, walk.homes.take(joined), x_m, y_m)
    found: Bools = (place >= 0) & nearest
    return found
