"""Dot plots of shares: SVG for HTML, picture strips for Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.output.charts.strips import SIGN, SIZE, TICKS, StripDrawing
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import Strip, Strips
from circle15.output.text.numbers import NOTHING, percent
from circle15.output.text.palette import COVERED, GAP, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LABEL, SCALE = 720, 190, 450
ROW, TOP = 20, 24
_INK: Final = "#1c2733"
_BETWEEN: Final = "#9aa5b1"
_INSET: Final = 20
_ROOM: Final = 0.72
"""Largest share whose numbers fit to the right of the dots."""

Look = dict[str, str]
LOOKS: Final[tuple[Look, ...]] = (
    {"fill": COVERED, "stroke": COVERED},
    {"fill": "#ffffff", "stroke": GAP},
    {"fill": "#8a8a8a", "stroke": UNKNOWN},
)
"""Fill and outline colour of the judged dot, then of the other dots of a row."""


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row label and its shares, 0–1; None is unknown and not drawn."""

    label: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class DotChart:
    """
    A dot plot that compares shares: a dot per share in each row, with the values as text.

    Attributes
    ----------
    legend
        Meaning of each dot, in the order of `DotRow.shares`; at most as many as `LOOKS`.
    judged
        Index of the share that verdicts use: drawn in the first look, on top of the others.
    """

    rows: Sequence[DotRow]
    legend: Sequence[str]
    judged: int = 0

    @property
    def known(self) -> bool:
        """Whether any share is known; if not, there is nothing to draw."""
        return any(value is not None for row in self.rows for value in row.shares)

    @property
    def looks(self) -> list[Look]:
        """Fill and outline of each dot, in the order of the legend."""
        others = iter(LOOKS[1:])
        return [LOOKS[0] if k == self.judged else next(others) for k in range(len(self.legend))]

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; `title` is its text for screen readers."""
        height = TOP + ROW * len(self.rows) + 22
        looks = self.looks
        rows = (
            _row(row, looks, self.judged, TOP + 10 + ROW * k) for k, row in enumerate(self.rows)
        )
        return el(
            "svg",
            el("title", title),
            join(_legend(self.legend, looks)),
            _scale(height),
            join(rows),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            class_="bars",
            fill=_INK,
        )

    def strips(self) -> Strips:
        """Draw each row as a picture; the shares are text beside it."""
        looks = self.looks
        key = [(_sign(look), text) for look, text in zip(looks, self.legend, strict=True)]
        strips = [_strip(row, looks, self.judged) for row in self.rows]
        return Strips(key, TICKS, strips, SIZE, _INSET)


def _strip(row: DotRow, looks: Sequence[Look], judged: int) -> Strip:
    known = [value for value in row.shares if value is not None]
    if not known:
        return Strip(row.label, None, NOTHING)
    drawing, middle = StripDrawing(), SIZE[1] / 2
    for k in range(5):
        drawing.line(_along(k / 4), "#c4ccd4")
    drawing.box(_along(min(known)), middle - 3, _along(max(known)), middle + 3, _BETWEEN)
    for k in _on_top_last(looks, judged):
        value = row.shares[k]
        if value is not None:
            look = looks[k]
            drawing.disc(_along(value), middle, 12, fill=look["fill"], rim=look["stroke"])
    return Strip(row.label, drawing.png(), _shares(row))


def _along(share: float) -> float:
    """Return the x of a share (0–1) on a strip, in pixels."""
    return _INSET + (SIZE[0] - 2 * _INSET) * share


def _sign(look: Look) -> bytes:
    drawing = StripDrawing(SIGN)
    drawing.disc(SIGN[0] / 2, SIGN[1] / 2, 12, fill=look["fill"], rim=look["stroke"])
    return drawing.png()


def _on_top_last(looks: Sequence[Look], judged: int) -> list[int]:
    return sorted(range(len(looks)), key=lambda k: k == judged)


def _shares(row: DotRow) -> str:
    return " · ".join(percent(value) for value in row.shares)


def _legend(legend: Sequence[str], looks: Sequence[Look]) -> list[Markup]:
    found: list[Markup] = []
    x = LABEL
    for text, look in zip(legend, looks, strict=True):
        found.append(el("circle", cx=x + 6, cy=8, r=5, stroke_width=2, **look))
        found.append(el("text", text, x=x + 16, y=12, font_size=12))
        x += 34 + sum(12 if ord(one) > 0x2E7F else 7 for one in text)
    return found


def _row(row: DotRow, looks: Sequence[Look], judged: int, y: int) -> Markup:
    label = el("text", row.label, x=LABEL - 10, y=y + 4, text_anchor="end", font_size=12)
    known = [value for value in row.shares if value is not None]
    if not known:
        return join((label, el("text", "—", x=LABEL, y=y + 4, font_size=12)))
    low, high = min(known), max(known)
    line = el(
        "path",
        d=f"M{_place(low):.1f} {y}H{_place(high):.1f}",
        stroke=_BETWEEN,
        stroke_width=3,
    )
    dots = [
        el("circle", cx=f"{_place(value):.1f}", cy=y, r=5, stroke_width=2, **looks[k])
        for k in _on_top_last(looks, judged)
        if (value := row.shares[k]) is not None
    ]
    beside = (_place(high) + 12, "start") if high <= _ROOM else (_place(low) - 12, "end")
    text = el(
        "text",
        _shares(row),
        x=f"{beside[0]:.1f}",
        y=y + 4,
        font_size=11,
        text_anchor=beside[1],
    )
    return join((label, line, *dots, text))


def _place(share: float) -> float:
    return LABEL + 8 + SCALE * share


def _scale(height: int) -> Markup:
    return join(
        join(
            (
                el(
                    "path",
                    d=f"M{_place(k / 4):.1f} {TOP - 4}V{height - 16}",
                    stroke="#c4ccd4",
                    stroke_width="0.6",
                    fill="none",
                ),
                el(
                    "text",
                    f"{25 * k}%",
                    x=f"{_place(k / 4):.1f}",
                    y=height - 3,
                    text_anchor="middle",
                    font_size=10,
                    fill="#555555",
                ),
            )
        )
        for k in range(5)
    )
