"""Rows of dots on a scale of shares, as SVG with real text: what differs between two views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from circle15.output.document.markup import Markup, el, join
from circle15.output.text.numbers import percent
from circle15.output.text.palette import COVERED, GAP, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LABEL, SCALE = 720, 190, 450
ROW, TOP = 20, 24
_INK: Final = "#1c2733"
_ROOM: Final = 0.72
"""Shares up to this have room for their numbers on the right."""

Look = dict[str, str]
LOOKS: Final[tuple[Look, ...]] = (
    {"fill": COVERED, "stroke": COVERED},
    {"fill": "#ffffff", "stroke": GAP},
    {"fill": "#8a8a8a", "stroke": UNKNOWN},
)
"""Fill and rim of the first, second and third dot of a row."""


@dataclass(frozen=True, slots=True)
class DotRow:
    """A label and its shares, 0–1; None is unknown and not drawn."""

    label: str
    shares: tuple[float | None, ...]


def dots_figure(
    rows: Sequence[DotRow], legend: Sequence[str], title: str, *, judged: int = 0
) -> Markup | None:
    """
    Draw one line per row with a dot for each share, and print the shares at its end.

    Parameters
    ----------
    legend
        What the dots are, in their order; at most as many as `LOOKS`.
    title
        Stands above the drawing, and is read out in place of it.
    judged
        The dot that counts: it has the first look and lies on top.

    Returns
    -------
    None where no share is known.
    """
    if not any(value is not None for row in rows for value in row.shares):
        return None
    others = iter(LOOKS[1:])
    looks = [LOOKS[0] if k == judged else next(others) for k in range(len(legend))]
    height = TOP + ROW * len(rows) + 22
    svg = el(
        "svg", el("title", title), join(_legend(legend, looks)), _scale(height),
        join(_row(row, looks, judged, TOP + 10 + ROW * k) for k, row in enumerate(rows)),
        viewBox=f"0 0 {WIDTH} {height}", role="img", class_="bars", fill=_INK,
    )  # fmt: skip
    return el("figure", el("figcaption", title), svg)


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
        "path", d=f"M{_place(low):.1f} {y}H{_place(high):.1f}", stroke="#9aa5b1", stroke_width=3,
    )  # fmt: skip
    on_top_last = sorted(range(len(looks)), key=lambda k: k == judged)
    dots = [
        el("circle", cx=f"{_place(value):.1f}", cy=y, r=5, stroke_width=2, **looks[k])
        for k in on_top_last
        if (value := row.shares[k]) is not None
    ]
    beside = (_place(high) + 12, "start") if high <= _ROOM else (_place(low) - 12, "end")
    text = el(
        "text", " · ".join(percent(value) for value in row.shares), x=f"{beside[0]:.1f}", y=y + 4,
        font_size=11, text_anchor=beside[1],
    )  # fmt: skip
    return join((label, line, *dots, text))


def _place(share: float) -> float:
    return LABEL + 8 + SCALE * share


def _scale(height: int) -> Markup:
    return join(
        join((
            el("path", d=f"M{_place(k / 4):.1f} {TOP - 4}V{height - 16}", stroke="#c4ccd4",
               stroke_width="0.6", fill="none"),
            el("text", f"{25 * k}%", x=f"{_place(k / 4):.1f}", y=height - 3, text_anchor="middle",
               font_size=10, fill="#555555"),
        ))
        for k in range(5)
    )  # fmt: skip
