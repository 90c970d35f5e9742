"""The barriers of an OpenStreetMap file: lines with ids and kinds, and the gates on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.positions import WGS84, transform
from circle15.inputs.shapes import lines_through
from circle15.network.walk_filter import barrier_kind, is_opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from pyproj import CRS

    from circle15.network.osm import OsmWays

    Floats = npt.NDArray[np.float64]


def osm_barriers(ways: OsmWays, crs: CRS) -> dict[str, Any]:
    """Barriers with their ids and kinds, and the gates on them."""
    parts = [(way, run) for way in ways.barriers for run in way.runs]
    nodes = np.concatenate([*(run for _, run in parts), np.empty((0, 3), np.int64)])
    tags = ways.node_tags
    gates = nodes[[is_opening(tags.get(one, {})) for one in nodes[:, 0].tolist()]]
    x, y = transform(gates[:, 1] / 10_000_000, gates[:, 2] / 10_000_000, WGS84, crs)
    return {
        "barriers": lines_of([run[:, 1:] / 10_000_000 for _, run in parts], WGS84, crs),
        "barrier_ids": np.array([f"way/{way.id}" for way, _ in parts], dtype=object),
        "barrier_kinds": np.array([barrier_kind(way.tags) for way, _ in parts], dtype=object),
        "gate_xy": np.column_stack([x, y]),
    }


def lines_of(runs: Sequence[Floats], source: CRS, crs: CRS) -> npt.NDArray[np.object_]:
    """Project runs of vertices, all at once, into lines."""
    if not runs:
        return np.array([], dtype=object)
    flat = np.concatenate(runs)
    x, y = transform(flat[:, 0], flat[:, 1], source, crs)
    owner = np.repeat(np.arange(len(runs)), [len(run) for run in runs])
    return lines_through(x, y, owner)
