"""Render a document as HTML: one page that opens offline, runs no script and prints on A4."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, assert_never

from circle15.output.document.html_text import breakable, html_text, shape
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.model import (
    Contents,
    Definitions,
    Facts,
    Figure,
    Footer,
    Header,
    KeyFigures,
    Legend,
    Lines,
    Listing,
    Notice,
    Page,
    Paragraph,
    Picture,
    Row,
    Section,
    SideBySide,
    Signing,
    Subheading,
    Table,
    WideRow,
)
from circle15.output.document.offline import data_uri
from circle15.output.document.page import page
from circle15.output.text.numbers import NOTHING, area, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.output.document.markup import Child
    from circle15.output.document.model import (
        Block,
        Cell,
        Document,
        KeyFigure,
        Kind,
        LegendEntry,
        Line,
        Masthead,
        Style,
        Tone,
    )
    from circle15.output.document.texts import Text
    from circle15.output.text.numbers import Number

SHORT: Final = 14
"""Longest table, in rows, that is kept on one printed page."""

_CLASS_OF_STYLE: Final[dict[Style, str | None]] = {
    "body": None,
    "caption": "caption",
    "source": "source",
    "kicker": "kicker",
    "verdict": "verdict",
}
_CLASS_OF_TONE: Final[dict[Tone, str]] = {
    "warning": "synthetic",
    "important": "first",
    "licence": "attribution",
}
_CLASS_OF_BODY: Final = {"report": None, "check": "check", "zone-sheets": "zone-sheets"}


def render_html(document: Document) -> str:
    """
    Render a document as one HTML file.

    Returns
    -------
    A complete page without scripts or references to other files; its Content-Security-Policy
    allows only its own style sheet and embedded pictures. The same document gives the same text.
    """
    body = el("body", html_blocks(document.blocks), class_=_CLASS_OF_BODY[document.kind])
    pictures = "'none'" if document.kind == "check" else "data:"
    return page(document.title, body, document.language, pictures=pictures)


def html_blocks(blocks: Iterable[Block]) -> Markup:
    """Render blocks one below the other."""
    return join(_block(block) for block in blocks)


def _block(block: Block) -> Markup:
    match block:
        case Paragraph():
            return el("p", html_text(block.text), class_=_CLASS_OF_STYLE[block.style])
        case Notice():
            return el("p", html_text(block.text), class_=_CLASS_OF_TONE[block.tone])
        case Subheading():
            return el("h3", block.text)
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)
        case KeyFigures():
            return el("div", *map(_key_figure, block.figures), class_="cards")
        case Header() | Section() | Page() | Contents() | Footer() | Signing():
            return _frame(block)
        case Lines() | Facts() | Listing() | Definitions() | Legend() | SideBySide():
            return _several(block)
        case _:
            assert_never(block)


def _frame(block: Header | Section | Page | Contents | Footer | Signing) -> Markup:
    """Render a block that contains other blocks, or a footer or signature block."""
    match block:
        case Header():
            kicker = el("p", block.kicker, class_="kicker") if block.kicker else None
            masthead = None if block.masthead is None else _masthead(block.masthead)
            return el("header", masthead, kicker, el("h1", block.title), html_blocks(block.blocks))
        case Section():
            return el("section", *_headed(block), id=block.key)
        case Page():
            parts = (
                el("section", *_headed(one), class_=one.key)  # repeats on every page, so no id
                if isinstance(one, Section)
                else _block(one)
                for one in block.blocks
            )
            return el("article", _block(block.header), *parts, class_="sheet")
        case Contents():
            links = (el("li", el("a", text, href=f"#{key}")) for key, text in block.entries)
            return el("nav", el("h2", block.heading), el("ol", *links), id="contents")
        case Footer():
            return el("footer", block.text)
        case Signing():
            return el("div", *(el("span", name) for name in block.names), class_="signing")


def _masthead(masthead: Masthead) -> Markup:
    logo = masthead.logo
    picture = None
    if logo is not None:
        source = data_uri(logo.png, "image/png")
        picture = el("img", src=source, alt="", width=logo.width, height=logo.height)
    return el("div", picture, el("span", masthead.organisation), class_="masthead")


def _headed(section: Section) -> tuple[Markup | None, Markup]:
    heading = None if section.heading is None else el("h2", section.heading)
    return heading, html_blocks(section.blocks)


def _several(block: Lines | Facts | Listing | Definitions | Legend | SideBySide) -> Markup:
    """Render a block of several texts or tables."""
    match block:
        case Lines():
            lines = (el("p", html_text(text)) for text in block.texts)
            return el("div", *lines, class_="lines small" if block.small else "lines")
        case Facts():
            return el("ul", *_items(block.texts), class_="facts")
        case Listing(numbered=True):
            return el("ol", *_items(block.texts), class_="headline")
        case Listing():
            return el("ul", *_items(block.texts))
        case Definitions():
            return el(
                "dl",
                *(
                    el("div", el("dt", html_text(term)), el("dd", html_text(value)))
                    for term, value in block.pairs
                ),
            )
        case Legend():
            badges = (el("span", shape(b.word), b.text, class_=b.word) for b in block.badges)
            return el("p", *badges, class_="caption legend")
        case SideBySide():
            return el("div", *map(_table, block.tables), class_="columns")


def _items(texts: Iterable[Text]) -> Iterable[Markup]:
    return (el("li", html_text(text)) for text in texts)


def _key_figure(one: KeyFigure) -> Markup:
    return el(
        "div",
        el("span", shape(one.tone), one.label, class_="what"),
        el("span", one.figure, class_="figure"),
        None if one.unit is None else el("span", one.unit, class_="unit"),
        class_=f"card {one.tone or ''}".rstrip(),
    )


def _table(table: Table) -> Markup:
    """Render a table; its head repeats on every printed page, and a short one is not split."""
    head = el(
        "tr", *(el("th", breakable(text), class_=kind, scope="col") for text, kind in table.columns)
    )
    kinds = [kind for _, kind in table.columns]
    lines = [line for row in table.rows for line in _rows(row, kinds)]
    marks = {
        "grouped": table.grouped,
        "summed": table.summed,
        "narrow": table.narrow,
        "short": len(lines) <= SHORT,
    }
    names = [table.name, *(name for name, given in marks.items() if given)]
    return el(
        "table",
        el("thead", head),
        el("tbody", *lines),
        class_=" ".join(name for name in names if name) or None,
    )


def _rows(row: Line, kinds: Sequence[Kind]) -> list[Markup]:
    match row:
        case WideRow():
            return [_wide(row.text, len(kinds), row.role)]
        case Row():
            return [_row(row.cells, kinds, "noted"), _wide(row.note, len(kinds), "notes")]
        case _:
            return [_row(row, kinds)]


def _row(cells: Sequence[Cell], kinds: Sequence[Kind], class_: str | None = None) -> Markup:
    beside = numbers_of(cells)
    first, *others = zip(cells, kinds, strict=True)
    return el(
        "tr",
        el("th", _cell(*first, beside), class_=first[1], scope="row"),
        *(el("td", _cell(cell, kind, beside), class_=kind) for cell, kind in others),
        class_=class_,
    )


def _wide(text: Text, span: int, class_: str) -> Markup:
    return el("tr", el("td", html_text(text), colspan=span), class_=class_)


def _cell(cell: Cell, kind: Kind, beside: Sequence[Number]) -> Child:
    match cell:
        case None:
            return NOTHING
        case Decimal() | Fraction():
            return area(cell, apart_from=beside)
        case str():
            return breakable(cell) if kind in {"t", "k"} else cell
        case _:
            return html_text(cell)


def _figure(figure: Figure) -> Markup:
    title = el("figcaption", figure.title)
    caption = el("p", html_text(figure.caption), class_="caption") if figure.caption else None
    if not isinstance(figure.drawing, Picture):
        return el("figure", title, figure.drawing.svg(figure.title), caption)
    frame = el("div", *_picture(figure.drawing, figure.title), class_="map-frame")
    legend = el("ul", *map(_entry, figure.legend), class_="map-legend")
    if figure.wide:
        return el("figure", frame, legend, caption, class_="wide-map")
    return el("figure", title, frame, legend, caption, class_="map")


def _picture(picture: Picture, title: str) -> tuple[Markup, Markup]:
    """Render a picture and, in an SVG over it, its labels, so that they stay text at any size."""
    wide, high = picture.width, picture.height
    image = el("img", src=data_uri(picture.png, "image/png"), alt=title, width=wide, height=high)
    labels = (
        el("text", one.text, x=one.x, y=one.y, class_=one.role, text_anchor=one.anchor)
        for one in picture.labels
    )
    return image, el("svg", *labels, viewBox=f"0 0 {wide} {high}", aria_hidden="true")


def _entry(entry: LegendEntry) -> Markup:
    if entry.glyph is None:
        return el("li", el("strong", entry.text))
    return el("li", el("i", entry.glyph, class_=entry.tone), " ", entry.text)
