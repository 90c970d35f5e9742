"""Word files with a letterhead as a bureau would make them, and damaged ones."""

from __future__ import annotations

import io
import zipfile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image, ImageDraw


def logo_png(path, *, size=(240, 240)):
    """A red disc with a white bar."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, size[0] - 5, size[1] - 5), fill=(178, 24, 24, 255))
    draw.rectangle((size[0] // 4, size[1] // 2 - 12, size[0] * 3 // 4, size[1] // 2 + 12), "white")
    image.save(path, "PNG")
    return path


def head_docx(path, *, first=False, picture=True, margins_mm=(32, 22, 25, 22)):
    """
    A letterhead: organisation in red in the header, address in the footer.

    Text is in FangSong, headings in SimHei; margins are top, right, bottom, left.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    sides = ("top", "right", "bottom", "left")
    for side, millimetres in zip(sides, margins_mm, strict=True):
        setattr(section, f"{side}_margin", Mm(millimetres))
    section.header_distance, section.footer_distance = Mm(12), Mm(12)
    fonts(document.styles["Normal"], "Times New Roman", "FangSong")
    fonts(document.styles["Heading 1"], "Arial", "SimHei")
    document.styles["Heading 1"].font.color.rgb = RGBColor(0xB2, 0x18, 0x18)
    own = document.styles.add_style("红头", 1)
    own.font.size, own.font.bold = Pt(20), True
    own.font.color.rgb = RGBColor(0xC0, 0x00, 0x00)
    fonts(own, "Arial", "SimHei")
    section.different_first_page_header_footer = first
    for header in (section.header, *((section.first_page_header,) if first else ())):
        paragraph = header.paragraphs[0]
        paragraph.style = own
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if picture:
            content = io.BytesIO()
            Image.new("RGB", (60, 60), (178, 24, 24)).save(content, "PNG")
            paragraph.add_run().add_picture(content, height=Mm(9))
        paragraph.add_run("示例区民政局")
    footer = section.footer.paragraphs[0]
    footer.text = "示例路 1 号"
    document.add_paragraph("SECRET BODY 这里的正文不会进入报告。")
    document.save(path)
    return path


def fonts(style, latin, chinese):
    """Set the fonts of a style for both scripts."""
    found = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(found.attrib):
        del found.attrib[key]
    for key, font in (("ascii", latin), ("hAnsi", latin), ("eastAsia", chinese)):
        found.set(qn(f"w:{key}"), font)


def with_field(path, instruction, *, pieces=1):
    """A letterhead whose header has a field; the instruction may be split over several runs."""
    head_docx(path, picture=False)
    document = Document(path)
    paragraph = document.sections[0].header.paragraphs[0]
    step = -(-len(instruction) // pieces)
    parts = [instruction[k : k + step] for k in range(0, len(instruction), step)]
    for kind, text in (("begin", None), *((None, part) for part in parts), ("end", None)):
        run = paragraph.add_run()
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    document.save(path)
    return path


def repacked(path, changes):
    """Rewrite members of a Word file; each change takes the old bytes, None removes a member."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        content = change(members.get(name, b""))
        members.pop(name, None)
        if content is not None:
            members[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def header_name(path):
    """Name of the first header in a Word file."""
    with zipfile.ZipFile(path) as archive:
        return next(name for name in archive.namelist() if name.startswith("word/header"))
