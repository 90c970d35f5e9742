"""Render a document as a Word file with named styles, to be edited, circulated and signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, assert_never

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

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
    Section,
    SideBySide,
    Signing,
    Subheading,
    Table,
)
from circle15.output.document.texts import SHAPES, plain
from circle15.output.document.word.figures import Figures, cards, signing
from circle15.output.document.word.file import append, new_document, packed
from circle15.output.document.word.letterhead import counts_pages, take_letterhead
from circle15.output.document.word.styles import add_styles
from circle15.output.document.word.tables import pairs, style, table
from circle15.output.document.word.text import COLOURS, RunLook, run, runs
from circle15.output.text.wording import printable, shortened
from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.document import Document as Doc

    from circle15.inputs.letterheads import WordHead
    from circle15.output.document.model import Block, Document, Style, Tone
    from circle15.output.document.texts import Text

_TWIPS_PER_MM: Final = 1440 / 25.4
_STYLES: Final[dict[Style, str]] = {
    "body": "BodyText",
    "caption": "Caption",
    "source": "Caption",
    "kicker": "Kicker",
    "verdict": "Verdict",
}
_NOTICES: Final[dict[Tone, str]] = {
    "warning": "Warning",
    "important": "Notice",
    "licence": "Notice",
}


@dataclass(frozen=True)
class Paper:
    """
    Page layout of a document on A4.

    Attributes
    ----------
    margin_mm
        Left and right margin, and top and bottom margin.
    title
        Style of the title of a document or page.
    numbered
        Whether sections are numbered and the first one starts a new page; if not, they are plain
        headings within a page.
    logo_mm
        Height of a logo.
    tallest_mm
        Height of the tallest picture.
    sizes, line_heights
        Points, by style, where they differ from those of the report.
    """

    margin_mm: tuple[float, float]
    title: str
    numbered: bool
    logo_mm: float
    tallest_mm: float
    sizes: Mapping[str, float] = field(default_factory=dict)
    line_heights: Mapping[str, float] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Width of the text area, twentieths of a point."""
        return round((210 - 2 * self.margin_mm[0]) * _TWIPS_PER_MM)

    def under(self, head: WordHead | None) -> int:
        """Width of the text area on the page of a letterhead, twentieths of a point."""
        if head is None:
            return self.width
        return head.size[0] - head.margins["left"] - head.margins["right"]

    def tallest_under(self, head: WordHead | None) -> float:
        """Height of the tallest picture, less by what a letterhead takes, millimetres."""
        if head is None:
            return self.tallest_mm
        high = head.size[1] - abs(head.margins["top"]) - abs(head.margins["bottom"])
        return self.tallest_mm + high / _TWIPS_PER_MM - (297 - 2 * self.margin_mm[1])


# The map then fits on the first page, below the headline and key figures.
REPORT: Final = Paper((17, 19), "Title", numbered=True, logo_mm=13, tallest_mm=78)
SHEETS: Final = Paper(
    (12, 9),
    "Heading1",
    numbered=False,
    logo_mm=8,
    tallest_mm=180,
    sizes={
        "Normal": 8.0,
        "Heading 1": 15.0,
        "Heading 2": 9.5,
        "Body Text": 8.0,
        "Caption": 7.0,
        "Kicker": 7.5,
        "Facts": 8.0,
        "Notice": 9.5,
        "Warning": 7.0,
        "Signing": 8.0,
    },
    # The longest possible zone sheet has to fit on one page.
    line_heights={
        "Body Text": 10.5,
        "Caption": 9.0,
        "Facts": 10.5,
        "Warning": 9.0,
        "Table Text": 10.5,
        "Table Number": 10.5,
        "Table Centred": 10.5,
        "Table Key": 10.0,
    },
)
PAPERS: Final = {"report": REPORT, "check": REPORT, "zone-sheets": SHEETS}

_GAP: Final = f"<w:p>{style('TableGap')}</w:p>"
"""A gap below a table; Word merges adjacent tables."""


