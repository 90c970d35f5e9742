"""Find the route behind a walking time of a study."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import read_area
from circle15.inputs.crs.positions import WGS84, to_metric, transform
from circle15.inputs.scenarios.changed_facilities import read_facilities_as_changed
from circle15.network.snapping import Snaps, snap_to_network
from circle15.network.sources.study_network import read_network
from circle15.network.topology.compounds import walked_network
from circle15.study.settings.records import HORIZON_MIN, speed_ratio
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.graph import TravelGraph, positions_at
from circle15.travel.paths.records import NoRoute, Route, RouteEnd
from circle15.travel.paths.shortest import shortest_path
from circle15.travel.paths.steps import point_on_edge, walk_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from circle15.network.topology.compounds import Rule
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study, Walk
    from circle15.travel.paths.steps import XY, Step

    Report = Callable[[str], None]
    Place = tuple[float, float] | str

HORIZON_MS = HORIZON_MIN * c.MS_PER_MIN


def find_route(study: Study, origin: Place, destination: Place, report: Report) -> Route:
    """
    Find the route from a position to a facility or a position; see `workflow.api.route`.

    Raises
    ------
    InputDataError
        If an input of the study cannot be used, an end is malformed, or there is no such
        facility.
    """
    start = parse_place(origin)
    if start is None:
        raise InputDataError(f"'{origin}' is not LON,LAT.", mend="Write e.g. 120.301,31.572.")
    network, _ = read_network(study, report)
    report("facilities")
    area = read_area(study.area, network.crs)
    facilities = read_facilities_as_changed(study, area, network.crs)
    place, end = _destination(destination, facilities.table, network)
    report("route")
    finder = RouteFinder(study, network)
    found = []
    for goal in facilities.entrances.get(end.facility_id or "", (place,)):
        x, y = (np.array(pair) for pair in zip(_position(start, network), goal, strict=True))
        snaps = snap_to_network(x, y, network, max_snap_m=float(study.walk.max_snap_m))
        points = list(zip(x.tolist(), y.tolist(), strict=True))
        found.append(finder.find(RouteEnd(*start), end, points, snaps))
    return quickest(found)


def quickest(routes: Sequence[Route]) -> Route:
    """Return the quickest of the routes to the entrances of a facility; if none, the first."""
    done = [route for route in routes if not route.reason]
    return min(done, key=_time_ms) if done else routes[0]


def _time_ms(route: Route) -> int:
    return sum(step.time_ms for step in (*route.steps, *route.steps_back))


def parse_place(place: Place) -> tuple[float, float] | None:
    """
    Parse `LON,LAT` in degrees; None where it is something else.

    Raises
    ------
    InputDataError
        If it is two numbers outside the range of longitude and latitude.

    Examples
    --------
    >>> parse_place("120.301, 31.572"), parse_place("S-017")
    ((120.301, 31.572), None)
    """
    parts = place.split(",") if isinstance(place, str) else place
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        return None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise InputDataError(
            f"there is no place at longitude {lon:g}, latitude {lat:g}.",
            mend="Write the longitude first, then the latitude.",
        )
    return lon, lat


def _position(place: tuple[float, float], network: WalkNetwork) -> XY:
    x, y = to_metric(np.array([place[0]]), np.array([place[1]]), network.crs)
    if not (np.isfinite(x[0]) and np.isfinite(y[0])):
        raise InputDataError(
            f"{place[0]:g},{place[1]:g} is outside the CRS of the study.",
            mend="Give a place in the study area.",
        )
    return float(x[0]), float(y[0])


def _destination(
    place: Place, facilities: pd.DataFrame, network: WalkNetwork
) -> tuple[XY, RouteEnd]:
    """Find a facility by its id, else read a position."""
    rows = facilities[facilities[c.FACILITY_ID] == place]
    if not rows.empty:
        row = rows.iloc[0]
        x, y = float(row[c.X_M]), float(row[c.Y_M])
        lon, lat = transform(np.array([x]), np.array([y]), network.crs, WGS84)
        placed = bool(np.isfinite(x))
        return (x, y), RouteEnd(
            float(lon[0]) if placed else None,
            float(lat[0]) if placed else None,
            str(row[c.FACILITY_ID]),
            str(row[c.NAME] or ""),
            str(row[c.CATEGORY]),
        )
    found = parse_place(place)
    if found is None:
        near = get_close_matches(str(place), [str(i) for i in facilities[c.FACILITY_ID]], n=3)
        mend = f"Did you mean {', '.join(near)}?" if near else "Give an id of a facility list."
        raise InputDataError(
            f"'{place}' is neither a facility of the study nor LON,LAT.", mend=mend
        )
    return _position(found, network), RouteEnd(*found)


class RouteFinder:
    """Finds routes in one study; the network under each rule for gates is prepared once."""

    def __init__(self, study: Study, network: WalkNetwork) -> None:
        self.study = study
        self.network = network
        self._graphs: dict[Rule, TravelGraph] = {}

    def find(
        self, origin: RouteEnd, destination: RouteEnd, points: list[XY], snaps: Snaps
    ) -> Route:
        """
        Find the route between two points, there and, for round trips, back.

        Parameters
        ----------
        origin, destination
            The ends, as recorded in the route.
        points, snaps
            Both ends in the study CRS, metres, and where they join the network.
        """
        first, last = self.network.barrier_names(snaps.barrier)
        route = Route(self.study, self.network, origin, destination, barriers=(first, last))
        for k, which in enumerate(("ORIGIN", "DESTINATION")):
            if not snaps.joined[k]:
                return replace(route, reason=NoRoute(f"{which}_{snaps.code[k]}"))
        parts = self.network.component[self.network.u[snaps.edge]]
        if parts[0] != parts[1]:
            return replace(route, reason=NoRoute.NOT_CONNECTED)
        gated = self.study.network.gated
        found = self._both_ways(gated, points, snaps)
        if found is not None:
            return replace(route, steps=found[0], steps_back=found[1])
        gates = gated != "open" and self._both_ways("open", points, snaps)
        return replace(route, reason=NoRoute.GATED if gates else NoRoute.BEYOND_HORIZON)

    def _both_ways(
        self, rule: Rule, points: list[XY], snaps: Snaps
    ) -> tuple[tuple[Step, ...], tuple[Step, ...]] | None:
        """Find the steps there and, for round trips, back, under a rule for gates."""
        walk = self.study.walk
        if rule not in self._graphs:
            walked = walked_network(self.network, rule)
            self._graphs[rule] = TravelGraph.from_network(walked, speed_ratio(walk.speed_m_s))
        graph = self._graphs[rule]
        there = _steps(self.network, graph, walk, points, snaps)
        if not there or walk.judge != "round_trip":
            return (there, ()) if there else None
        turned = snaps.take(np.array([1, 0]))
        back = _steps(self.network, graph.homeward, walk, points[::-1], turned)
        return (there, back) if back else None


def _steps(
    network: WalkNetwork, graph: TravelGraph, walk: Walk, points: list[XY], snaps: Snaps
) -> tuple[Step, ...]:
    """Return the steps from the first point to the second; empty where there is no path."""
    access_speed = speed_ratio(walk.speed_m_s) * speed_ratio(walk.access_speed_factor)
    ends = positions_at(snaps, access_speed)
    home, goal = (ends.take(np.array([k])) for k in (0, 1))
    path = shortest_path(graph, home, goal, horizon_ms=HORIZON_MS)
    if path is None:
        return ()
    first, last = network.barrier_names(snaps.barrier)
    joints = [
        point_on_edge(network, int(edge), float(fraction))
        for edge, fraction in zip(snaps.edge, snaps.fraction, strict=True)
    ]
    return walk_steps(
        network,
        path,
        origin=points[0],
        destination=points[1],
        joints=(joints[0], joints[1]),
        legs_mm=(int(snaps.access_mm[0]), int(snaps.access_mm[1])),
        barriers=(first, last),
    )
