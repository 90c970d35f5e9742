"""The places drawn on maps: where people of the drawn group live inside the area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.inputs.crs.degrees import lon_lat, place_keys
from circle15.inputs.demand.population import layers_by_source
from circle15.results.once import once
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints
    from circle15.results.records import StudyResult


@dataclass(frozen=True)
class Places:
    """
    The places inside the area where people of the drawn group live.

    A raster cell that lies in several zones is one place with several parts, each a demand point.

    Attributes
    ----------
    lon, lat : float64, shape (places,)
        Degrees, sorted from west to east, then from south to north.
    parts : int64, shape (places,)
        Number of parts.
    row, micro : int64, shape (parts,)
        Row in the demand table and micro-persons of each part; parts of a place are contiguous.
    """

    lon: Floats
    lat: Floats
    parts: Ints
    row: Ints
    micro: Ints

    @property
    def first(self) -> Ints:
        """Index of the first part of each place; all its parts have the same position."""
        return np.cumsum(self.parts) - self.parts

    @property
    def people(self) -> Floats:
        """Persons of each place, float64, shape (places,)."""
        return np.asarray(np.add.reduceat(self.micro, self.first) / c.MICRO)


@once
def find_places(result: StudyResult) -> Places | None:
    """Group the demand points with people inside the area by place; None if none has a position."""
    demand = result.demand
    weight = dict(result.judged_people)[result.drawn]
    lon, lat = lon_lat(demand[c.X_M].to_numpy(), demand[c.Y_M].to_numpy(), result.crs)
    row = np.flatnonzero(np.isfinite(lon) & (weight > 0) & demand[c.IN_AREA].to_numpy(bool))
    if not len(row):
        return None
    key = place_keys(lon[row], lat[row])
    order = np.argsort(key, kind="stable")
    row, key = row[order], key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    parts = np.diff(first, append=len(row))
    return Places(lon[row[first]], lat[row[first]], parts, row, weight[row])


def source_of_homes(result: StudyResult) -> Ints:
    """Return the index of each demand point's source; with several, ids start with its key."""
    prefixes = list(layers_by_source(result.study.demand.layers))
    found = np.zeros(len(result.demand), np.int64)
    if len(prefixes) > 1:
        number = {prefix: k for k, prefix in enumerate(prefixes)}
        ids = result.demand[c.DEMAND_ID]
        found[:] = [number[key[: key.index(":") + 1]] for key in ids]
    return found
