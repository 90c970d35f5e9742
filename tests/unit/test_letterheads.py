"""The letterhead of a bureau: what is taken from its files, and what is refused in one message."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from tests.builders.letterheads import head_docx, header_name, logo_png, repacked, with_field
from tests.builders.report_page import build_report
from tests.builders.report_result import make_result
from tests.builders.small_study import write_small
from tests.commands import heard

from circle15.errors import InputDataError
from circle15.inputs.letterheads import Letterhead, read_logo, read_word_head
from circle15.output.document.word.document import render_word
from circle15.output.report.document import report_document
from circle15.study.limits import LETTERHEAD, LOGO
from circle15.study.settings.output_tables import ReportSettings

RELS = "word/_rels/{}.rels"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def headed(folder, *, word=None, **settings):
    """A result with a letterhead: logo, organisation and, if given, a Word file."""
    result = make_result()
    report = ReportSettings(organisation="示例区<民政局>", **settings)
    head = None if word is None else read_word_head(word)
    assert report.organisation is not None
    letterhead = Letterhead(report.organisation, read_logo(logo_png(folder / "logo.png")), head)
    return replace(result, study=replace(result.study, report=report), letterhead=letterhead)


def written(folder, result):
    """The report in Word, opened again."""
    path = folder / "report.docx"
    path.write_bytes(render_word(report_document(result, "zh", code="AAAA-BBBB")))
    return Document(str(path))


def text_of(part):
    """All text of a header, footer or body."""
    return "".join(one.text or "" for one in part._element.iter(qn("w:t")))


def test_page_header_footer_and_fonts_are_those_of_the_letterhead(tmp_path):
    document = written(tmp_path, headed(tmp_path, word=head_docx(tmp_path / "head.docx")))
    section = document.sections[0]
    margins = [
        round(getattr(section, f"{side}_margin").mm) for side in ("top", "right", "bottom", "left")
    ]
    assert margins == [32, 22, 25, 22]
    assert text_of(section.header) == "示例区民政局"
    assert text_of(section.footer).startswith("示例路 1 号circle15")
    assert "AAAA-BBBB" in text_of(section.footer)  # what `verify` takes stays on every page
    image = next(iter(section.header.part.related_parts.values()))
    assert image.blob.startswith(b"\x89PNG")
    used = section.header.paragraphs[0].style
    assert used.name == "红头"
    assert used.font.size.pt == 20
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "FangSong"
    heading = document.styles["Heading 1"].element.rPr.rFonts
    assert heading.get(qn("w:eastAsia")) == "SimHei"
    assert "SECRET" not in "".join(p.text for p in document.paragraphs)
    # No table is wider than the page leaves room for.
    room = section.page_width - section.left_margin - section.right_margin
    widths = [int(one.get(qn("w:w"))) for one in document.element.iter(qn("w:tblW"))]
    assert max(widths) * 635 <= room + 635 * 20


def test_the_same_letterhead_gives_the_same_bytes(tmp_path):
    result = headed(tmp_path, word=head_docx(tmp_path / "head.docx"))
    one, two = (render_word(report_document(result, "zh")) for _ in range(2))
    assert one == two


def test_a_header_of_the_first_page_stays_there(tmp_path):
    word = head_docx(tmp_path / "head.docx", first=True)
    section = written(tmp_path, headed(tmp_path, word=word)).sections[0]
    assert section.different_first_page_header_footer
    assert text_of(section.first_page_header) == "示例区民政局"


def test_logo_organisation_and_signatories_without_a_word_file(tmp_path):
    result = headed(tmp_path, signatories=("编制：张工", "审核：<李>"))
    page = build_report(result, "zh")
    head = page.partition("<header>")[2].partition("</header>")[0]
    assert 'class="masthead"><img src="data:image/png;base64,' in head
    assert "示例区&lt;民政局&gt;" in head
    signing = page.partition('<div class="signing">')[2].partition("</div>")[0]
    assert signing == "<span>编制：张工</span><span>审核：&lt;李&gt;</span><span>日期</span>"
    document = written(tmp_path, result)
    assert document.paragraphs[0].text.strip() == "示例区<民政局>"
    assert document.paragraphs[0].style.name == "Masthead"
    cells = [cell.text for cell in document.tables[-1].rows[0].cells]
    assert cells == ["编制：张工", "审核：<李>", "日期"]


def external(content):
    """A relationship to a picture elsewhere."""
    one = f'<Relationship Id="rId9" Type="{IMAGE}" Target="https://e.org/a" TargetMode="External"/>'
    return content.replace(b"</Relationships>", one.encode() + b"</Relationships>")


def bomb(_):
    """XML of a few bytes that would grow to gigabytes."""
    return b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'


def embedded(content):
    """An object of another program in the header."""
    return content.replace(b"</w:hdr>", b"<w:p><w:r><w:object/></w:r></w:p></w:hdr>")


@pytest.mark.parametrize(
    ("member", "change", "fault"),
    [
        ("header", lambda _: b"<w:hdr", "has a damaged part"),
        ("header", bomb, "defines an entity"),
        ("header", embedded, "something linked or embedded (object)"),
        ("rels", external, "links to a place outside"),
        ("rels", lambda c: c.replace(b"media/", b"../../media/"), "lacks a part that it names"),
        ("rels", lambda c: c.replace(b"/image", b"/oleObject"), "embedded (oleObject)"),
        ("word/document.xml", lambda _: b"<a/>", "has no page with a header and a footer"),
        ("word/document.xml", lambda c: c.replace(b'w:w="11906"', b'w:w="x"'), "no valid size"),
        ("word/document.xml", lambda c: c.replace(b'w:w="11906"', b'w:w="4000"'), "room for text"),
        ("_rels/.rels", lambda _: None, "is no Word file"),
    ],
)
def test_a_hostile_letterhead_is_refused(tmp_path, member, change, fault):
    path = head_docx(tmp_path / "head.docx")
    name = header_name(path)
    names = {"header": name, "rels": RELS.format(name.rpartition("/")[2])}
    repacked(path, {names.get(member, member): change})
    with pytest.raises(InputDataError) as error:
        read_word_head(path)
    assert fault in str(error.value)
    assert str(error.value).startswith(f"{path}: ")


@pytest.mark.parametrize("pieces", [1, 4])
def test_a_field_that_loads_something_is_refused(tmp_path, pieces):
    path = with_field(tmp_path / "head.docx", 'INCLUDEPICTURE "//e.org/a"', pieces=pieces)
    with pytest.raises(InputDataError, match="the field 'INCLUDEPICTURE'"):
        read_word_head(path)
    assert read_word_head(with_field(tmp_path / "page.docx", " PAGE ")).parts


def test_what_is_no_word_file_is_refused(tmp_path):
    path = tmp_path / "head.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 an old .doc")
    with pytest.raises(InputDataError, match="cannot be read as a Word file"):
        read_word_head(path)
    path.write_bytes(head_docx(path).read_bytes()[:-200])
    with pytest.raises(InputDataError, match="cannot be read as a Word file"):
        read_word_head(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(LETTERHEAD.most + 1))
    with pytest.raises(InputDataError, match="when unpacked; the limit is 20,000,000 bytes"):
        read_word_head(path)
    bare = tmp_path / "bare.docx"
    Document().save(bare)
    with pytest.raises(InputDataError, match="has neither a header nor a footer"):
        read_word_head(bare)


def test_a_logo_is_a_picture_within_the_limits(tmp_path):
    path = tmp_path / "logo.png"
    for content in (b"", b"<svg onload='alert(1)'/>", logo_png(path).read_bytes()[:300]):
        path.write_bytes(content)
        with pytest.raises(InputDataError, match=r"logo.png: cannot be read as a picture \("):
            read_logo(path)
    path.write_bytes(os.urandom(LOGO.most + 1))
    with pytest.raises(InputDataError, match="the limit is 5,000,000 bytes"):
        read_logo(path)
    content = io.BytesIO()
    Image.new("1", (30_000, 1000)).save(content, "PNG")
    path.write_bytes(content.getvalue())
    with pytest.raises(InputDataError, match="has 30,000,000 pixels; the limit is 25,000,000"):
        read_logo(path)


def test_check_reads_the_letterhead(tmp_path, capfd):
    study = write_small(tmp_path)
    text = study.read_text("utf-8")
    head_docx(tmp_path / "head.docx")
    logo_png(tmp_path / "logo.png")
    study.write_text(text + '[report]\nletterhead = "head.docx"\nlogo = "logo.png"\n', "utf-8")
    assert heard(capfd, "check", study, "--lang", "en").code == 0
    (tmp_path / "head.docx").write_bytes(b"PK")
    said = heard(capfd, "check", study, "--lang", "en")
    assert said.code == 2
    assert "head.docx: cannot be read as a Word file" in said.err
    names = ", ".join(f'"{one}"' for one in range(7))
    study.write_text(text + f"[report]\nsignatories = [{names}]\n", "utf-8")
    said = heard(capfd, "check", study, "--lang", "en")
    assert said.code == 2
    assert "'report.signatories': lists 7 names; the limit is 6 names." in said.err
