"""Write `report.docx`: the report as a Word file with real styles, to be edited and circulated."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from circle15.output.document.docx_figures import cards, figure, signing
from circle15.output.document.docx_file import append, new_document, packed
from circle15.output.document.docx_styles import add_styles
from circle15.output.document.docx_tables import pairs, style, table
from circle15.output.document.docx_text import SKIPPED, classes, run, runs
from circle15.output.text.wording import Words, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from docx.document import Document as Doc

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

MOST_ROWS: Final = 60
"""Rows of one table in the Word file; the workbook has all of them."""

SHEET_OF: Final = {
    "streets": "streets", "communities": "communities", "residential": "residential",
    "issues": "issues",
}  # fmt: skip
"""Sections whose tables may be cut, and the sheet of the workbook that has every row."""

_MARGIN_MM: Final = (17, 19)
_TEXT_MM: Final = 210 - 2 * _MARGIN_MM[0]
_TWIPS_PER_MM: Final = 1440 / 25.4
_PAGE: Final = round(_TEXT_MM * _TWIPS_PER_MM)
_PARAGRAPHS: Final = {
    "kicker": "Kicker", "caption": "Caption", "source": "Caption", "synthetic": "Warning",
    "first": "Notice", "attribution": "Notice",
}  # fmt: skip
_STYLE_OF: Final = {
    "h1": "Title", "h3": "Heading2", "p": "BodyText", "footer": "Caption", "figcaption": "Caption",
}  # fmt: skip
_DRAWN: Final = frozenset({"cards", "signing"})
_CONTAINERS: Final = frozenset({"body", "main", "section", "header", "div", "article"})


def write_report_document(page: str, result: StudyResult, path: Path, language: Language) -> None:
    """
    Write the report as a Word file.

    Parameters
    ----------
    page
        `report.html` as `build_report` makes it: the file says the same words and numbers in the
        same order. Drawings of the browser are left out, pictures stay; tables of more than
        `MOST_ROWS` rows are cut where the workbook has them whole.

    The same page gives the same bytes.
    """
    words = Words(language, result.study)
    document = new_document(result.study, language, margin_mm=_MARGIN_MM)
    add_styles(document)
    _footer(document, words)
    body = page[page.index("<body") : page.rindex("</body>") + len("</body>")]
    # Word breaks where it likes: a place for a break would only part the text into pieces.
    root = ElementTree.fromstring(body.replace("<wbr/>", ""))
    blocks = "".join(_Writer(document, words).blocks(root))
    append(document, blocks)
    path.write_bytes(packed(document))


class _Writer:
    """Turns the elements of the report into Word's paragraphs and tables."""

    def __init__(self, document: Doc, words: Words) -> None:
        self.document = document
        self.words = words
        self.section = ""
        self.parts = 0

    def blocks(self, element: Element) -> Iterator[str]:
        for child in element:
            yield from self._block(child)

    def _block(self, element: Element) -> Iterator[str]:
        names = classes(element)
        tag = str(element.tag)
        if tag in SKIPPED:
            return
        if tag in _STYLE_OF:
            named = next((_PARAGRAPHS[n] for n in names if n in _PARAGRAPHS), _STYLE_OF[tag])
            yield _paragraph(element, named, kept=tag == "h3")
        elif tag in _CONTAINERS and not _DRAWN.intersection(names):
            if tag == "section":
                self.section = element.get("id") or ""
            yield from self.blocks(element)
        else:
            yield from self._drawn(element, names)

    def _drawn(self, element: Element, names: list[str]) -> Iterator[str]:
        match element.tag:
            case "h2":
                yield self._heading(element)
            case "ul" | "ol":
                yield from self._list(element, names)
            case "table":
                yield self._table(element)
            case "dl":
                yield pairs([(one[0], one[1]) for one in element], _PAGE) + _GAP
            case "figure" | "img":
                yield figure(element, self.document, _PAGE)
            case "div" if "cards" in names:
                yield cards(element, _PAGE) + _GAP
            case "div":
                yield _GAP + signing(element, _PAGE) + _GAP
            case _:
                yield _paragraph(element, "BodyText")

    def _heading(self, element: Element) -> str:
        """Number a part as the printed page does; the first one begins behind the first page."""
        self.parts += 1
        text = run(f"{self.parts}\u2002") + "".join(runs(element))
        new_page = "<w:pageBreakBefore/>" if self.parts == 1 else ""
        properties = f'<w:pStyle w:val="Heading1"/><w:keepNext/>{new_page}'
        return f"<w:p><w:pPr>{properties}</w:pPr>{text}</w:p>"

    def _list(self, element: Element, names: list[str]) -> Iterator[str]:
        if "facts" in names:
            text = run(" · ").join("".join(runs(item)) for item in element)
            yield f"<w:p>{style('Facts')}{text}</w:p>"
            return
        number = _new_list(self.document) if element.tag == "ol" else None
        for item in element:
            if number is None:
                yield _paragraph(item, "ListBullet")
                continue
            properties = (
                '<w:pPr><w:pStyle w:val="ListNumber"/><w:numPr><w:ilvl w:val="0"/>'
                f'<w:numId w:val="{number}"/></w:numPr></w:pPr>'
            )
            yield f"<w:p>{properties}{''.join(runs(item))}</w:p>"

    def _table(self, element: Element) -> str:
        sheet = SHEET_OF.get(self.section)
        if sheet is None:
            return table(element, _PAGE) + _GAP
        name = self.words.say(f"workbook.{sheet}")
        more = partial(self._more, sheet=name)
        return table(element, _PAGE, most=MOST_ROWS, more=more) + _GAP

    def _more(self, count: int, *, sheet: str) -> str:
        return self.words.say("document.more_rows", count=count, sheet=sheet)


_GAP: Final = f"<w:p>{style('TableGap')}</w:p>"
"""Room below a table; Word joins tables that nothing parts."""


def _paragraph(element: Element, named: str, *, kept: bool = False) -> str:
    return f"<w:p>{style(named, kept=kept)}{''.join(runs(element))}</w:p>"


def _new_list(document: Doc) -> int:
    """Begin a numbered list at 1; return its number."""
    numbering: Any = document.part.numbering_part.element
    base = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(n.abstractNumId.val for n in numbering.num_lst if n.numId == base)
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    number: int = made.numId
    return number


def _footer(document: Doc, words: Words) -> None:
    """Print the title at the top, and at the foot the date of the figures and the page."""
    section = document.sections[0]
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    study = words.study
    section.header.paragraphs[0].text = printable(shortened(study.title, 60))
    as_of = words.say("report.as_of", date=study.as_of)
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.add_run(f"circle15 · {as_of}\t\t")
        for k, field in enumerate(("PAGE", "NUMPAGES")):
            if k:
                paragraph.add_run(" / ")
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), field)
            simple.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
            paragraph._p.append(simple)
