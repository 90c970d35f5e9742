"""Bars of what a growing number of new sites adds: SVG for HTML, picture strips for Word."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.output.charts.strips import SIGN, SIZE, StripDrawing
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import Strip, Strips
from circle15.output.text.numbers import area
from circle15.output.text.palette import COVERED

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LABEL, BAR = 720, 90, 520
ROW, THICK, TOP = 20, 13, 22
_INK, _GRID = "#1c2733", "#c4ccd4"
_STEPS: Final = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
_INTERVALS: Final = (4, 5, 6)


@dataclass(frozen=True, slots=True)
class GainRow:
    """A row label, such as a number of sites, what they add, and this number as text."""

    label: str
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class GainBars:
    """
    A bar chart on a scale from 0 to a round number.

    Attributes
    ----------
    legend
        Unit of the bars.
    """

    rows: Sequence[GainRow]
    legend: str

    @property
    def top(self) -> Fraction:
        """The end of the scale: a round number not below any value."""
        step, intervals = self._scale
        return step * intervals

    @property
    def _scale(self) -> tuple[Fraction, int]:
        return round_scale(max((row.value for row in self.rows), default=Fraction(0)))

    @property
    def ticks(self) -> list[str]:
        """Labels of the scale."""
        step, intervals = self._scale
        return [area(step * k) for k in range(intervals + 1)]

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; `title` is its text for screen readers."""
        height = TOP + ROW * len(self.rows) + 22
        return el(
            "svg",
            el("title", title),
            el("rect", x=LABEL, y=2, width=22, height=12, fill=COVERED),
            el("text", self.legend, x=LABEL + 28, y=12, font_size=12),
            _scale(self.ticks, height),
            join(_bar(row, self.top, TOP + 4 + ROW * k) for k, row in enumerate(self.rows)),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            class_="bars",
            fill=_INK,
        )

    def strips(self) -> Strips:
        """Draw each bar as a picture; the number is text beside it."""
        sign = StripDrawing(SIGN)
        sign.box(0, 3, SIGN[0], SIGN[1] - 3, COVERED)
        strips = [_strip(row, self.top, len(self.ticks) - 1) for row in self.rows]
        return Strips([(sign.png(), self.legend)], self.ticks, strips, SIZE)


def round_scale(most: Fraction) -> tuple[Fraction, int]:
    """
    Return the round step and the number of steps, 4 to 6, of the shortest scale up to a number.

    Examples
    --------
    >>> round_scale(Fraction(4230)), round_scale(Fraction(8)), round_scale(Fraction(0))
    ((Fraction(1000, 1), 5), (Fraction(2, 1), 4), (Fraction(1, 1), 4))
    """
    scales = [(round_step(most, n), n) for n in _INTERVALS]
    return min(scales, key=lambda one: (one[0] * one[1], one[1]))


def round_step(most: Fraction, intervals: int = _INTERVALS[0]) -> Fraction:
    """
    Return a step of 1, 2, 2.5 or 5 × 10ᵏ of which so many reach a number; 1 for 0.

    Examples
    --------
    >>> round_step(Fraction(4230)), round_step(Fraction(3)), round_step(Fraction(0))
    (Fraction(2000, 1), Fraction(1, 1), Fraction(1, 1))
    """
    if most <= 0:
        return Fraction(1)
    power = Fraction(1)
    while intervals * 10 * power < most:
        power *= 10
    while intervals * power >= most:
        power /= 10
    return next(power * step for step in _STEPS if intervals * power * step >= most)


def _strip(row: GainRow, top: Fraction, intervals: int) -> Strip:
    drawing = StripDrawing()
    for k in range(intervals + 1):
        drawing.line(SIZE[0] * k / intervals, _GRID)
    drawing.box(0, 5, float(row.value / top) * SIZE[0], SIZE[1] - 5, COVERED)
    return Strip(row.label, drawing.png(), row.text)


def _bar(row: GainRow, top: Fraction, y: int) -> Markup:
    width = float(row.value / top) * BAR
    label = el("text", row.label, x=LABEL - 10, y=y + 11, text_anchor="end", font_size=12)
    bar = el("rect", x=LABEL, y=y, width=f"{width:.2f}", height=THICK, fill=COVERED)
    text = el("text", row.text, x=f"{LABEL + width + 6:.2f}", y=y + 11, font_size=11)
    return join((label, bar, text))


def _scale(ticks: Sequence[str], height: int) -> Markup:
    found = []
    for k, tick in enumerate(ticks):
        x = f"{LABEL + BAR * k / (len(ticks) - 1):.1f}"
        line = el("path", d=f"M{x} {TOP}V{height - 16}", stroke=_GRID, stroke_width="0.6")
        text = el(
            "text", tick, x=x, y=height - 3, text_anchor="middle", font_size=10, fill="#555555"
        )
        found.append(join((line, text)))
    return join(found)
