"""Draw a route on the street network: one small HTML file without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.output.charts.street_classes import street_classes
from circle15.output.document.html import html_blocks
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import Column, Notice, Table
from circle15.output.document.offline import content_policy, own_asset
from circle15.output.route.texts import route_title, step_figures, step_words, walk_total
from circle15.output.text.attribution import HTML_LANGUAGE, attribution, map_use, street_date
from circle15.output.text.numbers import plain_decimal
from circle15.output.text.wording import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from circle15.study.languages import Language
    from circle15.travel.paths.records import Route
    from circle15.travel.paths.steps import XY, Step

WIDTH: Final = 960.0
"""Width of the drawing, pixels."""

STREETS: Final = {"path": ("#d9d5ca", 1.5), "local": ("#cfcabb", 4.0), "main": ("#c0b9a5", 7.0)}
"""Colour and width (pixels) of streets by class."""

STYLES: Final[dict[str, dict[str, str | int]]] = {
    "there": {"stroke": "#1f5fa8", "stroke_width": 5},
    "back": {"stroke": "#b4530a", "stroke_width": 3, "stroke_dasharray": "9 5"},
}
SCALES_M: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
LABELLED_PX: Final = 45.0
"""Steps shorter than this, in pixels, are not numbered in the drawing."""


def build_route_map(route: Route, language: Language) -> str:
    """
    Draw a route on the street network, with a table of its steps.

    Parameters
    ----------
    route
        A route that was found (it has steps).

    Returns
    -------
    A complete HTML page without scripts or links; names are escaped, and its
    Content-Security-Policy allows only its own style sheet. The same route gives the same text.
    """
    words = Words(language, route.study)
    walks = {"there": route.steps, "back": route.steps_back}
    walked = {direction: steps for direction, steps in walks.items() if steps}
    body = el(
        "body",
        el("h1", route_title(route, words)),
        html_blocks(_warning(route, words)),
        _drawing(route, walked, words),
        *(_table(steps, direction, words) for direction, steps in walked.items()),
        el("footer", " · ".join(_foot(route, words))),
    )
    style = own_asset("route.css")
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=content_policy(styles=[style])),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", words.say("route.map_title", title=route.study.title)),
        el("style", Markup(style)),
    )
    page = el("html", head, body, lang=HTML_LANGUAGE[language])
    return f"<!DOCTYPE html>\n{page}\n"


def _foot(route: Route, words: Words) -> Iterator[str]:
    """Yield attribution and date of the streets, and how the map may be used, where known."""
    yield attribution(route.study, words.language)
    if route.network.data_date is not None:
        yield words.say("route.streets", date=street_date(route.network, words))
    use = map_use(route.study, words.language, in_china=route.in_china)
    if use:
        yield use


def _table(steps: Sequence[Step], direction: str, words: Words) -> Markup:
    columns = [
        Column("", "n"),
        Column(words.say("route.what")),
        Column(words.say("route.metres"), "n"),
        Column(words.say("route.seconds"), "n"),
    ]
    rows = [
        [str(number), step_words(step, words), *step_figures(step)]
        for number, step in enumerate(steps, 1)
    ]
    total = walk_total(tuple(steps), direction, words)
    return join((el("h2", total), html_blocks([Table(columns, rows)])))


def _warning(route: Route, words: Words) -> list[Notice]:
    return [Notice(words.say("map.synthetic"), "warning")] if route.study.synthetic else []


@dataclass(frozen=True, slots=True)
class _Frame:
    """The extent drawn, in metres of the study CRS; `scale` is pixels per metre."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        return WIDTH / (self.east - self.west)

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    def at(self, place: XY) -> tuple[float, float]:
        """Convert a position in metres to pixels, rounded to a tenth."""
        x, y = (place[0] - self.west) * self.scale, (self.north - place[1]) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, lines: Iterable[Iterable[Sequence[float]]]) -> str:
        """Convert lines to the data of an SVG path."""
        drawn = ([self.at((place[0], place[1])) for place in line] for line in lines)
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in line) for line in drawn)


def _frame(steps: Sequence[Step]) -> _Frame:
    """Return the extent of the steps with a margin, at an aspect ratio between 4:3 and 2:1."""
    places = np.array([place for step in steps for place in step.line])
    low, high = places.min(axis=0), places.max(axis=0)
    middle, size = (low + high) / 2, (high - low) * 1.24 + 120.0
    wide = max(size[0], size[1] * 4 / 3)
    tall = max(size[1], wide / 2)
    return _Frame(
        middle[0] - wide / 2, middle[1] - tall / 2, middle[0] + wide / 2, middle[1] + tall / 2
    )


