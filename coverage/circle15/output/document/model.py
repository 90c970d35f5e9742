"""
The document model: sections, texts, key figures, tables and figures, for every renderer.

The writers of the report, the zone sheets and the check page build these records; `html` and
`word` render them. The model holds no layout: colours, sizes and page breaks belong to the
renderers, and words such as `gap` or `not_met` name a meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from circle15.output.document.texts import Badge, Text

if TYPE_CHECKING:
    import datetime as dt

    from circle15.inputs.letterheads import Logo, WordHead
    from circle15.output.document.markup import Markup
    from circle15.study.languages import Language


Style = Literal["body", "caption", "source", "kicker", "verdict"]
Tone = Literal["warning", "important", "licence"]
Kind = Literal["t", "n", "c", "k"]
"""Kind of a column: `t` text, `n` numbers, `c` centred, `k` short keys and hashes."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: Text
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph that stands out: a warning, an important fact or a licence notice."""

    text: Text
    tone: Tone


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Short paragraphs close together; `small` ones are reference matter in small print."""

    texts: Sequence[Text]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts, run together on one line where there is room."""

    texts: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Listing:
    """A bulleted list, or the numbered list of headline statements of a document."""

    texts: Sequence[Text]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Pairs of a term and its value."""

    pairs: Sequence[tuple[Text, Text]]


@dataclass(frozen=True, slots=True)
class Legend:
    """The meaning of the shapes in a table."""

    badges: Sequence[Badge]


Cell = Text | Decimal | Fraction | None
"""A table value: text, an exact number (area or count), or None if unknown or not applicable."""


class Column(NamedTuple):
    """A column of a table; numbers are right-aligned and stay on one line."""

    heading: str
    kind: Kind = "t"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a note below it across the whole width."""

    cells: Sequence[Cell]
    note: Text


@dataclass(frozen=True, slots=True)
class WideRow:
    """A row with one value across the whole width; `rule` and `summary` head the rows below."""

    text: Text
    role: Literal["rule", "summary", "more"]


Line = Sequence[Cell] | Row | WideRow
"""A table row: one value per column, the same with a note below, or one value across the width."""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table; the first column holds the row headings.

    Attributes
    ----------
    name
        Class by which the style sheet selects it.
    summed
        Whether the last row is the sum of the others.
    grouped
        Whether rows with an empty first value belong to the row above.
    narrow
        Whether it is only as wide as its text instead of the page.
    sheet
        Worksheet of `report.xlsx` that has every row; where given, Word may leave rows out.
    """

    columns: Sequence[Column]
    rows: Sequence[Line]
    name: str | None = None
    summed: bool = False
    grouped: bool = False
    narrow: bool = False
    sheet: str | None = None


def cells_of(table: Table) -> list[Sequence[Cell]]:
    """Return the values of a table row by row, without notes; a wide row has one value."""
    found: list[Sequence[Cell]] = []
    for row in table.rows:
        match row:
            case Row():
                found.append(row.cells)
            case WideRow():
                found.append([row.text])
            case _:
                found.append(row)
    return found


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Small tables side by side."""

    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A large number; `tone` is the state or severity that colours it."""

    label: str
    figure: str
    unit: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Large numbers side by side."""

    figures: Sequence[KeyFigure]


@dataclass(frozen=True, slots=True)
class Label:
    """A text on a picture, positioned in its pixels; `anchor` says what `x` refers to."""

    text: str
    x: int
    y: int
    role: Literal["street", "scale"]
    anchor: Literal["middle", "end"] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture without text; a renderer that can do so sets the labels over it."""

    png: bytes
    width: int
    height: int
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """A chart row: its label, a picture without text (None if nothing is known), its values."""

    label: str
    png: bytes | None
    figures: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Strips:
    """
    A chart as one picture per row, for renderers that set the text themselves.

    Attributes
    ----------
    key
        Picture and meaning of each legend symbol.
    ticks
        Labels of the scale, equally spaced from the left to the right end of the strips.
    size
        Width and height of a strip, pixels.
    inset
        Distance of the first and last tick from the ends of a strip, pixels.
    """

    key: Sequence[tuple[bytes, str]]
    ticks: Sequence[str]
    strips: Sequence[Strip]
    size: tuple[int, int]
    inset: int = 0


class Chart(Protocol):
    """A chart that can be drawn as SVG (for HTML) or as picture strips (for Word)."""

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; `title` is its text for screen readers."""

    def strips(self) -> Strips:
        """Draw the chart as one picture per row."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A legend entry of a picture; without a glyph it is a heading for the entries below."""

    text: str
    glyph: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A chart or picture below its title, which is also its text for screen readers.

    A `wide` picture takes the whole width, below the title of its page, and has the legend below.
    """

    title: str
    drawing: Chart | Picture
    caption: Text | None = None
    legend: Sequence[LegendEntry] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Signing:
    """Signature lines, each with the role of the person who signs."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Masthead:
    """The organisation that issues a document, and its logo."""

    organisation: str
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a document or a page."""

    title: str
    kicker: str | None = None
    blocks: Sequence[Block] = ()
    masthead: Masthead | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document; the first page of a report has no heading."""

    key: str
    heading: str | None
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents: key and heading of each section; links in HTML, omitted in Word."""

    heading: str
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A separate printed page; `key` is the id of its subject, such as a zone id."""

    key: str
    header: Header
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Footer:
    """The last line of a document."""

    text: str


Block = (
    Paragraph
    | Notice
    | Subheading
    | Lines
    | Facts
    | Listing
    | Definitions
    | Legend
    | Table
    | SideBySide
    | KeyFigures
    | Figure
    | Signing
    | Header
    | Section
    | Contents
    | Page
    | Footer
)


@dataclass(frozen=True, slots=True)
class Document:
    """
    A whole document.

    Attributes
    ----------
    title
        Title in the browser's tab.
    kind
        Selects the page layout and style.
    study_title, as_of
        Title and date in the properties and page headers of the Word file, so that the file does
        not depend on the clock.
    foot
        Footer of every printed page; None omits page headers and footers.
    word_head
        Page, header, footer and styles of the Word file; None for those of circle15.
    """

    title: str
    language: Language
    kind: Literal["report", "check", "zone-sheets"]
    blocks: Sequence[Block]
    study_title: str
    as_of: dt.date
    foot: str | None = None
    word_head: WordHead | None = None
