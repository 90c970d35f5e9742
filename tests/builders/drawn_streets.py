"""Random streets between points of a circle, with a river perhaps, and sites."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import shapely
from hypothesis import strategies as st

from circle15.travel.engine.graph import Positions
from circle15.travel.served_areas.drawing import Drawing
from circle15.travel.served_areas.isochrones import Isochrones
from circle15.travel.served_areas.raster_frame import RasterFrame
from tests.builders.rasters import raster_over
from tests.streets import Way, graph_of, joined, plane

CELL_M = 25.0
MAX_SNAP_M = 80.0
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Streets:
    """Streets between points of a circle of 500 m, a river perhaps, and sites in it."""

    nodes: dict[str, tuple[float, float]]
    ways: tuple[Way, ...]
    river: tuple[tuple[float, float], ...]
    sites: tuple[tuple[float, float], ...]
    cutoffs_s: tuple[int, ...]

    def isochrones(self, *, round_trip: bool = False) -> Isochrones:
        network = plane(self.nodes, *self.ways, barriers=[self.river] if self.river else [])
        over = shapely.box(-120, -115, 620, 615)
        raster = raster_over(over, network, cell_m=CELL_M, max_snap_m=MAX_SNAP_M)
        return Isochrones(
            raster,
            network,
            graph_of(network),
            access_speed_m_s=Fraction(1),
            round_trip=round_trip,
        )

    def drawing(self, window_cells: int, *, round_trip: bool = False) -> Drawing:
        """Return what draws the same, in windows of some cells."""
        network = plane(self.nodes, *self.ways, barriers=[self.river] if self.river else [])
        return Drawing(
            RasterFrame.over(shapely.box(-120, -115, 620, 615), cell_m=CELL_M),
            network,
            graph_of(network),
            joined=network,
            access_speed_m_s=Fraction(1),
            max_snap_m=MAX_SNAP_M,
            round_trip=round_trip,
            window_cells=window_cells,
        )

    def positions(self) -> Positions:
        network = plane(self.nodes, *self.ways, barriers=[self.river] if self.river else [])
        return joined(network, *self.sites)

    @property
    def cutoffs_ms(self) -> list[int]:
        return [1000 * cutoff for cutoff in self.cutoffs_s]


place = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda xy: (xy[0] * 1.0, xy[1] * 1.0)
)


@st.composite
def streets(draw):
    # On a circle, so that no two streets lie on one another.
    names = LETTERS[: draw(st.integers(2, len(LETTERS)))]
    turns = [(k + draw(st.floats(0, 0.9))) / len(names) for k in range(len(names))]
    nodes = {
        name: (
            round(250 + 250 * math.cos(math.tau * turn), 3),
            round(250 + 250 * math.sin(math.tau * turn), 3),
        )
        for name, turn in zip(names, turns, strict=True)
    }
    every = [a + b for a, b in itertools.combinations(names, 2)]
    words = draw(st.lists(st.sampled_from(every), min_size=1, max_size=16, unique=True))
    ways = tuple(Way(word, one_way=draw(st.integers(0, 5)) == 0) for word in words)
    river = draw(st.just(()) | st.tuples(place, place))
    sites = tuple(draw(st.lists(place, min_size=1, max_size=4)))
    cutoffs = draw(st.lists(st.integers(1, 600), min_size=3, max_size=3, unique=True))
    return Streets(nodes, ways, river, sites, tuple(sorted(cutoffs)))
