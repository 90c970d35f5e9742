"""Figures in a Word file: charts, pictures with legends, key figures, signature lines."""

from __future__ import annotations

import io
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from docx.shared import Mm, Twips

from circle15.output.document.model import Picture
from circle15.output.document.texts import SHAPES
from circle15.output.document.word.tables import PLAIN_STYLE, TEXT_STYLE, assembled, cell, style, tr
from circle15.output.document.word.text import COLOURS, INK, PLAIN, SOFT, RunLook, run, runs
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as Doc

    from circle15.output.document.model import (
        Figure,
        KeyFigure,
        KeyFigures,
        LegendEntry,
        Masthead,
        Signing,
        Strip,
        Strips,
    )
    from circle15.output.document.texts import Text

_LEAST_TALL_MM: Final = 45
"""Tallest picture on a page whose letterhead leaves much less room."""

_TWIPS_PER_MM: Final = 1440 / 25.4
_PICTURE_PARTS: Final = (3, 4)
"""The map takes at most 3/4 of the width, the legend the rest."""
_BESIDE, _LEAST_BESIDE = round(7 * _TWIPS_PER_MM), round(3 * _TWIPS_PER_MM)
"""Room between map and legend, and beside a map of full width, twentieths of a point."""

_LABEL_PART, _STRIP_PART = 0.23, 0.53
"""Shares of the width for the labels and strips of a chart; the values take the rest."""

_CELL_MARGINS: Final = 120
_SIGN_ABREAST: Final = 5
_KEY_MM: Final = 4.5


