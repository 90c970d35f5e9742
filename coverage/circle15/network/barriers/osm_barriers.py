"""The barriers of an OpenStreetMap file: lines with ids and kinds, and the gates on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.positions import transform
from circle15.inputs.shapes import lines_through
from circle15.network.osm.barrier_tags import barrier_kind, is_opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pyproj import CRS

    from circle15.arrays import Floats
    from circle15.network.osm.osm_file import OsmWays


@dataclass
class BarrierLines:
    """
    Barriers as their file holds them, in its own CRS.

    Attributes
    ----------
    runs
        Vertices of each line, shape (n, 2).
    ids, kinds
        Name of each line and its kind; see `barrier_kind`.
    gates
        Positions of the gates on them.
    """

    runs: list[Floats] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    gates: list[tuple[float, float]] = field(default_factory=list)

    def add(self, run: Floats, name: str, kind: str) -> None:
        """Add one line."""
        self.runs.append(run)
        self.ids.append(name)
        self.kinds.append(kind)

    def of_network(self, source: CRS, crs: CRS) -> dict[str, Any]:
        """Return the fields of a `WalkNetwork` that hold barriers, projected to `crs`."""
        gates = np.array(self.gates, np.float64).reshape(-1, 2)
        return {
            "barriers": _lines_of(self.runs, source, crs),
            "barrier_ids": np.array(self.ids, dtype=object),
            "barrier_kinds": np.array(self.kinds, dtype=object),
            "gate_xy": np.column_stack(transform(gates[:, 0], gates[:, 1], source, crs)),
        }


def osm_barriers(ways: OsmWays) -> BarrierLines:
    """List the barriers of a file with their ids and kinds, and the gates on them; WGS 84."""
    found = BarrierLines()
    gates = np.array([one for one, tags in ways.node_tags.items() if is_opening(tags)], np.int64)
    for way in ways.barriers:
        for run in way.runs:
            place = run[:, 1:] / 10_000_000
            found.add(place, f"way/{way.id}", barrier_kind(way.tags))
            found.gates += map(tuple, place[np.isin(run[:, 0], gates)].tolist())
    return found


def _lines_of(runs: Sequence[Floats], source: CRS, crs: CRS) -> npt.NDArray[np.object_]:
    """Return a projected line for each run of vertices."""
    if not runs:
        return np.array([], dtype=object)
    flat = np.concatenate(runs)
    x, y = transform(flat[:, 0], flat[:, 1], source, crs)
    owner = np.repeat(np.arange(len(runs)), [len(run) for run in runs])
    return lines_through(x, y, owner)
