"""Styles of the Word files, so that an editor can change all headings or tables at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from circle15.output.document.word.file import set_fonts

if TYPE_CHECKING:
    from docx.document import Document as Doc

INK, SOFT, RED = "1C2733", "5A6672", "8A1C1C"
_TEXT_WIDTH_MM: Final = 176


def add_styles(document: Doc) -> None:
    """Add the styles of the report to a new document; Word's built-in styles keep their names."""
    _known(document, "Normal", 10, after=0)
    _known(document, "Title", 22, bold=True, after=3)
    _known(document, "Heading 1", 14, bold=True, before=16, after=5)
    _known(document, "Heading 2", 11.5, bold=True, before=10, after=3)
    _known(document, "Body Text", 10, after=5)
    _known(document, "Caption", 8.5, colour=SOFT, after=6)
    _known(document, "List Number", 11, after=4)
    _known(document, "List Bullet", 9.5, after=2)
    _known(document, "Header", 8, colour=SOFT)
    _known(document, "Footer", 8, colour=SOFT)
    _no_line(document, "Title")
    for key, name, size, colour in (
        ("Masthead", "Masthead", 12, INK),
        ("Kicker", "Kicker", 9.5, SOFT),
        ("Facts", "Facts", 9, SOFT),
        ("Warning", "Warning", 9.5, RED),
        ("Notice", "Notice", 9.5, INK),
        ("FigureTitle", "Figure Title", 10, INK),
        ("Picture", "Picture", 10, INK),
        ("Signing", "Signing", 10, INK),
        ("Verdict", "Verdict", 9.5, INK),
        ("TableText", "Table Text", 8, INK),
        ("TableNumber", "Table Number", 8, INK),
        ("TableCentred", "Table Centred", 8, INK),
        ("TableKey", "Table Key", 7.5, INK),
        ("TableGap", "Table Gap", 5, INK),
    ):
        _own(document, key, name, size, colour)
    _arrange(document)
    for styled in _TABLE_STYLES:
        document.styles.element.append(parse_xml(styled))


def _known(
    document: Doc,
    name: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
    before: float = 0,
    after: float = 0,
) -> None:
    style: Any = document.styles[name]
    set_fonts(style)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _own(document: Doc, key: str, name: str, size: float, colour: str) -> None:
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.styleId = key
    style.base_style = document.styles["Normal"]
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)


def _arrange(document: Doc) -> None:
    """Set spacing, alignment and borders of individual styles."""
    styles: Any = document.styles
    styles["Warning"].font.bold = styles["Notice"].font.bold = True
    styles["Warning"].paragraph_format.space_after = Pt(5)
    styles["Facts"].paragraph_format.space_after = Pt(5)
    styles["Masthead"].font.bold = True
    styles["Masthead"].paragraph_format.space_after = Pt(6)
    styles["Notice"].paragraph_format.space_after = Pt(5)
    styles["Signing"].paragraph_format.space_before = Pt(26)
    styles["Picture"].paragraph_format.space_after = Pt(4)
    styles["Figure Title"].font.bold = True
    styles["Figure Title"].paragraph_format.keep_with_next = True
    styles["Table Number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    styles["Table Centred"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, colour, side in (("Warning", RED, "left"), ("Notice", "B4530A", "left")):
        styles[name].element.get_or_add_pPr().insert_element_before(
            parse_xml(
                f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="24" w:space="6" '
                f'w:color="{colour}"/></w:pBdr>'
            ),
            "w:shd",
            "w:tabs",
            "w:spacing",
            "w:ind",
            "w:jc",
        )
    stops = styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(_TEXT_WIDTH_MM / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Mm(_TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)


def _no_line(document: Doc, name: str) -> None:
    """Remove the line that Word draws below a title."""
    properties: Any = document.styles[name].element.pPr
    for line in properties.xpath("w:pBdr"):
        properties.remove(line)


_HEAD: Final = '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
_MARGINS: Final = (
    '<w:tblCellMar><w:top w:w="25" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
    '<w:bottom w:w="25" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
)
_LINES: Final = (
    f'<w:top w:val="single" w:sz="8" w:color="{INK}"/>'
    '<w:bottom w:val="single" w:sz="4" w:color="C9D1D9"/>'
    '<w:insideH w:val="single" w:sz="4" w:color="C9D1D9"/>'
)
_WITH_HEAD: Final = (
    f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Circle15Table">'
    f'<w:name w:val="circle15 Table"/>{_HEAD}<w:tblPr><w:tblBorders>'
    f"{_LINES}</w:tblBorders>"
    f"{_MARGINS}</w:tblPr>"
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
    f'<w:bottom w:val="single" w:sz="8" w:color="{INK}"/></w:tcBorders>'
    '<w:shd w:val="clear" w:color="auto" w:fill="E8EEF4"/><w:vAlign w:val="bottom"/></w:tcPr>'
    '</w:tblStylePr><w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
    f'<w:top w:val="single" w:sz="8" w:color="{INK}"/></w:tcBorders></w:tcPr></w:tblStylePr>'
    "</w:style>"
)
_WITHOUT_HEAD: Final = (
    f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Circle15Rows">'
    f'<w:name w:val="circle15 Rows"/>{_HEAD}<w:tblPr><w:tblBorders>{_LINES}</w:tblBorders>'
    f"{_MARGINS}</w:tblPr></w:style>"
)
_WITHOUT_LINES: Final = (
    f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Circle15Plain">'
    f'<w:name w:val="circle15 Plain"/>{_HEAD}<w:tblPr>{_MARGINS}</w:tblPr></w:style>'
)
_TABLE_STYLES: Final = (_WITH_HEAD, _WITHOUT_HEAD, _WITHOUT_LINES)
