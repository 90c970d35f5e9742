"""
The letterhead of a bureau: its logo, and page, header, footer and styles of a Word file.

Of the Word file only what is listed here is taken; nothing in it may refer to anything outside.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from xml.etree import ElementTree as ET

from PIL import Image

from circle15.errors import InputDataError, clause
from circle15.inputs.formats.packed import require_modest, require_plain_xml
from circle15.study.limits import LETTERHEAD, LOGO, LOGO_PIXELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from circle15.study.settings.output_tables import ReportSettings

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VML: Final = ("{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}")
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PICTURES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".emf": "image/x-emf",
    ".wmf": "image/x-wmf",
}
_FOREIGN: Final = frozenset({"object", "OLEObject", "control", "altChunk", "subDoc", "movie"})
"""Elements that hold or load something else than text, drawings and pictures."""
_FIELDS: Final = frozenset(
    {
        "PAGE",
        "NUMPAGES",
        "SECTION",
        "SECTIONPAGES",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "TITLE",
        "SUBJECT",
        "AUTHOR",
        "FILENAME",
        "STYLEREF",
        "=",
    }
)
"""Fields that load nothing."""
_LEAST_TEXT_MM: Final = 100
_TWIPS_PER_MM: Final = 1440 / 25.4
_LOGO_PX: Final = (1200, 300)
_SIDES: Final = ("top", "right", "bottom", "left", "header", "footer")
_WORD: Final = "Save it in Word as a document (.docx) with header and footer."

On = Literal["default", "first", "even"]


@dataclass(frozen=True, slots=True)
class HeadPicture:
    """A picture of a header or footer: its relationship id, media type, suffix and content."""

    id: str
    media_type: str
    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True)
class HeadPart:
    """A header or footer as WordprocessingML, the pages that it is on, and its pictures."""

    kind: Literal["header", "footer"]
    on: On
    xml: bytes
    pictures: tuple[HeadPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class WordHead:
    """
    What is taken from a Word file.

    Attributes
    ----------
    parts
        Its headers and footers.
    size
        Width and height of the page, twentieths of a point.
    margins
        Margins and distances of header and footer, twentieths of a point, by name.
    first, even
        Whether the first page, and even pages, have headers and footers of their own.
    styles, theme
        The parts with its styles and its fonts; empty without one.
    """

    parts: tuple[HeadPart, ...]
    size: tuple[int, int]
    margins: Mapping[str, int]
    first: bool
    even: bool
    styles: bytes = b""
    theme: bytes = b""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as PNG, and its size in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The letterhead of report and zone sheets; empty for a study that states none."""

    organisation: str = ""
    logo: Logo | None = None
    word: WordHead | None = None

    @property
    def is_shown(self) -> bool:
        """Whether a page is headed by a logo or an organisation."""
        return bool(self.organisation or self.logo)


def read_letterhead(settings: ReportSettings) -> Letterhead:
    """
    Read the files of a letterhead.

    Raises
    ------
    InputDataError
        If one is damaged, too large, or refers to something outside of it.
    """
    logo = None if settings.logo is None else read_logo(settings.logo)
    word = None if settings.letterhead is None else read_word_head(settings.letterhead)
    return Letterhead(settings.organisation or "", logo, word)


def read_logo(path: Path) -> Logo:
    """
    Read a logo, PNG or JPEG, and return it as PNG without anything but its pixels.

    Raises
    ------
    InputDataError
        If it is no such picture, damaged, or larger than the limits.
    """
    size = path.stat().st_size
    if size > LOGO.most:
        raise LOGO.fault(f"has {size:,} bytes", file=path)
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            pixels = picture.width * picture.height
            if pixels > LOGO_PIXELS.most:
                raise LOGO_PIXELS.fault(f"has {pixels:,} pixels", file=path)
            made = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, zlib.error, Image.DecompressionBombError) as error:
        if isinstance(error, InputDataError):
            raise
        text = str(error).partition("<")[0] or type(error).__name__  # no address of an object
        found = f"cannot be read as a picture ({clause(text)})."
        raise InputDataError(found, file=path, mend="Save it as PNG or JPEG.") from None
    made.thumbnail(_LOGO_PX)
    content = io.BytesIO()
    made.save(content, "PNG")
    return Logo(content.getvalue(), made.width, made.height)