def render_word(document: Document) -> bytes:
    """
    Render a document as a Word file.

    It has the words and numbers of the HTML page in the same order; charts are pictures, and a
    long table is cut where the workbook has all its rows. The same document gives the same bytes.
    """
    paper = PAPERS[document.kind]
    file = new_document(
        document.study_title, document.as_of, document.language, margin_mm=paper.margin_mm
    )
    add_styles(file)
    head = document.word_head
    if head is not None:
        take_letterhead(file, head, every_page=not paper.numbered)
    if paper.sizes:
        _tighten(file.styles, paper)
    if document.foot is not None:
        if head is None:
            _head(file, document.study_title)
        _foot(file, document.foot, numbered=head is None or not counts_pages(head))
    written = "".join(_Writer(file, document, paper).blocks(document.blocks))
    append(file, written + _GAP * written.endswith("</w:tbl>"))
    return packed(file)


class _Writer:
    """Renders blocks as WordprocessingML paragraphs and tables."""

    def __init__(self, file: Doc, document: Document, paper: Paper) -> None:
        self.file = file
        self.document = document
        self.paper = paper
        self.width = paper.under(document.word_head)
        self.figures = Figures(file, self.width, tallest_mm=paper.tallest_under(document.word_head))
        self.gap = _GAP if paper.numbered else ""
        self.parts = 0
        self.pages = 0

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph():
                yield _paragraph(block.text, _STYLES[block.style])
            case Notice():
                yield _paragraph(block.text, _NOTICES[block.tone])
            case Subheading():
                yield _paragraph(block.text, "Heading2", kept=True)
            case Footer():
                yield _paragraph(block.text, "Caption")
            case Header() | Section() | Page() | Contents():
                yield from self._frame(block)
            case Lines() | Facts() | Listing() | Legend():
                yield from self._several(block)
            case Table() | SideBySide() | Figure() | KeyFigures() | Signing() | Definitions():
                yield from self._laid_out(block)
            case _:
                assert_never(block)

    def _frame(self, block: Header | Section | Page | Contents) -> Iterator[str]:
        """Render a block that contains other blocks."""
        match block:
            case Header():
                yield from self._header(block)
            case Section():
                yield from self._heading(block)
                written = "".join(self.blocks(block.blocks))
                # A gap at the end of a full first page would make an empty second one.
                yield written.removesuffix(_GAP) if block.heading is None else written
            case Page():
                yield from self._header(block.header, new_page=self.pages > 0)
                self.pages += 1
                yield from self.blocks(block.blocks)
            case Contents():
                return  # links within a page are of no use on paper

    def _laid_out(
        self, block: Table | SideBySide | Figure | KeyFigures | Signing | Definitions
    ) -> Iterator[str]:
        """Render a block that is laid out in rows and columns."""
        match block:
            case Table():
                yield self._table(block)
            case SideBySide():
                yield from map(self._table, block.tables)
            case Figure():
                yield self.figures.figure(block) + _GAP
            case KeyFigures():
                yield cards(block, self.width) + _GAP
            case Signing():
                yield _GAP + signing(block, self.width) + self.gap
            case Definitions():
                yield pairs(block.pairs, self.width) + _GAP

    def _header(self, header: Header, *, new_page: bool = False) -> Iterator[str]:
        if header.masthead is not None and self.document.word_head is None:
            yield self.figures.masthead(header.masthead, self.paper.logo_mm, new_page=new_page)
            new_page = False
        if header.kicker is not None:
            yield _paragraph(header.kicker, "Kicker", new_page=new_page)
        starts = new_page and header.kicker is None
        yield _paragraph(header.title, self.paper.title, new_page=starts)
        yield from self.blocks(header.blocks)

    def _heading(self, section: Section) -> Iterator[str]:
        if section.heading is None:
            return
        if not self.paper.numbered:
            yield _paragraph(section.heading, "Heading2", kept=True)
            return
        self.parts += 1
        text = run(f"{self.parts}\u2002") + run(section.heading)
        marks = style("Heading1", kept=True, new_page=self.parts == 1)
        yield f"<w:p>{marks}{text}</w:p>"

    def _several(self, block: Lines | Facts | Listing | Legend) -> Iterator[str]:
        match block:
            case Lines():
                named = "Caption" if block.small else "BodyText"
                yield from (_paragraph(text, named) for text in block.texts)
            case Facts():
                yield f"<w:p>{style('Facts')}{run(' · '.join(map(plain, block.texts)))}</w:p>"
            case Legend():
                signs = (
                    run(
                        f"{SHAPES[one.word]}\u00a0{one.text}\u2003",
                        RunLook(colour=COLOURS[one.word]),
                    )
                    for one in block.badges
                )
                yield f"<w:p>{style('Caption')}{''.join(signs)}</w:p>"
            case Listing(numbered=False):
                yield from (_paragraph(text, "ListBullet") for text in block.texts)
            case Listing():
                number = _new_list(self.file)
                marks = (
                    '<w:pPr><w:pStyle w:val="ListNumber"/><w:numPr><w:ilvl w:val="0"/>'
                    f'<w:numId w:val="{number}"/></w:numPr></w:pPr>'
                )
                yield from (f"<w:p>{marks}{runs(text)}</w:p>" for text in block.texts)

    def _table(self, block: Table) -> str:
        return table(block, self.width, more=self._more) + self.gap

    def _more(self, count: int, sheet: str) -> str:
        return say("document.more_rows", self.document.language, count=count, sheet=sheet)


