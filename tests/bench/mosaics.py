"""Large networks from a real one: mirrored tiles, stitched where they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.chains import contract
from circle15.travel.engine.graph import TravelNetwork

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.network.walk_network import WalkNetwork

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

STITCH_M = 60.0
"""Nodes this close to the side of a tile are joined to their mirror image beyond it."""


@dataclass(frozen=True)
class Plain:
    """A network as plain arrays: what every engine in a benchmark is given."""

    x_m: Floats
    y_m: Floats
    u: Ints
    v: Ints
    base_mm: Ints

    @property
    def n_nodes(self) -> int:
        return len(self.x_m)

    def travel(self) -> TravelNetwork:
        """Contract it."""
        zero = np.zeros(len(self.u), np.int64)
        chains = contract(self.n_nodes, self.u, self.v, self.x_m, self.y_m)
        return TravelNetwork(chains, self.base_mm, self.base_mm, zero, zero)


def largest_component(network: WalkNetwork) -> Plain:
    """Take the largest component of a network, walkable both ways."""
    component = network.component
    mine = component == np.bincount(component).argmax()
    number = np.cumsum(mine) - 1
    keep = mine[network.u]
    base_mm = np.floor(network.length_m[keep] * 1000 + 0.5).astype(np.int64)
    return Plain(
        network.x_m[mine],
        network.y_m[mine],
        number[network.u[keep]],
        number[network.v[keep]],
        base_mm,
    )


def mosaic(tile: Plain, side: int) -> Plain:
    """
    Lay `side` × `side` tiles beside each other, every second one mirrored.

    A node near the side of a tile is joined to its own mirror image, twice its distance away, so
    that the whole hangs together.
    """
    x, y = tile.x_m - tile.x_m.min(), tile.y_m - tile.y_m.min()
    width, height = float(x.max()), float(y.max())
    n = tile.n_nodes
    parts: dict[str, list[npt.NDArray[np.generic]]] = {k: [] for k in ("x", "y", "u", "v", "mm")}
    for row in range(side):
        for column in range(side):
            offset = (row * side + column) * n
            tile_x = width - x if column % 2 else x
            tile_y = height - y if row % 2 else y
            parts["x"].append(tile_x + column * width)
            parts["y"].append(tile_y + row * height)
            parts["u"].append(tile.u + offset)
            parts["v"].append(tile.v + offset)
            parts["mm"].append(tile.base_mm)
            if column + 1 < side:
                _stitch(parts, width - tile_x, offset, offset + n)
            if row + 1 < side:
                _stitch(parts, height - tile_y, offset, offset + side * n)
    joined = {key: np.concatenate(arrays) for key, arrays in parts.items()}
    return Plain(joined["x"], joined["y"], joined["u"], joined["v"], joined["mm"])


def _stitch(
    parts: dict[str, list[npt.NDArray[np.generic]]], distance: Floats, here: int, beyond: int
) -> None:
    near = np.flatnonzero(distance <= STITCH_M)
    parts["u"].append(near + here)
    parts["v"].append(near + beyond)
    parts["mm"].append(np.floor(2000 * distance[near] + 1).astype(np.int64))
