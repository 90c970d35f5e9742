"""Stacked bars of covered, gap and unknown people: SVG for HTML, picture strips for Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.output.charts.strips import SIGN, SIZE, TICKS, StripDrawing
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import Strip, Strips
from circle15.output.text.numbers import NOTHING, share
from circle15.output.text.palette import COVERED, GAP_COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from circle15.access.counting import Counts

WIDTH, LABEL, BAR = 720, 190, 520
ROW, THICK, TOP = 25, 17, 22
FILLS: Final = {"covered": COVERED, "gap": "url(#gap-fill)", "unknown": "url(#unknown-fill)"}
INKS: Final = {"covered": "#ffffff", "gap": "#3d1a00", "unknown": "#222222"}
STATES: Final = tuple(FILLS)
_UNKNOWN, _UNKNOWN_DOTS = "#e3e3e3", "#8a8a8a"
LEAST_LABELLED = 0.09
"""Segments below this share carry no number: it would not fit."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a category and its people by state."""

    label: str
    counts: Counts
    strong: bool = False


@dataclass(frozen=True, slots=True)
class StackedBars:
    """
    A bar chart with one bar per category; each bar is 100 % of the people judged for it.

    Attributes
    ----------
    words
        Legend text by state.
    """

    bars: Sequence[Bar]
    words: Mapping[str, str]

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; `title` is its text for screen readers."""
        height = TOP + ROW * len(self.bars) + 24
        return el(
            "svg",
            el("title", title),
            _fills(),
            _legend(self.words),
            join(_bar(bar, TOP + 8 + ROW * k) for k, bar in enumerate(self.bars)),
            _scale(height),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            class_="bars",
            fill="#1c2733",
        )

    def strips(self) -> Strips:
        """Draw each bar as a picture; the shares of the states are text beside it."""
        key = [(_sign(state), word) for state, word in self.words.items()]
        return Strips(key, TICKS, [_strip(bar) for bar in self.bars], SIZE)


def _strip(bar: Bar) -> Strip:
    counts = bar.counts
    if not counts.persons:
        return Strip(bar.label, None, NOTHING, strong=bar.strong)
    shares = " · ".join(share(people, counts.persons) for _, people in _states(counts))
    drawing, start = StripDrawing(), 0.0
    for state, people in _states(counts):
        end = start + people / counts.persons
        _fill(drawing, state, start * SIZE[0], end * SIZE[0])
        start = end
    for k in range(1, 4):
        drawing.line(SIZE[0] * k / 4, "#777777")
    return Strip(bar.label, drawing.png(), shares, strong=bar.strong)


def _states(counts: Counts) -> Iterator[tuple[str, int]]:
    for state in STATES:
        yield state, getattr(counts, state)


def _sign(state: str) -> bytes:
    drawing = StripDrawing(SIGN)
    _fill(drawing, state, 0, SIGN[0])
    return drawing.png()


def _fill(drawing: StripDrawing, state: str, left: float, right: float) -> None:
    """Fill a segment with the same pattern as in the SVG: solid, hatched or dotted."""
    top, bottom = 3, drawing.size[1] - 3
    match state:
        case "covered":
            drawing.box(left, top, right, bottom, COVERED)
        case "gap":
            drawing.box(left, top, right, bottom, GAP_COLOURS[0])
            drawing.hatch(left, top, right, bottom, GAP_COLOURS[2])
        case _:
            drawing.box(left, top, right, bottom, _UNKNOWN)
            drawing.dots(left, top, right, bottom, _UNKNOWN_DOTS)


def _fills() -> Markup:
    """Define the patterns of gap (hatched) and unknown (dotted), legible in black and white."""
    gap = el(
        "pattern",
        el("rect", width=6, height=6, fill=GAP_COLOURS[0]),
        el("path", d="M0 6L6 0", stroke=GAP_COLOURS[2], stroke_width="0.7"),
        id="gap-fill",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    unknown = el(
        "pattern",
        el("rect", width=6, height=6, fill=_UNKNOWN),
        el("circle", cx=3, cy=3, r="0.9", fill=_UNKNOWN_DOTS),
        id="unknown-fill",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return el("defs", gap, unknown)


def _legend(words: Mapping[str, str]) -> Markup:
    return join(
        join(
            (
                el("rect", x=LABEL + 130 * k, y=2, width=22, height=12, fill=FILLS[state]),
                el("text", word, x=LABEL + 28 + 130 * k, y=12, font_size=12),
            )
        )
        for k, (state, word) in enumerate(words.items())
    )


def _bar(bar: Bar, y: int) -> Markup:
    label = el(
        "text",
        bar.label,
        x=LABEL - 10,
        y=y + 13,
        text_anchor="end",
        font_size=12,
        font_weight="700" if bar.strong else None,
    )
    counts = bar.counts
    if not counts.persons:
        return join((label, el("text", "—", x=LABEL, y=y + 13, font_size=12)))
    parts: list[Markup] = [label]
    start = 0.0
    for state in FILLS:
        people: int = getattr(counts, state)
        part = people / counts.persons
        if people:
            parts.append(_segment(state, start, part, y, share(people, counts.persons)))
        start += part
    return join(parts)


def _segment(state: str, start: float, part: float, y: int, text: str) -> Markup:
    x, width = LABEL + start * BAR, part * BAR
    rect = el("rect", x=f"{x:.2f}", y=y, width=f"{width:.2f}", height=THICK, fill=FILLS[state])
    if part < LEAST_LABELLED:
        return rect
    # The halo keeps the number readable on the hatching.
    halo = None if state == "covered" else "#ffffff"
    number = el(
        "text",
        text,
        x=f"{x + width / 2:.2f}",
        y=y + 13,
        text_anchor="middle",
        font_size=11,
        fill=INKS[state],
        stroke=halo,
        stroke_width=3 if halo else None,
        paint_order="stroke" if halo else None,
    )
    return join((rect, number))


def _scale(height: int) -> Markup:
    return join(
        join(
            (
                el(
                    "path",
                    d=f"M{LABEL + BAR * k / 4:.1f} {TOP}V{height - 18}",
                    stroke="#777777",
                    stroke_width="0.5",
                    stroke_dasharray="2 3",
                    fill="none",
                ),
                el(
                    "text",
                    f"{25 * k}%",
                    x=f"{LABEL + BAR * k / 4:.1f}",
                    y=height - 4,
                    text_anchor="end" if k == 4 else "middle",
                    font_size=10,
                    fill="#555555",
                ),
            )
        )
        for k in range(5)
    )