def read_word_head(path: Path) -> WordHead:
    """
    Read page, headers, footers and styles of a Word file.

    Raises
    ------
    InputDataError
        If it is not such a file, is damaged or too large, has no header and footer, or one that
        refers to something outside.
    """
    size = path.stat().st_size
    if size > LETTERHEAD.most:
        raise LETTERHEAD.fault(f"has {size:,} bytes", file=path)
    try:
        with zipfile.ZipFile(path) as archive:
            require_modest(path, archive.infolist(), LETTERHEAD)
            return _Package(path, archive).head()
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        zlib.error,
        UnicodeDecodeError,
    ) as error:
        found = f"cannot be read as a Word file ({clause(error)})."
        raise InputDataError(found, file=path, mend=_WORD) from None
    except RuntimeError as error:  # what zipfile raises for a password
        if "password" not in str(error):
            raise
        found = "is locked with a password."
        raise InputDataError(found, file=path, mend="Save it without one.") from None


class _Package:
    """The parts of one Word file."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.archive = archive
        self.names = set(archive.namelist())

    def head(self) -> WordHead:
        """Return what is taken from the file."""
        main = self._of_kind("", "officeDocument")
        if main is None:
            raise self._fault("is no Word file.")
        found = self._xml(main).find(f"{_W}body")
        section = None if found is None else found.find(f"{_W}sectPr")
        if section is None:
            raise self._fault("has no page with a header and a footer.")
        related = self._related(main)
        parts = tuple(self._head_parts(section, related))
        if not parts:
            raise self._fault("has neither a header nor a footer.")
        size, margins = self._page(section)
        settings = self._of_kind(main, "settings")
        even = settings is not None and _is_on(self._xml(settings), "evenAndOddHeaders")
        styles, theme = (self._of_kind(main, kind) for kind in ("styles", "theme"))
        return WordHead(
            parts,
            size,
            margins,
            first=_is_on(section, "titlePg"),
            even=even,
            styles=b"" if styles is None else self._checked(styles),
            theme=b"" if theme is None else self._checked(theme),
        )

    def _head_parts(
        self, section: ET.Element, related: dict[str, ET.Element]
    ) -> Iterator[HeadPart]:
        kinds: tuple[Literal["header", "footer"], ...] = ("header", "footer")
        for kind in kinds:
            for one in section.findall(f"{_W}{kind}Reference"):
                on = one.get(f"{_W}type", "default")
                relation = related.get(one.get(f"{_R}id", ""))
                if on not in {"default", "first", "even"} or relation is None:
                    raise self._fault(f"has a damaged {kind}.")
                name = self._target(relation, "word/document.xml")
                xml = self._checked(name)
                self._require_own(ET.fromstring(xml), kind)
                yield HeadPart(kind, cast("On", on), xml, tuple(self._pictures(name, kind)))

    def _pictures(self, part: str, kind: str) -> Iterator[HeadPicture]:
        for key, relation in self._related(part).items():
            if relation.get("Type") != f"{_RELATION}image":
                what = str(relation.get("Type", "")).rpartition("/")[2][:40]
                mend = "Keep text, drawings and pictures only."
                raise self._fault(f"has a {kind} with something linked or embedded ({what}).", mend)
            name = self._target(relation, part)
            suffix = posixpath.splitext(name)[1].lower()
            if suffix not in _PICTURES:
                raise self._fault(
                    f"has a {kind} with a picture of the kind {suffix[:8]!r}.",
                    "Save that picture as PNG.",
                )
            yield HeadPicture(key, _PICTURES[suffix], suffix, self._content(name))

    def _require_own(self, root: ET.Element, kind: str) -> None:
        """Refuse a header or footer that refers to something outside, or loads it."""
        for one in root.iter():
            space, _, name = str(one.tag).rpartition("}")
            outside = f"{space}}}" in _VML and {"src", "href"} & set(one.attrib)
            if name in _FOREIGN or outside:
                mend = "Keep text, drawings and pictures only."
                raise self._fault(f"has a {kind} with something linked or embedded ({name}).", mend)
        for text in _fields(root):
            word = text.split()[0].upper() if text.split() else ""
            if word and word not in _FIELDS and not word.startswith("="):
                mend = "Replace the field by its text."
                raise self._fault(f"has a {kind} with the field {word[:20]!r}.", mend)

    def _page(self, section: ET.Element) -> tuple[tuple[int, int], dict[str, int]]:
        no_page = ET.Element("none")
        size, margins = (section.find(f"{_W}{name}") for name in ("pgSz", "pgMar"))
        size, margins = (no_page if one is None else one for one in (size, margins))
        try:
            wide, high = (int(size.get(f"{_W}{side}", "")) for side in ("w", "h"))
            found = {side: int(margins.get(f"{_W}{side}", "0")) for side in _SIDES}
        except ValueError:
            raise self._fault("has no valid size and margins of the page.") from None
        text_mm = [
            (wide - found["left"] - found["right"]) / _TWIPS_PER_MM,
            (high - abs(found["top"]) - abs(found["bottom"])) / _TWIPS_PER_MM,
        ]
        if min(text_mm) < _LEAST_TEXT_MM or max(wide, high) > 500 * _TWIPS_PER_MM:
            shown = " × ".join(f"{one:.0f}" for one in text_mm)
            mend = f"Leave at least {_LEAST_TEXT_MM} × {_LEAST_TEXT_MM} mm, on a page up to 500 mm."
            raise self._fault(f"has pages with {shown} mm of room for text.", mend)
        return (wide, high), found

    def _of_kind(self, part: str, kind: str) -> str | None:
        """Return the name of the part of a kind that belongs to a part."""
        for relation in self._related(part).values():
            if relation.get("Type") == f"{_RELATION}{kind}":
                return self._target(relation, part)
        return None

    def _related(self, part: str) -> dict[str, ET.Element]:
        """Return the relationships of a part by id; the package itself is the part ''."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self.names:
            return {}
        return {one.get("Id", ""): one for one in self._xml(listed)}

    def _target(self, relation: ET.Element, part: str) -> str:
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            mend = "Remove the link, or insert the picture itself."
            raise self._fault("has a header or footer that links to a place outside of it.", mend)
        name = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
        )
        if name not in self.names:
            raise self._fault("lacks a part that it names.")
        return name

    def _xml(self, name: str) -> ET.Element:
        return ET.fromstring(self._checked(name))

    def _checked(self, name: str) -> bytes:
        """Return an XML part that defines no entities, is not nested too deep, and is whole."""
        content = self._content(name)
        require_plain_xml(self.path, io.BytesIO(content))
        try:
            ET.fromstring(content)
        except (ET.ParseError, ValueError, LookupError):
            raise self._fault("has a damaged part.") from None
        return content

    def _content(self, name: str) -> bytes:
        return self.archive.read(name)

    def _fault(self, found: str, mend: str = _WORD) -> InputDataError:
        return InputDataError(found, file=self.path, mend=mend)


def _is_on(parent: ET.Element, name: str) -> bool:
    found = parent.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val", "1") not in {"0", "false", "off"}


def _fields(root: ET.Element) -> list[str]:
    """Return the instructions of all fields; one may be split over several elements."""
    found = [str(one.get(f"{_W}instr", "")) for one in root.iter(f"{_W}fldSimple")]
    opened: list[str] = []
    for one in root.iter():
        if one.tag == f"{_W}fldChar":
            kind: Any = one.get(f"{_W}fldCharType")
            if kind == "begin":
                opened.append("")
            elif kind == "end" and opened:
                found.append(opened.pop())
        elif one.tag in {f"{_W}instrText", f"{_W}delInstrText"}:
            if not opened:
                opened.append("")
            opened[-1] += one.text or ""
    return found + opened
