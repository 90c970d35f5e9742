"""A waterfall from one number to another: SVG for HTML, picture strips for Word."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.output.charts.gain_bars import round_step
from circle15.output.charts.strips import SIGN, SIZE, StripDrawing
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import Strip, Strips
from circle15.output.text.numbers import area
from circle15.output.text.palette import COVERED, GAP

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LABEL, BAR = 720, 190, 430
ROW, THICK, TOP = 24, 15, 8
_INK, _GRID, _WHOLE = "#1c2733", "#c4ccd4", "#5f6368"
_MARGIN: Final = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class WaterfallRow:
    """
    A row: its label, the ends of its bar, and the number as text.

    A whole runs from 0 to `end`; a part from where the rows above it end to `end`.
    """

    label: str
    start: Fraction
    end: Fraction
    text: str
    whole: bool = False

    @property
    def colour(self) -> str:
        """Colour of the bar: grey for a whole, blue for more, orange for fewer."""
        return _WHOLE if self.whole else COVERED if self.end >= self.start else GAP


@dataclass(frozen=True, slots=True)
class Waterfall:
    """
    Bars that lead from the first row, a whole, over parts to the last, a whole.

    Where the parts are small beside the wholes, the scale does not begin at 0, so that they can be
    seen: it begins at the round number below all ends, and its labels say so.
    """

    rows: Sequence[WaterfallRow]

    @property
    def scale(self) -> tuple[Fraction, Fraction, Fraction]:
        """Begin, end and step of the scale."""
        ends = [row.end for row in self.rows]  # a part begins where the row above ends
        least, most = min(ends), max(ends)
        if most - least < most * _MARGIN * 3:
            spread = max(most - least, most / 100, Fraction(1))
            step = round_step(spread * Fraction(3, 2))
            begin = max(Fraction(0), ((least - spread / 4) // step) * step)
        else:
            step, begin = round_step(most), Fraction(0)
        count = -(-(most - begin) // step)
        return begin, begin + step * max(count, 1), step

    @property
    def ticks(self) -> list[str]:
        """Labels of the scale."""
        begin, end, step = self.scale
        return [area(begin + step * k) for k in range(int((end - begin) / step) + 1)]

    def _across(self, row: WaterfallRow) -> tuple[float, float]:
        """Return left and right end of a bar as shares of the width."""
        begin, end, _ = self.scale
        ends = (begin if row.whole else row.start, row.end)
        left, right = (float((one - begin) / (end - begin)) for one in (min(ends), max(ends)))
        return left, right

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; `title` is its text for screen readers."""
        height = TOP + ROW * len(self.rows) + 22
        return el(
            "svg",
            el("title", title),
            self._grid(height),
            join(self._bar(row, TOP + 4 + ROW * k) for k, row in enumerate(self.rows)),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            class_="bars",
            fill=_INK,
        )

    def _bar(self, row: WaterfallRow, y: int) -> Markup:
        left, right = self._across(row)
        width = max((right - left) * BAR, 1.0)
        label = el("text", row.label, x=LABEL - 10, y=y + 12, text_anchor="end", font_size=12)
        bar = el(
            "rect",
            x=f"{LABEL + left * BAR:.2f}",
            y=y,
            width=f"{width:.2f}",
            height=THICK,
            fill=row.colour,
        )
        at = f"{LABEL + left * BAR + width + 6:.2f}"
        return join((label, bar, el("text", row.text, x=at, y=y + 12, font_size=11)))

    def _grid(self, height: int) -> Markup:
        found = []
        for k, tick in enumerate(self.ticks):
            x = f"{LABEL + BAR * k / (len(self.ticks) - 1):.1f}"
            line = el("path", d=f"M{x} {TOP}V{height - 16}", stroke=_GRID, stroke_width="0.6")
            text = el(
                "text", tick, x=x, y=height - 3, text_anchor="middle", font_size=10, fill="#555555"
            )
            found.append(join((line, text)))
        return join(found)

    def strips(self) -> Strips:
        """Draw each bar as a picture; the number is text beside it."""
        strips = []
        for row in self.rows:
            drawing = StripDrawing()
            left, right = (one * SIZE[0] for one in self._across(row))
            drawing.box(left, 5, max(right, left + 2), SIZE[1] - 5, row.colour)
            strips.append(Strip(row.label, drawing.png(), row.text, strong=row.whole))
        sign = StripDrawing(SIGN)
        sign.box(0, 3, SIGN[0], SIGN[1] - 3, _WHOLE)
        return Strips([(sign.png(), self.rows[0].label)], self.ticks, strips, SIZE)