class Figures:
    """
    Writes the pictures of one Word file, each with a unique id.

    Parameters
    ----------
    page
        Width of the text area, twentieths of a point.
    tallest_mm
        Height of the tallest picture.
    """

    def __init__(self, document: Doc, page: int, *, tallest_mm: float) -> None:
        self.document = document
        self.page = page
        self.tallest = Mm(max(tallest_mm, _LEAST_TALL_MM))
        self.numbers = count(1)

    def figure(self, figure: Figure) -> str:
        """Render a picture or chart below its title, with legend and caption."""
        title = f"<w:p>{style('FigureTitle')}{run(figure.title)}</w:p>"
        if isinstance(figure.drawing, Picture) and figure.wide:
            return self._wide(figure, figure.drawing)
        if not isinstance(figure.drawing, Picture):
            caption = "" if figure.caption is None else _paragraph(figure.caption, "Caption")
            return title + self._chart(figure.drawing.strips()) + caption
        most = self.page * _PICTURE_PARTS[0] // _PICTURE_PARTS[1]
        inline, width = self._sized(figure.drawing.png, most - _LEAST_BESIDE, figure.title)
        wide = min(width + _BESIDE, most)
        drawn = f"<w:p>{style('Picture')}{inline}</w:p>"
        beside = [f"<w:p>{style(TEXT_STYLE)}{_entry(one)}</w:p>" for one in figure.legend]
        if figure.caption is not None:
            beside.append(_paragraph(figure.caption, "Caption"))
        if not beside:
            return title + drawn
        row = tr([cell([drawn], wide), cell(beside, self.page - wide)])
        return title + assembled([row], [wide, self.page - wide], PLAIN_STYLE, head=False)

    def _wide(self, figure: Figure, picture: Picture) -> str:
        """Render a picture across the page, then its legend and caption."""
        inline = self._inline(picture.png, self.page, figure.title)
        below = [f"<w:p>{style('BodyText')}{_entry(one)}</w:p>" for one in figure.legend]
        if figure.caption is not None:
            below.append(_paragraph(figure.caption, "Caption"))
        return f"<w:p>{style('Picture')}{inline}</w:p>{''.join(below)}"

    def masthead(self, masthead: Masthead, high_mm: float, *, new_page: bool) -> str:
        """Render the logo, no higher than stated, and the organisation beside it."""
        written = ""
        if masthead.logo is not None:
            wide_mm = high_mm * masthead.logo.width / masthead.logo.height
            wide = min(round(wide_mm * _TWIPS_PER_MM), self.page // 2)
            written = self._inline(masthead.logo.png, wide, masthead.organisation) + run("\u2002")
        written += run(masthead.organisation)
        return f"<w:p>{style('Masthead', new_page=new_page)}{written}</w:p>"

    def _chart(self, strips: Strips) -> str:
        """Render a chart: the legend, a row for each strip, then the scale."""
        label, strip = round(self.page * _LABEL_PART), round(self.page * _STRIP_PART)
        widths = [label, strip, self.page - label - strip]
        key = f"<w:p>{style(TEXT_STYLE, kept=True)}{''.join(self._key(strips))}</w:p>"
        scale = f"<w:p>{_scale_style(strips, strip - _CELL_MARGINS)}{_scale(strips)}</w:p>"
        rows = [_chart_row(_kept(), key, _kept(), widths)]
        for one in strips.strips:
            look = RunLook(bold=one.strong)
            rows.append(
                _chart_row(
                    f"<w:p>{style('TableNumber', kept=True)}{run(one.label, look)}</w:p>",
                    f"<w:p>{style(TEXT_STYLE, kept=True)}{self._strip(one, strip)}</w:p>",
                    f"<w:p>{style(TEXT_STYLE, kept=True)}{run(one.figures, look)}</w:p>",
                    widths,
                )
            )
        rows.append(_chart_row(_kept(), scale, _kept(), widths))
        return assembled(rows, widths, PLAIN_STYLE, head=False)

    def _key(self, strips: Strips) -> Iterator[str]:
        for png, text in strips.key:
            yield self._inline(png, round(_KEY_MM * _TWIPS_PER_MM), text)
            yield run(f"\u00a0{text}\u2003", PLAIN)

    def _strip(self, strip: Strip, wide: int) -> str:
        if strip.png is None:
            return ""
        text = f"{strip.label}: {strip.figures}"
        return self._inline(strip.png, wide - _CELL_MARGINS, text)

    def _inline(self, png: bytes, wide: int, text: str) -> str:
        """Insert a picture as large as there is room; `text` is its alternative text."""
        return self._sized(png, wide, text)[0]

    def _sized(self, png: bytes, wide: int, text: str) -> tuple[str, int]:
        """Insert a picture; return it and its width, twentieths of a point."""
        inline: Any = self.document.part.new_pic_inline(io.BytesIO(png), Twips(wide), None)
        size = inline.extent
        if size.cy > self.tallest:
            size.cx, size.cy = round(size.cx * self.tallest / size.cy), self.tallest
            drawn = inline.graphic.graphicData.pic.spPr
            drawn.cx, drawn.cy = size.cx, size.cy
        inline.docPr.id = next(self.numbers)
        inline.docPr.set("name", f"Picture {inline.docPr.id}")
        inline.docPr.set("descr", printable(text))
        return f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>", round(size.cx / Twips(1))


def _chart_row(label: str, strip: str, figures: str, widths: Sequence[int]) -> str:
    middle = '<w:vAlign w:val="center"/>'
    cells = zip((label, strip, figures), widths, strict=True)
    return tr([cell([one], wide, more=middle) for one, wide in cells])


def _kept() -> str:
    return f"<w:p>{style(TEXT_STYLE, kept=True)}</w:p>"


def _scale_style(strips: Strips, wide: int) -> str:
    """Set a tab stop for each tick label; all but the last are centred below their lines."""
    inset = strips.inset / strips.size[0]
    steps = len(strips.ticks) - 1
    stops = []
    for k in range(1, steps + 1):
        side = "right" if k == steps else "center"
        at = wide if k == steps else round(wide * (inset + (1 - 2 * inset) * k / steps))
        stops.append(f'<w:tab w:val="{side}" w:pos="{at}"/>')
    return f'<w:pPr><w:pStyle w:val="{TEXT_STYLE}"/><w:tabs>{"".join(stops)}</w:tabs></w:pPr>'


def _scale(strips: Strips) -> str:
    tab = "<w:r><w:tab/></w:r>"
    return tab.join(run(tick, RunLook(colour=SOFT, size=14)) for tick in strips.ticks)


def _entry(entry: LegendEntry) -> str:
    if entry.glyph is None:
        return run(entry.text, RunLook(bold=True))
    glyph = run(entry.glyph, RunLook(colour=COLOURS[entry.tone or ""]))
    return glyph + run(f"\u00a0{entry.text}")


def cards(block: KeyFigures, page: int) -> str:
    """Render the key figures side by side, each below a line in its colour."""
    wide = page // len(block.figures)
    cells = []
    for one in block.figures:
        colour = COLOURS.get(one.tone or "", INK)
        top = f'<w:tcBorders><w:top w:val="single" w:sz="24" w:color="{colour}"/></w:tcBorders>'
        cells.append(cell(list(_card(one, colour)), wide, more=top))
    return assembled([tr(cells)], [wide] * len(cells), PLAIN_STYLE, head=False)


def _card(one: KeyFigure, colour: str) -> Iterator[str]:
    shape = f"{SHAPES[one.tone]}\u00a0" if one.tone in SHAPES else ""
    texts = [
        (shape + one.label, RunLook(colour=SOFT, size=16)),
        (one.figure, RunLook(bold=True, size=32, colour=colour)),
        (one.unit, RunLook(size=18)),
    ]
    for text, look in texts:
        if text is not None:
            yield f"<w:p>{style(TEXT_STYLE)}{run(text, look)}</w:p>"


def signing(block: Signing, page: int) -> str:
    """Render signature lines, up to five side by side."""
    abreast = min(len(block.names), _SIGN_ABREAST)
    wide = page // abreast
    line = f'<w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="{INK}"/></w:tcBorders>'
    cells = [cell([_paragraph(name, "Signing")], wide, more=line) for name in block.names]
    cells += [cell([_paragraph("", "Signing")], wide)] * (-len(cells) % abreast)
    rows = [tr(cells[k : k + abreast]) for k in range(0, len(cells), abreast)]
    return assembled(rows, [wide] * abreast, PLAIN_STYLE, head=False)


def _paragraph(text: Text, named: str) -> str:
    return f"<w:p>{style(named)}{runs(text)}</w:p>"
