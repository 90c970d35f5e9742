"""The map of districts: each leads to its own map, coloured by its share of people in the gap."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.output.document.markup import Markup, el
from circle15.output.document.workbook_file import text_width
from circle15.output.province.wording import link_to
from circle15.output.text.numbers import percent
from circle15.output.text.palette import SHARE_COLOURS, SHARE_STEPS
from circle15.output.text.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

    from circle15.output.province.wording import ProvinceWords
    from circle15.results.province.province_entries import District, Province

_WIDE: Final = 1000
_HIGHEST, _LOWEST = 900, 320
_MARGIN: Final = 14
_TEXT: Final = 21
_INK, _RIM, _MISSING = "#1c2733", "#ffffff", "#8a8a8a"
_DARK_FROM: Final = 3
"""Classes from here on are too dark for dark labels."""
_LEGEND: Final = 34


def district_map(
    found: Province, outlines: Mapping[str, BaseGeometry | None], words: ProvinceWords
) -> Markup | None:
    """
    Draw the districts, north up; None if the area of no study is known.

    Each is a link to its map, with its share covered as label where there is room; the legend has
    the classes of the share in the gap. Districts without results are hatched.

    Parameters
    ----------
    outlines
        Area of each study by its name, degrees (WGS 84).
    """
    shapes = {name: shape for name, shape in outlines.items() if shape is not None}
    if not shapes:
        return None
    placed, height = _on_paper(shapes)
    districts = {one["name"]: one for one in found["districts"]}
    # Large ones first, so that one that lies inside another can be seen and clicked.
    order = sorted(placed, key=lambda name: -placed[name].area)
    areas = [_area(districts.get(name), name, placed[name], found, words) for name in order]
    known = [name for name in order if name in districts]
    labels = [text for name in known for text in _label(districts[name], placed[name], words)]
    drawing = el(
        "svg",
        el("title", words.say("map_title")),
        _hatching(),
        *areas,
        *labels,
        *_legend(height, words, missing=any(name not in districts for name in placed)),
        viewBox=f"0 0 {_WIDE} {height + _LEGEND}",
        role="group",
        class_="bars",
        fill=_INK,
        font_size=_TEXT,
    )
    caption = el("p", words.say("map_caption"), class_="caption")
    return el("figure", el("figcaption", words.say("map_title")), drawing, caption, id="districts")


def _on_paper(shapes: Mapping[str, BaseGeometry]) -> tuple[dict[str, Any], int]:
    """Return shapes in pixels, and the height of the map: degrees, narrowed by the latitude."""
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    narrow = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, 1e-9), max(north - south, 1e-9)
    room = _WIDE - 2 * _MARGIN
    scale = min(room / wide, (_HIGHEST - 2 * _MARGIN) / high)
    height = max(round(high * scale) + 2 * _MARGIN, _LOWEST)
    left = (_WIDE - wide * scale) / 2
    top = (height - high * scale) / 2

    def move(lon_lat: Any) -> Any:
        x = left + (lon_lat[:, 0] - west) * narrow * scale
        return np.column_stack([x, top + (north - lon_lat[:, 1]) * scale])

    drawn = {name: shapely.transform(shape, move) for name, shape in shapes.items()}
    return {name: shapely.simplify(shape, 0.6) for name, shape in drawn.items()}, height


def _area(
    one: District | None, name: str, shape: BaseGeometry, found: Province, words: ProvinceWords
) -> Markup:
    look = {"stroke": "#5f5577", "stroke_width": "1.5", "stroke_linejoin": "round"}
    path = _path(shape)
    if one is None:
        lost = next((m for m in found["missing"] if m["name"] == name), None)
        title = words.title((lost and lost["title"]) or name)
        told = el("title", words.say("map_missing", name=title))
        return el("path", told, d=path, fill="url(#no-results)", **look)
    share, level = percent(one["share_covered"]), _level(one)
    told = el("title", words.say("map_district", name=words.title(one["title"]), share=share))
    colour = "#ffffff" if level is None else SHARE_COLOURS[level]
    drawn = el("path", told, d=path, fill=colour, fill_rule="evenodd", **look)
    return el("a", drawn, href=link_to(one["folder"], "map.html"))


def _level(one: District) -> int | None:
    """Return the class of the share in the gap; None without people."""
    if not one["persons"]:
        return None
    return int(np.searchsorted(SHARE_STEPS, 100 * one["gap"] / one["persons"], side="right"))


def _label(one: District, shape: BaseGeometry, words: ProvinceWords) -> Iterator[Markup]:
    """Write name and share, or the share alone, into a district, where there is room."""
    west, north, east, south = shape.bounds
    place = shapely.point_on_surface(shape)
    name = shortened(words.title(one["title"]), 14)
    share = percent(one["share_covered"])
    dark = (_level(one) or 0) >= _DARK_FROM
    look = {
        "text_anchor": "middle",
        "fill": "#ffffff" if dark else _INK,
        "stroke": _INK if dark else _RIM,
        "stroke_width": "4",
        "paint_order": "stroke",
        "stroke_linejoin": "round",
        "pointer_events": "none",
    }
    lines = [name, share] if south - north > 3 * _TEXT else [share]
    lines = [line for line in lines if text_width(line) * _TEXT * 0.55 < east - west]
    if south - north < _TEXT:
        return
    for k, line in enumerate(lines):
        y = place.y + _TEXT * (k - (len(lines) - 1) / 2 + 0.35)
        weight = "600" if line == share else None
        yield el("text", line, x=f"{place.x:.0f}", y=f"{y:.0f}", font_weight=weight, **look)


def _legend(height: int, words: ProvinceWords, *, missing: bool) -> Iterator[Markup]:
    bounds = (0, *SHARE_STEPS)
    texts = [
        words.say("map_from", low=low) if k == len(SHARE_STEPS) else f"{low}–{bounds[k + 1]}%"
        for k, low in enumerate(bounds)
    ]
    entries = list(zip(SHARE_COLOURS, texts, strict=True))
    if missing:
        entries.append(("url(#no-results)", words.say("map_no_results")))
    y, x = height + 8, float(_MARGIN)
    told = words.say("map_legend")
    yield el("text", told, x=f"{x:.0f}", y=y + 16, font_size=17)
    x += text_width(told) * 9.4 + 18
    for colour, text in entries:
        box = f"M{x:.0f} {y + 1}h26v18h-26Z"
        yield el("path", d=box, fill=colour, stroke="#5f5577")
        yield el("text", text, x=f"{x + 33:.0f}", y=y + 16, font_size=17)
        x += 33 + text_width(text) * 9.4 + 18


def _hatching() -> Markup:
    pattern = el(
        "pattern",
        el("rect", width=8, height=8, fill="#f0f0ee"),
        el("path", d="M0 8L8 0", stroke=_MISSING, stroke_width="1.4"),
        id="no-results",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
    )
    return el("defs", pattern)


def _path(shape: BaseGeometry) -> str:
    """Return the rings of polygons as an SVG path, to a tenth of a pixel."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
        for ring in rings
    )
