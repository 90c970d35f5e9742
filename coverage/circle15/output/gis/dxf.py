r"""
Write `results.dxf`: areas and sites for CAD, in the study CRS.

The file is DXF R12 in the code page 936, which every CAD program of the last decades reads; other
characters are written as `\U+XXXX`. Areas are closed polylines, sites points with their names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.output.document.write_faults import disk_faults_named
from circle15.output.gis.field_names import layer_name
from circle15.output.text.wording import Words, printable, shortened
from circle15.results.figures import headline_category
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

_ENCODING: Final = "gbk"
_TEXT_M: Final = 12
_LONGEST: Final = 60
_NOT_NAME: Final = re.compile(r"[^\w-]+")
_COLOURS: Final = {
    "boundary": 7,
    "streets": 8,
    "communities": 9,
    "residential_zones": 30,
    "gap_areas": 1,
    "isochrones": 5,
}
"""Colours of CAD by kind of area."""
_SITES: Final = 3

Group = tuple[int, object]


def write_dxf(
    result: StudyResult,
    path: Path,
    language: Language,
    layers: Mapping[str, gpd.GeoDataFrame],
) -> None:
    """
    Write boundary, zones, residential zones, gap areas, served areas and sites by category.

    Each kind is a layer of the drawing: served areas of the headline category by cutoff, sites by
    category. Coordinates are metres of the study CRS with three decimals. The same result gives
    the same bytes; a file at `path` is replaced.

    Parameters
    ----------
    layers
        Those of `result_layers`.
    """
    words = Words(language, result.study)
    areas = list(_areas(result, words, layers))
    sites = list(_sites(words, layers["facilities"]))
    colours = {name: colour for name, colour, _ in areas} | {name: _SITES for name, _, _ in sites}
    groups: list[Group] = [
        (0, "SECTION"),
        (2, "HEADER"),
        (9, "$ACADVER"),
        (1, "AC1009"),
        (9, "$DWGCODEPAGE"),
        (3, "ANSI_936"),
        (0, "ENDSEC"),
        (0, "SECTION"),
        (2, "TABLES"),
        (0, "TABLE"),
        (2, "LAYER"),
        (70, len(colours)),
    ]
    for name, colour in colours.items():
        groups += [(0, "LAYER"), (2, name), (70, 0), (62, colour), (6, "CONTINUOUS")]
    groups += [(0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    for name, _, shape in areas:
        groups += _polylines(name, shape)
    for name, place, text in sites:
        groups += _site(name, place, text)
    groups += [(0, "ENDSEC"), (0, "EOF")]
    written = "".join(f"{code}\r\n{_text(value)}\r\n" for code, value in groups)
    with disk_faults_named(path):
        path.write_bytes(written.encode(_ENCODING))


def _areas(
    result: StudyResult, words: Words, layers: Mapping[str, gpd.GeoDataFrame]
) -> Iterator[tuple[str, int, Any]]:
    """Yield the name of the layer, its colour, and the shape of each area."""
    shapes: dict[str, Iterable[Any]] = {
        "boundary": [result.area.boundary],
        "streets": result.area.streets.geometry,
        "communities": result.area.communities.geometry,
        "residential_zones": layers["residential_zones"].geometry,
        "gap_areas": layers["gap_areas"].geometry,
    }
    for kind, found in shapes.items():
        name = _name(layer_name(kind, words))
        yield from ((name, _COLOURS[kind], one) for one in found if one is not None)
    served, shown = layers["isochrones"], headline_category(result) or ALL
    for shape, minutes in served.loc[
        served[c.CATEGORY] == shown, [_SHAPE, c.CUTOFF_MIN]
    ].itertuples(index=False, name=None):
        if shape is not None:
            name = _name(f"{layer_name('isochrones', words)}_{minutes}")
            yield name, _COLOURS["isochrones"], shape


_SHAPE: Final = "geometry"


def _sites(
    words: Words, facilities: gpd.GeoDataFrame
) -> Iterator[tuple[str, tuple[float, float], str]]:
    """Yield the layer, position and name of each site with a position."""
    columns = [_SHAPE, c.CATEGORY, c.FACILITY_ID, c.NAME]
    for place, category, own, name in facilities[columns].itertuples(index=False, name=None):
        if place is not None:
            layer = _name(f"{layer_name('facilities', words)}_{words.category(str(category))}")
            label = name if isinstance(name, str) and name else own
            yield layer, (place.x, place.y), shortened(printable(str(label)), _LONGEST)


def _polylines(layer: str, shape: Any) -> Iterator[Group]:
    """Yield the rings of polygons as closed polylines; a zone that is a point as a point."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            yield from ((0, "POINT"), (8, layer), (10, part.x), (20, part.y))
            continue
        for ring in shapely.get_rings(part):
            yield from ((0, "POLYLINE"), (8, layer), (66, 1), (70, 1))
            for x, y in np.asarray(shapely.get_coordinates(ring))[:-1].tolist():
                yield from ((0, "VERTEX"), (8, layer), (10, x), (20, y))
            yield from ((0, "SEQEND"), (8, layer))


def _site(layer: str, place: tuple[float, float], text: str) -> Iterator[Group]:
    x, y = place
    yield from ((0, "POINT"), (8, layer), (10, x), (20, y))
    yield from ((0, "TEXT"), (8, layer), (10, x + _TEXT_M), (20, y), (40, _TEXT_M), (1, text))


def _name(text: str) -> str:
    """Return a valid name of a layer."""
    return _NOT_NAME.sub("_", printable(text))[:_LONGEST]


def _text(value: object) -> str:
    r"""
    Return a value on one line; characters that the code page lacks are escaped.

    Examples
    --------
    >>> print(_text(1.5), _text(7), _text("a \U0001f3e0"))
    1.500 7 a \U+D83C\U+DFE0
    """
    if isinstance(value, float):
        return f"{value:.3f}"
    text = " ".join(str(value).split())
    return "".join(one if _is_known(one) else _escaped(one) for one in text)


def _is_known(letter: str) -> bool:
    try:
        letter.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\U+{units[k : k + 2].hex().upper()}" for k in range(0, len(units), 2))
