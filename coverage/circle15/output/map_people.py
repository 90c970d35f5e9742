"""The people layer: where those live who cannot walk to a service, as cells or as points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.access.states import State
from circle15.output.map_geometry import SCALE, lon_lat
from circle15.output.offline import data_uri
from circle15.output.palette import COVERED_COLOUR, GAP_COLOURS, UNKNOWN_COLOUR, UNKNOWN_LINE
from circle15.output.raster_layer import CellPicture, lay_out_cells, palette_png
from circle15.study import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from circle15.output.result import StudyResult

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int8]
    Bytes = npt.NDArray[np.uint8]

MAX_POINTS = 5000
"""More points than this are drawn as a picture of squares."""

_COVERED_OPACITY = 110
_LONELY_CELL_M = 100.0
_COVERED, _FIRST_GAP = 1, 2
_UNKNOWN = _FIRST_GAP + len(GAP_COLOURS)
_NICE = (1, 2, 5)


def people_layer(
    result: StudyResult, states: Mapping[tuple[str, int], Codes]
) -> dict[str, Any] | None:
    """
    Describe the people of the judged group by state, for the script of the map.

    Where they walk at several speeds, it is the slowest: a home has one state then, too.

    Returns
    -------
    `kind` `cells` with a picture for every choice and cutoff, or `points` with positions, people
    and states; `breaks` are the lower bounds of the classes of people. None where nobody stands
    at a known position.
    """
    demand = result.demand
    weight = dict(result.judged_people)[result.drawn]
    lon, lat = lon_lat(demand[c.X_M].to_numpy(), demand[c.Y_M].to_numpy(), result.crs)
    shown = np.isfinite(lon) & (weight > 0) & demand[c.IN_AREA].to_numpy(bool)
    if not shown.any():
        return None
    place = np.round(np.column_stack([lon[shown], lat[shown]]) * 1e7).astype(np.int64)
    cells, first, cell = np.unique(place, axis=0, return_index=True, return_inverse=True)
    cell = cell.ravel()
    people: Floats = np.bincount(cell, weights=weight[shown] / c.MICRO).astype(np.float64)
    by_cell = {key: codes[shown][first] for key, codes in states.items()}
    breaks = class_breaks(people)
    where = (cells[:, 0] / 1e7, cells[:, 1] / 1e7)
    is_raster = result.population.cell_m is not None
    if not is_raster and len(cells) <= MAX_POINTS:
        layer = _points(where, people, by_cell)
    else:
        layer = _cells(where, people, by_cell, breaks, result.population.cell_m)
    return layer | {"breaks": breaks, "cell_m": result.population.cell_m}


def class_breaks(people: Floats) -> list[float]:
    """
    Return the lower bounds of the classes above the first: round numbers near quantiles.

    Examples
    --------
    >>> class_breaks(np.array([1.0, 3.0, 8.0, 9.0, 22.0, 40.0, 70.0, 120.0]))
    [20, 50, 100]
    """
    inhabited = people[people > 0]
    if not len(inhabited):
        return []
    wanted = np.quantile(inhabited, [0.5, 0.75, 0.95])
    power = 10.0 ** np.arange(-6, 9)
    nice = np.sort(np.outer(_NICE, power).ravel())
    found = [float(nice[np.abs(np.log(nice) - np.log(q)).argmin()]) for q in wanted]
    return [int(b) if b >= 1 else b for b in sorted(set(found))]


def _points(
    where: tuple[Floats, Floats], people: Floats, states: Mapping[tuple[str, int], Codes]
) -> dict[str, Any]:
    flat = np.round(np.column_stack(where) * SCALE).astype(np.int64).ravel()
    table: dict[str, dict[str, str]] = {}
    for (choice, cutoff), codes in states.items():
        letters = np.array(list("-cgu"))[codes.astype(np.int64) + 1]
        table.setdefault(choice, {})[str(cutoff)] = "".join(letters.tolist())
    return {
        "kind": "points",
        "places": flat.tolist(),
        "people": [round(p, 2) for p in people.tolist()],
        "states": table,
    }


def _cells(
    where: tuple[Floats, Floats],
    people: Floats,
    states: Mapping[tuple[str, int], Codes],
    breaks: list[float],
    cell_m: float | None,
) -> dict[str, Any]:
    picture = lay_out_cells(*where, cell_m=cell_m or _LONELY_CELL_M)
    assert picture is not None
    level = np.searchsorted(breaks, people, side="right").astype(np.int64)
    images: dict[str, dict[str, str]] = {}
    for (choice, cutoff), codes in states.items():
        png = palette_png(_pixels(picture, codes, level), _palette())
        images.setdefault(choice, {})[str(cutoff)] = data_uri(png, "image/png")
    return {"kind": "cells", "bounds": list(picture.bounds), "images": images}


def _pixels(picture: CellPicture, codes: Codes, level: Ints) -> Bytes:
    """Palette colour of every pixel: the covered are dotted, the unknown hatched."""
    colour = np.select(
        [codes == State.COVERED, codes == State.GAP, codes == State.UNKNOWN],
        [np.full(len(level), _COVERED), _FIRST_GAP + level, np.full(len(level), _UNKNOWN)],
        default=0,
    ).astype(np.uint8)
    pixels = np.append(colour, np.uint8(0))[picture.cell]
    row = np.arange(pixels.shape[0])[:, None]
    column = np.arange(pixels.shape[1])[None, :]
    pixels[(pixels == _UNKNOWN) & ((row + column) % 4 == 0)] = _UNKNOWN + 1
    pixels[(pixels == _COVERED) & ((row % 4 != 1) | (column % 4 != 1))] = 0
    return np.asarray(pixels, np.uint8)


def _palette() -> list[tuple[int, int, int, int]]:
    return [
        (0, 0, 0, 0),
        (*_rgb(COVERED_COLOUR), _COVERED_OPACITY),
        *((*_rgb(colour), 235) for colour in GAP_COLOURS),
        (*_rgb(UNKNOWN_COLOUR), 200),
        (*_rgb(UNKNOWN_LINE), 235),
    ]


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
