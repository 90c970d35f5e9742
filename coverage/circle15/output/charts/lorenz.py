"""Lorenz curves beside the line of equal shares: SVG for HTML, picture strips for Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.output.charts.strips import SIGN, TICKS, StripDrawing
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import Strip, Strips
from circle15.output.text.palette import COVERED, GAP

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, SIDE, APART, TOP = 720, 190, 45, 40
IN_A_ROW: Final = 3
_INK, _GRID, _EQUAL = "#1c2733", "#c4ccd4", GAP
_SIZE: Final = (1040, 260)


@dataclass(frozen=True, slots=True)
class Curve:
    """
    A Lorenz curve.

    Attributes
    ----------
    shares
        Share of the total (0–1) that the people with least have, at equal steps from 0 to 100 % of
        the people.
    text
        What is written beside it, such as the Gini index.
    """

    label: str
    shares: Sequence[float]
    text: str


@dataclass(frozen=True, slots=True)
class LorenzChart:
    """
    Lorenz curves, each in a square of its own; below: people, from least to most; left: the total.

    Attributes
    ----------
    legend
        Meaning of the curve and of the line of equal shares.
    """

    curves: Sequence[Curve]
    legend: tuple[str, str]

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; `title` is its text for screen readers."""
        rows = -(-len(self.curves) // IN_A_ROW)
        height = 22 + rows * (TOP + SIDE + 24)
        squares = [
            _square(one, 30 + k % IN_A_ROW * (SIDE + APART), 22 + k // IN_A_ROW * (TOP + SIDE + 24))
            for k, one in enumerate(self.curves)
        ]
        return el(
            "svg",
            el("title", title),
            join(_legend(self.legend)),
            join(squares),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            class_="bars",
            fill=_INK,
        )

    def strips(self) -> Strips:
        """Draw each curve as a picture; its name and index are text beside it."""
        key = [
            (_sign(colour), text)
            for colour, text in zip((COVERED, _EQUAL), self.legend, strict=True)
        ]
        strips = [Strip(one.label, _strip(one), one.text) for one in self.curves]
        return Strips(key, TICKS, strips, _SIZE)


def _legend(legend: tuple[str, str]) -> list[Markup]:
    found, x = [], 30
    for colour, dashes, text in zip((COVERED, _EQUAL), ("none", "5 3"), legend, strict=True):
        found.append(_line(f"M{x} 9H{x + 22}", colour, dashes))
        found.append(el("text", text, x=x + 28, y=13, font_size=12))
        x += 50 + sum(12 if ord(one) > 0x2E7F else 7 for one in text)
    return found


def _line(d: str, colour: str, dashes: str = "none") -> Markup:
    return el("path", d=d, fill="none", stroke=colour, stroke_width=2, stroke_dasharray=dashes)


def _square(curve: Curve, x: int, y: int) -> Markup:
    top, bottom = y + TOP, y + TOP + SIDE
    steps = len(curve.shares) - 1
    d = "M" + "L".join(
        f"{x + SIDE * k / steps:.1f} {bottom - SIDE * share:.1f}"
        for k, share in enumerate(curve.shares)
    )
    grid = "".join(
        f"M{x + SIDE * k // 4} {top}V{bottom}M{x} {top + SIDE * k // 4}H{x + SIDE}"
        for k in range(5)
    )
    ticks = [
        el("text", tick, x=x + SIDE * k // 4, y=bottom + 13, text_anchor="middle", font_size=9)
        for k, tick in enumerate(TICKS)
    ]
    ticks += [
        el("text", tick, x=x - 4, y=bottom - SIDE * k // 4 + 3, text_anchor="end", font_size=9)
        for k, tick in enumerate(TICKS)
        if k
    ]
    return join(
        (
            el("text", curve.label, x=x, y=y + 14, font_size=12),
            el("text", curve.text, x=x, y=y + 30, font_size=11, fill="#555555"),
            el("path", d=grid, fill="none", stroke=_GRID, stroke_width="0.6"),
            join(ticks),
            _line(f"M{x} {bottom}L{x + SIDE} {top}", _EQUAL, "5 3"),
            _line(d, COVERED),
        )
    )


def _strip(curve: Curve) -> bytes:
    drawing = StripDrawing(_SIZE)
    wide, high = _SIZE
    for k in range(5):
        drawing.line(wide * k / 4, _GRID)
    drawing.path([(0, high), (wide, 0)], _EQUAL)
    steps = len(curve.shares) - 1
    points = [(wide * k / steps, high * (1 - share)) for k, share in enumerate(curve.shares)]
    drawing.path(points, COVERED)
    return drawing.png()


def _sign(colour: str) -> bytes:
    drawing = StripDrawing(SIGN)
    drawing.path([(0, SIGN[1] / 2), (SIGN[0], SIGN[1] / 2)], colour)
    return drawing.png()
