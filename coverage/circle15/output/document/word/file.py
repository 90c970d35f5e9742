"""Create and pack Word files: fonts of both scripts, fixed dates, reproducible bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.opc.packuri import PackURI

    from circle15.study.languages import Language

LATIN: Final = "Arial"
EAST_ASIAN: Final = "Microsoft YaHei"
MONO: Final = "Courier New"
LONGEST_TITLE: Final = 200


def new_document(
    title: str, as_of: dt.date, language: Language, *, margin_mm: tuple[float, float]
) -> Doc:
    """
    Create an empty A4 document.

    Parameters
    ----------
    title, as_of
        Title and date of its properties; the time of the clock would change the bytes.
    margin_mm
        Left and right margin, and top and bottom margin.

    Returns
    -------
    A document set in the fonts `LATIN` and `EAST_ASIAN`, without space between paragraphs.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(margin_mm[0])
    section.top_margin = section.bottom_margin = Mm(margin_mm[1])
    _drop_thumbnail(document)
    normal: Any = document.styles["Normal"]
    set_fonts(normal)
    tongue = normal.element.rPr.find(qn("w:lang"))
    if tongue is None:
        tongue = OxmlElement("w:lang")
        normal.element.rPr.append(tongue)
    tongue.set(qn("w:val"), "en-GB")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    at = dt.datetime.combine(as_of, dt.time())
    about = document.core_properties
    about.title, about.author = printable(title)[:LONGEST_TITLE], "circle15"
    about.comments, about.last_modified_by = "", "circle15"
    about.created = about.modified = at
    about.language = {"zh": "zh-CN", "en": "en-GB"}[language]
    return document


def set_fonts(style: Any) -> None:
    """Set the fonts of a style; the theme's fonts are removed, as they would take precedence."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script, font in (
        ("ascii", LATIN),
        ("hAnsi", LATIN),
        ("cs", LATIN),
        ("eastAsia", EAST_ASIAN),
    ):
        fonts.set(qn(f"w:{script}"), font)


def _drop_thumbnail(document: Doc) -> None:
    """Remove the template's thumbnail, which shows an empty page in file managers."""
    links = document.part.package.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[key]


def append(document: Doc, blocks: str) -> None:
    """Append paragraphs and tables, given as WordprocessingML, to a document."""
    names = nsdecls("w", "r", "wp", "a", "pic")
    place = document.element.body.sectPr
    for block in parse_xml(f"<w:body {names}>{blocks}</w:body>"):
        place.addprevious(block)


def packed(document: Doc) -> bytes:
    """Pack a document as .docx bytes; the same document gives the same bytes at any time."""
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    parts = _Parts()
    # The public `save` of python-docx dates every part by the clock, and fails before 1980.
    writer: Any = PackageWriter
    writer._write_content_types_stream(parts, package.parts)
    writer._write_pkg_rels(parts, package.rels)
    writer._write_parts(parts, package.parts)
    return _packed(parts.written)


class _Parts:
    """Collects the parts of a document that python-docx writes."""

    def __init__(self) -> None:
        self.written: dict[str, bytes] = {}

    def write(self, uri: PackURI, blob: bytes) -> None:
        self.written[uri.membername] = blob


def _packed(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        names = sorted(members, key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the operating system would change the bytes
            entry.external_attr = 0o600 << 16
            made.writestr(entry, members[name])
    return packed.getvalue()