def _paragraph(text: Text, named: str, *, kept: bool = False, new_page: bool = False) -> str:
    return f"<w:p>{style(named, kept=kept, new_page=new_page)}{runs(text)}</w:p>"


def _new_list(file: Doc) -> int:
    """Add a numbered list that starts at 1; return its numbering id."""
    numbering: Any = file.part.numbering_part.element
    base = file.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(n.abstractNumId.val for n in numbering.num_lst if n.numId == base)
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    number: int = made.numId
    return number


def _head(file: Doc, title: str) -> None:
    """Set the header of all pages but the first: the title."""
    section = file.sections[0]
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = printable(shortened(title, 60))


def _foot(file: Doc, foot: str, *, numbered: bool) -> None:
    """Add `foot` and, if asked, the page number to the footers; below those of a letterhead."""
    section = file.sections[0]
    footers = [section.footer]
    if section.different_first_page_header_footer:
        footers.append(section.first_page_footer)
    if file.settings.odd_and_even_pages_header_footer:
        footers.append(section.even_page_footer)
    for footer in footers:
        paragraph = footer.paragraphs[0]
        if footer.tables or len(footer.paragraphs) > 1 or paragraph.runs:
            paragraph = footer.add_paragraph(style="Footer")
        paragraph.add_run(f"{foot}\t\t" if numbered else foot)
        if not numbered:
            continue
        for k, name in enumerate(("PAGE", "NUMPAGES")):
            if k:
                paragraph.add_run(" / ")
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), name)
            simple.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
            paragraph._p.append(simple)


def _tighten(styles: Any, paper: Paper) -> None:
    for name, size in paper.sizes.items():
        styles[name].font.size = Pt(size)
        styles[name].paragraph_format.space_after = Pt(0)
    # The line height of Chinese fonts is 1.5 times their size; small print needs less.
    for name, points in paper.line_heights.items():
        styles[name].paragraph_format.line_spacing = Pt(points)
    styles["Heading 1"].paragraph_format.space_before = Pt(0)
    styles["Heading 2"].paragraph_format.space_before = Pt(4)
    styles["Heading 2"].paragraph_format.space_after = Pt(1)
    styles["Signing"].paragraph_format.space_before = Pt(4)
    styles["Signing"].paragraph_format.space_after = Pt(14)
