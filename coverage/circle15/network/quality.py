"""Quality of the walking network: connectivity, dead ends, and distances of homes and sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from circle15.network.topology.divided_roads import DividedRoads, divided_roads

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork


BAND_ENDS_M: Final = (25, 50, 100, 200)
"""Ends of the distance bands, inclusive."""

BandM = Literal["0-25", "25-50", "50-100", "100-200", ">200", "unsnapped"]

BANDS: Final[tuple[BandM, ...]] = ("0-25", "25-50", "50-100", "100-200", ">200", "unsnapped")
"""Bands of the length of access legs, metres."""

LISTED: Final = 10
"""Length of each list of the worst."""

LOOK_M: Final = 1000.0
"""Search distance for the nearest street of a point that has not joined one, metres."""


@dataclass(frozen=True)
class Points:
    """
    Homes or sites, with the places where they join the network.

    Attributes
    ----------
    ids : object, shape (n,)
        Text; ties are ordered by them.
    x_m, y_m : float64, shape (n,)
        Study CRS; NaN without a position.
    snaps
        Where they join the network.
    weight : int64, shape (n,)
        Micro-persons of homes; 1 for each site.
    """

    ids: npt.NDArray[np.object_]
    x_m: Floats
    y_m: Floats
    snaps: Snaps
    weight: Ints


@dataclass(frozen=True, slots=True)
class Island:
    """
    A connected part of the network other than the longest one.

    `x_m`, `y_m` is one of its nodes; `persons` are micro-persons, as `sites` those that join it.
    """

    x_m: float
    y_m: float
    length_m: float
    persons: int
    sites: int


@dataclass(frozen=True, slots=True)
class Band:
    """Points of a distance band, and the sum of their weights."""

    points: int
    weight: int


@dataclass(frozen=True, slots=True)
class FarPoint:
    """
    A point far from the streets.

    `x_m`, `y_m` are NaN without a position; `weight` is that of `Points`. `distance_m` is the
    length of its access leg, or if it has not joined, the distance to the nearest street that
    takes snaps; None beyond 1 km or without a position. `code` is the reason why it has not
    joined, empty where it has.
    """

    id: str
    x_m: float
    y_m: float
    weight: int
    distance_m: float | None
    code: str


@dataclass(frozen=True)
class NetworkQuality:
    """
    Signs of faults in a walking network.

    Attributes
    ----------
    components
        Number of connected parts.
    islands
        All of them but the longest: most people first, then most sites, then the longest.
    dead_ends
        Number of nodes with one edge, except where the data end.
    nodes, length_m, private_m
        Number of nodes, length of the network, and length of the ways of compounds, metres.
    homes, sites
        By band, in the order of `BANDS`.
    far_homes
        The homes with the most people × metres, worst first.
    far_sites
        The sites farthest from the streets.
    divided
        Divided roads, and where they cannot be crossed; None where the file does not mark them.
    largest_m
        Length of the longest connected part, metres.
    """

    components: int
    islands: tuple[Island, ...]
    dead_ends: int
    nodes: int
    length_m: float
    private_m: float
    homes: tuple[Band, ...]
    sites: tuple[Band, ...]
    far_homes: tuple[FarPoint, ...]
    far_sites: tuple[FarPoint, ...]
    divided: DividedRoads | None = None
    largest_m: float = 0.0

    @property
    def largest_share(self) -> float | None:
        """Share (0–1) of the length in the longest part; None for a network without length."""
        return self.largest_m / self.length_m if self.length_m else None

    @property
    def private_share(self) -> float | None:
        """Share (0–1) of the length in compounds; None for a network without length."""
        return self.private_m / self.length_m if self.length_m else None


def component_lengths_m(network: WalkNetwork) -> Floats:
    """Return the length of each connected part of a network, metres, by its number."""
    parts = int(network.component.max(initial=-1)) + 1
    of_edge = network.component[network.u]
    lengths = np.bincount(of_edge, weights=network.length_m, minlength=parts)
    return np.asarray(lengths, np.float64)


def network_quality(network: WalkNetwork, homes: Points, sites: Points) -> NetworkQuality:
    """Measure the quality of a network, and of the access of homes and sites to it."""
    parts_m = component_lengths_m(network)
    home_m, site_m = (street_distance_m(network, points) for points in (homes, sites))
    return NetworkQuality(
        components=len(parts_m),
        islands=islands(network, homes, sites),
        dead_ends=dead_ends(network),
        nodes=len(network.x_m),
        length_m=float(network.length_m.sum()),
        private_m=float(network.length_m[network.private].sum()),
        homes=distance_bands(homes, home_m),
        sites=distance_bands(sites, site_m),
        far_homes=farthest(homes, home_m),
        far_sites=farthest(sites, site_m),
        divided=divided_roads(network),
        largest_m=float(parts_m.max(initial=0.0)),
    )


def islands(network: WalkNetwork, homes: Points, sites: Points) -> tuple[Island, ...]:
    """List the connected parts of a network but the longest, with their people and sites."""
    if not len(network.u):
        return ()
    component = network.component
    of_edge = component[network.u]
    length = component_lengths_m(network)
    n = len(length)
    persons, count = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for points, total in ((homes, persons), (sites, count)):
        joined = points.snaps.joined
        np.add.at(total, of_edge[points.snaps.edge[joined]], points.weight[joined])
    node = np.unique(component, return_index=True)[1]
    order = np.lexsort((np.arange(n), -length, -count, -persons))
    longest = int(length.argmax())
    return tuple(
        Island(
            float(network.x_m[node[k]]),
            float(network.y_m[node[k]]),
            float(length[k]),
            int(persons[k]),
            int(count[k]),
        )
        for k in order.tolist()
        if k != longest
    )


def dead_ends(network: WalkNetwork) -> int:
    """Count the nodes with one edge, except at the edge of the data, where streets may go on."""
    edges = np.bincount(np.r_[network.u, network.v], minlength=len(network.x_m))
    edges[network.exits] = 0
    return int((edges == 1).sum())


def street_distance_m(network: WalkNetwork, points: Points) -> Floats:
    """
    Measure the distance from points to the streets.

    Returns
    -------
    Metres, shape (n,): the length of the access leg, or for a point that has not joined, the
    distance to the nearest street that takes snaps, ignoring barriers. NaN beyond 1 km and without
    a position.
    """
    joined = points.snaps.joined
    distance = np.where(joined, points.snaps.access_mm / 1000, np.nan)
    lost = np.flatnonzero(~joined)
    if len(lost) and network.snappable.any():
        x, y = points.x_m[lost], points.y_m[lost]
        found = network.edge_grid.nearest(network, x, y, LOOK_M)[2]
        distance[lost] = np.where(np.isfinite(found), np.round(found, 3), np.nan)
    return distance


def distance_bands(points: Points, distance_m: Floats) -> tuple[Band, ...]:
    """Count points and their weights by distance band, in the order of `BANDS`."""
    band = np.searchsorted(BAND_ENDS_M, distance_m, side="left")
    band[~points.snaps.joined] = len(BANDS) - 1
    count = np.bincount(band, minlength=len(BANDS))
    weight = np.zeros(len(BANDS), np.int64)
    np.add.at(weight, band, points.weight)
    return tuple(Band(int(n), int(w)) for n, w in zip(count, weight, strict=True))


def farthest(points: Points, distance_m: Floats) -> tuple[FarPoint, ...]:
    """
    List the ten points with the most weight × distance, the worst first.

    An unknown distance counts as 1 km. Points of weight 0 are left out.
    """
    metres = np.where(np.isnan(distance_m), LOOK_M, distance_m)
    load = points.weight * np.floor(metres * 1000 + 0.5).astype(np.int64)
    alphabetic = np.argsort(points.ids.astype(str), kind="stable")
    order = alphabetic[np.argsort(-load[alphabetic], kind="stable")]
    worst = order[load[order] > 0][:LISTED].tolist()
    return tuple(
        FarPoint(
            str(points.ids[row]),
            float(points.x_m[row]),
            float(points.y_m[row]),
            int(points.weight[row]),
            None if np.isnan(distance_m[row]) else float(distance_m[row]),
            str(points.snaps.code[row]),
        )
        for row in worst
    )
