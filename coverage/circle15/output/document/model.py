"""
What a document says, for every renderer: sections, texts, key figures, tables and figures.

The writers of the report, of the zones' sheets and of the check build these records; `html` and
`word` draw them. Nothing here knows how a document looks: colours, sizes and breaks are the
renderers', words like `gap` or `not_met` name what a thing means.
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

    from circle15.output.document.markup import Markup
    from circle15.study.languages import Language


Style = Literal["body", "caption", "source", "kicker", "verdict"]
Tone = Literal["warning", "important", "licence"]
Kind = Literal["t", "n", "c", "k"]
"""Of a column: `t` text, `n` numbers, `c` centred, `k` short keys and hashes."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a text."""

    text: Text
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Notice:
    """A text that must not be overlooked."""

    text: Text
    tone: Tone


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Short paragraphs close to each other; `small` ones are for looking things up."""

    texts: Sequence[Text]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Short facts in a row."""

    texts: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; a numbered one is the headline of a document."""

    texts: Sequence[Text]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms and what they are."""

    pairs: Sequence[tuple[Text, Text]]


@dataclass(frozen=True, slots=True)
class Legend:
    """What shapes in a table mean."""

    badges: Sequence[Badge]


Cell = Text | Decimal | Fraction | None
"""A number is an area or a count, exact; None is unknown or does not apply."""


class Column(NamedTuple):
    """A column of a table; a number stands on the right, and on one line."""

    heading: str
    kind: Kind = "t"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a note below it over the whole width."""

    cells: Sequence[Cell]
    note: Text


@dataclass(frozen=True, slots=True)
class WideRow:
    """A row of one cell over the whole width; `rule` and `summary` head the rows below them."""

    text: Text
    role: Literal["rule", "summary", "more"]


Line = Sequence[Cell] | Row | WideRow
"""Cells, as many as the table has columns; or with a note below them; or one over the width."""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table; the first cell of a row heads it.

    Attributes
    ----------
    name
        By which a style sheet finds it.
    summed
        Whether the last row is the sum of the others.
    grouped
        Whether rows without a first cell belong to the one above them.
    narrow
        Whether it takes only the width of its texts.
    sheet
        Sheet of the workbook that has every row: a printed paper may leave out some.
    """

    columns: Sequence[Column]
    rows: Sequence[Line]
    name: str | None = None
    summed: bool = False
    grouped: bool = False
    narrow: bool = False
    sheet: str | None = None


def cells_of(table: Table) -> list[Sequence[Cell]]:
    """Return the cells of a table row by row, without notes; a wide row has one."""
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
    """Two small tables."""

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
    """A text on a picture, at a place in its pixels; `x` is its middle or its end."""

    text: str
    x: int
    y: int
    role: Literal["street", "scale"]
    anchor: Literal["middle", "end"] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture without text; where a renderer can, it writes the labels over it."""

    png: bytes
    width: int
    height: int
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of a chart: its label, a picture without text (None: nothing is known), its numbers."""

    label: str
    png: bytes | None
    figures: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Strips:
    """
    A chart as pictures in rows, for papers that set the text themselves.

    Attributes
    ----------
    key
        Picture and meaning of each sign.
    ticks
        What stands at equal distances along the strips, from their left end to their right one.
    size
        Width and height of a strip in pixels.
    inset
        Pixels between its ends and the first and last tick.
    """

    key: Sequence[tuple[bytes, str]]
    ticks: Sequence[str]
    strips: Sequence[Strip]
    size: tuple[int, int]
    inset: int = 0


class Chart(Protocol):
    """A record of figures with two drawings: vectors for browsers, pictures for papers."""

    def svg(self, title: str) -> Markup:
        """Draw the chart as one SVG element; the title is read out in place of it."""

    def strips(self) -> Strips:
        """Draw the chart as pictures in rows."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """An entry of a picture's legend; without a glyph it heads those below it."""

    text: str
    glyph: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or a picture below its title; the title is read out in place of it."""

    title: str
    drawing: Chart | Picture
    caption: str | None = None
    legend: Sequence[LegendEntry] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """Room for the names of those who answer for a paper."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a document or a page."""

    title: str
    kicker: str | None = None
    blocks: Sequence[Block] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document; the first page of a report has no heading."""

    key: str
    heading: str | None
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of sections by their keys, where they can be jumped to."""

    heading: str
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of paper of its own; `key` is what it is about, such as the id of a zone."""

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
        As a browser names it.
    kind
        By which a style sheet finds it.
    study_title, as_of
        What a paper's properties and its margins say; `as_of` is its date, whatever the clock says.
    foot
        At the foot of every page; None leaves pages without head and foot.
    """

    title: str
    language: Language
    kind: Literal["report", "check", "zone-sheets"]
    blocks: Sequence[Block]
    study_title: str
    as_of: dt.date
    foot: str | None = None
