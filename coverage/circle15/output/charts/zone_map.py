"""The location map of a residential zone as a picture: streets, outline, ways to the sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.output.charts.map_furniture import draw_north, draw_scale
from circle15.output.charts.picture_canvas import Canvas, Frame
from circle15.output.charts.street_classes import street_classes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.paths.steps import Step
    from circle15.zones.records import ZoneDossier

LONGEST_PX: Final = 1500
ASPECT: Final = (1.08, 1.4)
_LEAST_M: Final = 500.0
_PAPER, _PATH, _LOCAL, _MAIN, _BARRIER, _ZONE, _RIM, _ROUTE, _HOME, _DOOR, _SITE, _WHITE = range(12)
COLOURS: Final = (
    "#ffffff",
    "#e6e2d9",
    "#d8d4ca",
    "#bdb7aa",
    "#a9cbe0",
    "#f7dcc4",
    "#b4530a",
    "#2b6ca3",
    "#b4530a",
    "#1c2733",
    "#12395c",
    "#ffffff",
)
"""Palette in the order of the indices above."""
_STREET_PX: Final = {"path": (_PATH, 3), "local": (_LOCAL, 6), "main": (_MAIN, 9)}
_SITE_PX, _DOOR_PX, _HOME_PX, _LONE_HOME_PX, _DIGIT_PX = 19, 12, 6, 14, 24
_SCALE_PX: Final = 22
_FEW_HOMES: Final = 3
_NAMES_SHOWN: Final = 12


@dataclass(frozen=True)
class ZoneMap:
    """
    A location map with what its legend needs.

    Attributes
    ----------
    png
        The picture, with numbers of sites and scale but without names of streets.
    frame
        Its extent in the study CRS, and its size in pixels.
    scale_m
        Length of the scale bar, metres.
    numbers
        Number of each site on the map, by facility id.
    streets
        Name and position (pixels) of streets on the ways to the sites, the longest first.
    outline, entrances, homes, routes, barriers
        Whether the picture shows any of it.
    """

    png: bytes
    frame: Frame
    scale_m: int
    numbers: dict[str, int]
    streets: tuple[tuple[str, float, float], ...]
    outline: bool
    entrances: bool
    homes: bool
    routes: bool
    barriers: bool


def zone_map(dossier: ZoneDossier, network: WalkNetwork) -> ZoneMap | None:
    """
    Draw a zone, its entrances or homes, the streets around, and the ways to the sites reached.

    Grid north of the study CRS is up; each site has the number of its row in the legend.

    Returns
    -------
    None for a zone without a position. The same zone gives the same bytes.
    """
    zone = dossier.check.zone
    outline = zone.shape if zone.shape is not None and zone.shape.area > 0 else None
    places = {one.facility_id: one.place_m for one in dossier.reached if one.place_m is not None}
    steps = [step for one in dossier.reached if one.route for step in one.route.steps]
    shown = [*dossier.homes_m, *zone.entrances, *places.values()]
    shown += [place for step in steps for place in step.line]
    if outline is not None:
        shown += [(x, y) for x, y in shapely.get_coordinates(outline).tolist()]
    if outline is None and not dossier.homes_m and not zone.entrances:
        return None
    frame = Frame.around(_bounds(shown), longest_px=LONGEST_PX, aspect=ASPECT)
    canvas = Canvas(frame, COLOURS)
    canvas.fill(outline, _ZONE)
    _streets(canvas, network)
    barriers = network.barriers[~network.low_barriers]
    barriers = barriers[shapely.intersects(frame.box, barriers)]
    canvas.lines(_line_parts(barriers), _BARRIER, width_px=4)
    if outline is not None:
        canvas.outline(outline, _RIM, width_px=5)
    lines = [shapely.LineString(step.line) for step in steps if len(step.line) > 1]
    canvas.lines(np.array(lines, dtype=object), _ROUTE, width_px=6)
    numbers = _points(canvas, dossier, places)
    scale_m, (left, top, length) = draw_scale(canvas, ink=_DOOR, ground=_WHITE)
    for text, x in (("0", left), (f"{scale_m} m", left + length - 30)):
        canvas.letters(text, x, top - 16, size_px=_SCALE_PX, colour=_DOOR)
    draw_north(canvas, ink=_DOOR, ground=_WHITE)
    return ZoneMap(
        canvas.png(),
        frame,
        scale_m,
        numbers,
        tuple(_names(steps, frame)),
        outline=outline is not None,
        entrances=bool(zone.entrances),
        homes=bool(dossier.homes_m) and not zone.entrances,
        routes=bool(lines),
        barriers=bool(len(barriers)),
    )


def _bounds(places: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """West, south, east, north of positions, at least `_LEAST_M` apart and with a margin."""
    low, high = np.min(places, axis=0), np.max(places, axis=0)
    beside = np.maximum(_LEAST_M - (high - low), 0.1 * (high - low)) / 2
    (west, south), (east, north) = (low - beside).tolist(), (high + beside).tolist()
    return west, south, east, north


def _streets(canvas: Canvas, network: WalkNetwork) -> None:
    """Draw the streets that may be in the frame, paths below local and main streets."""
    west, south, east, north = canvas.frame.box.bounds
    x, y = (np.stack([one[network.u], one[network.v]]) for one in (network.x_m, network.y_m))
    near = (x.max(axis=0) >= west) & (x.min(axis=0) <= east)
    near &= (y.max(axis=0) >= south) & (y.min(axis=0) <= north)
    for name, mine in street_classes(network.kind):
        colour, width = _STREET_PX[name]
        ends = np.stack([x[:, near & mine].T, y[:, near & mine].T], axis=2)
        canvas.lines(shapely.linestrings(ends), colour, width_px=width)


def _line_parts(barriers: Any) -> Any:
    parts = shapely.get_parts(barriers)
    rings = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return np.concatenate([parts[lines], shapely.get_rings(parts[rings])])


def _points(
    canvas: Canvas, dossier: ZoneDossier, places: dict[str, tuple[float, float]]
) -> dict[str, int]:
    """Mark entrances or homes, then the numbered sites; return the number of each site."""
    doors = np.array(dossier.check.zone.entrances).reshape(-1, 2)
    homes = np.array(() if len(doors) else dossier.homes_m).reshape(-1, 2)
    lone = len(homes) <= _FEW_HOMES
    radius = _LONE_HOME_PX if lone else _HOME_PX
    canvas.marks(homes, "disc", radius_px=radius, colour=_HOME, rim=_WHITE)
    canvas.marks(doors, "diamond", radius_px=_DOOR_PX, colour=_DOOR, rim=_WHITE)
    numbers = {key: number for number, key in enumerate(places, 1)}
    for key, place in places.items():
        spot = np.array([place])
        canvas.marks(spot, "disc", radius_px=_SITE_PX, colour=_SITE, rim=_WHITE)
        x, y = canvas.frame.place(spot)[0].tolist()
        canvas.letters(str(numbers[key]), x, y, size_px=_DIGIT_PX, colour=_WHITE)
    return numbers


def _names(steps: Sequence[Step], frame: Frame) -> Iterator[tuple[str, float, float]]:
    """Yield the names of streets walked with their middles, the longest first, each once."""
    seen: set[str] = set()
    for step in sorted(steps, key=lambda one: -one.length_m):
        if step.part == "way" and step.name and step.name not in seen and len(step.line) > 1:
            seen.add(step.name)
            middle = shapely.LineString(step.line).interpolate(0.5, normalized=True)
            x, y = frame.place(np.array([[middle.x, middle.y]]))[0].tolist()
            yield step.name, x, y
        if len(seen) == _NAMES_SHOWN:
            return