def _drawing(route: Route, walks: dict[str, tuple[Step, ...]], words: Words) -> Markup:
    frame = _frame([step for steps in walks.values() for step in steps])
    there = walks["there"]
    return el(
        "svg",
        el("title", words.say("route.map_label")),
        *_streets(route, frame),
        *(_walk(steps, direction, frame) for direction, steps in walks.items()),
        *_numbers(there, frame),
        _end("A", there[0].line[0], frame),
        _end("B", there[-1].line[-1], frame),
        _scale_bar(frame),
        viewBox=f"0 0 {WIDTH:g} {frame.height:.1f}",
        role="img",
    )


def _streets(route: Route, frame: _Frame) -> Iterator[Markup]:
    """Draw the streets within the frame by class, then the barriers."""
    network = route.network
    box = shapely.box(frame.west, frame.south, frame.east, frame.north)
    shapely.prepare(box)
    lines = network.lines
    near = shapely.intersects(box, lines)
    for name, mine in street_classes(network.kind):
        colour, width = STREETS[name]
        yield _lines(lines[near & mine], frame, colour, width)
    walls = network.barriers[shapely.intersects(box, network.barriers)]
    parts = shapely.get_parts(shapely.intersection(walls, box))
    pieces = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    yield _lines(pieces, frame, "#7fa9c4", 2.0)


def _lines(lines: npt.NDArray[np.object_], frame: _Frame, colour: str, width: float) -> Markup:
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
    data = frame.path(line.coords for line in merged if not line.is_empty)
    return el(
        "path",
        d=data,
        fill="none",
        stroke=colour,
        stroke_width=f"{width:g}",
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _walk(steps: Sequence[Step], direction: str, frame: _Frame) -> Markup:
    """Draw the walked ways, stairs hatched, and the straight access legs dotted."""
    ways = [step.line for step in steps if step.part == "way"]
    stairs = [step.line for step in steps if step.stairs]
    legs = [step.line for step in steps if step.part != "way"]
    style = STYLES[direction]
    return join(
        (
            el(
                "path",
                d=frame.path(ways),
                fill="none",
                stroke_linejoin="round",
                stroke_linecap="round",
                **style,
            ),
            el(
                "path",
                d=frame.path(stairs),
                fill="none",
                stroke="#ffffff",
                stroke_width=2,
                stroke_dasharray="2 4",
            ),
            el(
                "path",
                d=frame.path(legs),
                fill="none",
                stroke=style["stroke"],
                stroke_width="2.5",
                stroke_dasharray="1 5",
                stroke_linecap="round",
            ),
        )
    )


def _numbers(steps: Sequence[Step], frame: _Frame) -> Iterator[Markup]:
    """Number the longer steps at their midpoints, as in the table."""
    for number, step in enumerate(steps, 1):
        line = shapely.LineString(step.line)
        if step.part != "way" or line.length * frame.scale < LABELLED_PX:
            continue
        middle = line.interpolate(0.5, normalized=True)
        x, y = frame.at((middle.x, middle.y))
        yield join(
            (
                el(
                    "circle",
                    cx=f"{x:g}",
                    cy=f"{y:g}",
                    r=10,
                    fill="#ffffff",
                    stroke="#1f5fa8",
                    stroke_width="1.5",
                ),
                el("text", number, x=f"{x:g}", y=f"{y + 4:g}", text_anchor="middle", font_size=12),
            )
        )


def _end(letter: str, place: XY, frame: _Frame) -> Markup:
    """Mark an end with a dot and, above it so as not to hide the access leg, its letter."""
    x, y = frame.at(place)
    return join(
        (
            el("circle", cx=f"{x:g}", cy=f"{y:g}", r=4, fill="#1c2733"),
            el("circle", cx=f"{x:g}", cy=f"{y - 18:g}", r=11, fill="#1c2733"),
            el(
                "text",
                letter,
                x=f"{x:g}",
                y=f"{y - 13:g}",
                text_anchor="middle",
                font_size=14,
                font_weight=700,
                fill="#ffffff",
            ),
        )
    )


def _scale_bar(frame: _Frame) -> Markup:
    """Draw a scale bar of a round length, the longest up to a quarter of the width."""
    fitting = [length for length in SCALES_M if length * frame.scale <= WIDTH / 4]
    metres = fitting[-1] if fitting else SCALES_M[0]
    y = frame.height - 18
    return join(
        (
            el(
                "path",
                d=f"M18 {y:.1f}h{metres * frame.scale:.1f}",
                stroke="#1c2733",
                stroke_width=3,
            ),
            el("text", f"{plain_decimal(metres)} m", x=18, y=f"{y - 7:.1f}", font_size=13),
        )
    )
