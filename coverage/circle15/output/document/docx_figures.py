"""What stands side by side in the Word file: figures, the map and its legend, lines to sign."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Final

from docx.shared import Mm

from circle15.output.document.docx_file import VERDICT_COLOURS
from circle15.output.document.docx_tables import PLAIN_STYLE, TEXT_STYLE, assembled, cell, style, tr
from circle15.output.document.docx_text import SOFT, Look, classes, runs

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from docx.document import Document as Doc

_CARD: Final = {
    "what": Look(colour=SOFT, size=16), "figure": Look(bold=True, size=32), "unit": Look(size=18),
}  # fmt: skip
_PNG: Final = "data:image/png;base64"
_TALLEST_MM: Final = 132
"""So that the first page holds the map below the sentences and the figures."""

_TWIPS_PER_MM: Final = 1440 / 25.4
_PICTURE_PARTS: Final = (3, 4)
"""The map takes so much of the width, the legend the rest."""


def figure(element: Element, document: Doc, page: int) -> str:
    """
    Write a picture below its title, with what explains it beside it.

    A figure without a picture is a drawing of the browser, whose numbers stand in the tables:
    nothing is written.
    """
    image = element if element.tag == "img" else element.find(".//img")
    if image is None:
        return ""
    title = element.find("figcaption")
    wide = page * _PICTURE_PARTS[0] // _PICTURE_PARTS[1]
    drawn = _picture(image, document, wide)
    beside = [
        f"<w:p>{style(TEXT_STYLE)}{''.join(runs(item))}</w:p>" for item in element.findall("ul/li")
    ]
    beside += [f"<w:p>{style('Caption')}{''.join(runs(p))}</w:p>" for p in element.findall("p")]
    head = "" if title is None else f"<w:p>{style('FigureTitle')}{''.join(runs(title))}</w:p>"
    if not beside:
        return head + drawn
    row = tr([cell([drawn], wide), cell(beside, page - wide)])
    return head + assembled([row], [wide, page - wide], PLAIN_STYLE, head=False)


def _picture(image: Element, document: Doc, wide: int) -> str:
    """Place a picture as large as the page allows; its text for those who cannot see it stays."""
    kind, _, content = (image.get("src") or "").partition(",")
    if kind != _PNG:
        return ""
    inline: Any = document.part.new_pic_inline(
        io.BytesIO(base64.b64decode(content)), Mm(wide / _TWIPS_PER_MM - 3), None
    )
    size = inline.extent
    if size.cy > Mm(_TALLEST_MM):
        size.cx, size.cy = round(size.cx * Mm(_TALLEST_MM) / size.cy), Mm(_TALLEST_MM)
        drawn = inline.graphic.graphicData.pic.spPr
        drawn.cx, drawn.cy = size.cx, size.cy
    inline.docPr.set("descr", image.get("alt") or "")
    return f"<w:p>{style('Picture')}<w:r><w:drawing>{inline.xml}</w:drawing></w:r></w:p>"


def cards(element: Element, page: int) -> str:
    """Write the key figures side by side, each below a line in its colour."""
    wide = page // len(element)
    cells = []
    for card in element:
        colour = next((VERDICT_COLOURS[n] for n in classes(card) if n in VERDICT_COLOURS), "1C2733")
        top = f'<w:tcBorders><w:top w:val="single" w:sz="24" w:color="{colour}"/></w:tcBorders>'
        paragraphs = []
        for part in card:
            look = next((_CARD[n] for n in classes(part) if n in _CARD), Look())
            if "figure" in classes(part):
                look = Look(bold=True, size=look.size, colour=colour)
            paragraphs.append(f"<w:p>{style(TEXT_STYLE)}{''.join(runs(part, look))}</w:p>")
        cells.append(cell(paragraphs, wide, more=top))
    return assembled([tr(cells)], [wide] * len(cells), PLAIN_STYLE, head=False)


def signing(element: Element, page: int) -> str:
    """Leave lines for names; there is room above each to sign."""
    wide = page // len(element)
    line = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="1C2733"/></w:tcBorders>'
    cells = [
        cell([f"<w:p>{style('Signing')}{''.join(runs(one))}</w:p>"], wide, more=line)
        for one in element
    ]
    return assembled([tr(cells)], [wide] * len(cells), PLAIN_STYLE, head=False)
