"""Take page, headers, footers and styles of a letterhead into a Word file."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as Doc

    from circle15.inputs.letterheads import HeadPart, WordHead

_LOOKS: Final = ("title", "heading 1", "heading 2")
"""Styles whose type and spacing are taken."""
_WHOLE: Final = ("header", "footer")
"""Styles that are taken as they are."""
_LINKS: Final = ("basedOn", "next", "link")
_USED_BY: Final = ("pStyle", "rStyle", "tblStyle")
_SCRIPTS: Final = ("ascii", "hAnsi", "eastAsia", "cs")
_OF_THEME: Final = {"ascii": "latin", "hAnsi": "latin", "eastAsia": "ea", "cs": "cs"}
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def take_letterhead(document: Doc, head: WordHead, *, every_page: bool) -> None:
    """
    Take page size, margins, headers, footers and styles of a letterhead.

    Fonts of all texts, and the look of titles, headings, header and footer are those of the
    letterhead; sizes and spacing of tables and small print stay, so that they fit.

    Parameters
    ----------
    every_page
        Whether a header of the first page stands on every page: each is a sheet of its own.
    """
    section: Any = document.sections[0]
    section.page_width, section.page_height = (Twips(side) for side in head.size)
    for side, twips in head.margins.items():
        distance = side in {"header", "footer"}
        setattr(section, f"{side}_distance" if distance else f"{side}_margin", Twips(twips))
    styles = _take_styles(document, head) if head.styles else {}
    alone = every_page and head.first
    section.different_first_page_header_footer = head.first and not alone
    document.settings.odd_and_even_pages_header_footer = head.even and not alone
    pages = {"first": "default"} if alone else {"default": "default", "first": "first"}
    if head.even and not alone:
        pages["even"] = "even"
    for part in head.parts:
        if part.on in pages:
            _take_part(document, part, pages[part.on], styles)


def counts_pages(head: WordHead) -> bool:
    """Whether a footer of a letterhead has the page number."""
    return any(b"PAGE" in part.xml for part in head.parts if part.kind == "footer")


def _take_part(document: Doc, part: HeadPart, on: str, styles: dict[str, str]) -> None:
    section: Any = document.sections[0]
    place = getattr(section, part.kind if on == "default" else f"{on}_page_{part.kind}")
    place.is_linked_to_previous = False
    own = place.part
    content: Any = parse_xml(part.xml)
    ids = {}
    for number, picture in enumerate(part.pictures, 1):
        name = PackURI(f"/word/media/{part.kind}_{on}_{number}{picture.suffix}")
        image = Part(name, picture.media_type, picture.content, own.package)
        ids[picture.id] = own.relate_to(image, RELATIONSHIP_TYPE.IMAGE)
    for one in content.iter():
        for key, value in one.attrib.items():
            if key.startswith(_R) and value in ids:
                one.set(key, ids[value])
    _rename(content, _USED_BY, styles)
    own._element = content


def _take_styles(document: Doc, head: WordHead) -> dict[str, str]:
    """Take the styles of a letterhead; return the id of each by its id there."""
    theirs: Any = parse_xml(head.styles)
    fonts = _theme_fonts(head.theme)
    for one in theirs.iter(qn("w:rFonts")):
        _resolve(one, fonts)
    ours: Any = document.styles.element
    known = {_name(one): one for one in ours.findall(qn("w:style"))}
    ids, added = {}, []
    for one in theirs.findall(qn("w:style")):
        key = one.get(qn("w:styleId"), "")
        own = known.get(_name(one))
        if own is None:
            ids[key] = f"Head{key}"
            added.append(one)
            continue
        ids[key] = own.get(qn("w:styleId"))
        if _name(one) in (*_LOOKS, *_WHOLE):
            _look_like(own, one, whole=_name(one) in _WHOLE)
    _fonts_of_all(known["normal"], theirs)
    for one in added:
        made = deepcopy(one)
        made.set(qn("w:styleId"), ids[one.get(qn("w:styleId"), "")])
        made.attrib.pop(qn("w:default"), None)
        _without(made, "numPr")
        _rename(made, _LINKS, ids)
        ours.append(made)
    return ids


def _look_like(own: Any, other: Any, *, whole: bool) -> None:
    """Give a style the look of another one: type, and spacing or all of its paragraphs."""
    kept = None if whole else ("spacing", "jc", "pBdr")
    for name in ("pPr", "rPr"):
        found = other.find(qn(f"w:{name}"))
        if found is None:
            continue
        taken = deepcopy(found)
        _without(taken, "numPr")
        if name == "pPr" and kept is not None:
            outline = own.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            for part in list(taken):
                if part.tag not in {qn(f"w:{one}") for one in kept}:
                    taken.remove(part)
            if outline is not None:
                taken.append(deepcopy(outline))
        own.replace(own.get_or_add_pPr() if name == "pPr" else own.get_or_add_rPr(), taken)


def _fonts_of_all(normal: Any, theirs: Any) -> None:
    """Give the style of all texts the fonts of a letterhead, from its own or its defaults."""
    places = [theirs.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")]
    places += [
        one.find(qn("w:rPr")) for one in theirs.findall(qn("w:style")) if _name(one) == "normal"
    ]
    own = normal.get_or_add_rPr().get_or_add_rFonts()
    for place in places:
        fonts = None if place is None else place.find(qn("w:rFonts"))
        for script in _SCRIPTS:
            font = None if fonts is None else fonts.get(qn(f"w:{script}"))
            if font:
                own.set(qn(f"w:{script}"), font)


def _theme_fonts(theme: bytes) -> dict[tuple[str, str], str]:
    """Return the fonts of a theme by `major` or `minor` and script; Chinese for East Asia."""
    found: dict[tuple[str, str], str] = {}
    if not theme:
        return found
    root: Any = parse_xml(theme)
    for rank in ("major", "minor"):
        for fonts in root.iter(f"{_A}{rank}Font"):
            for one in fonts:
                kind = one.tag.removeprefix(_A)
                face = one.get("typeface")
                if kind == "font" and one.get("script") == "Hans" and face:
                    found.setdefault((rank, "ea"), face)
                elif kind in {"latin", "ea", "cs"} and face:
                    found[rank, kind] = face
    return found


def _resolve(fonts: Any, theme: dict[tuple[str, str], str]) -> None:
    """Replace references to the theme, which the file does not have, by its fonts."""
    for script in _SCRIPTS:
        key = qn("w:cstheme") if script == "cs" else qn(f"w:{script}Theme")
        reference = fonts.attrib.pop(key, None)
        if reference:
            face = theme.get((reference[:5], _OF_THEME[script]))
            if face:
                fonts.set(qn(f"w:{script}"), face)


def _rename(element: Any, names: Iterable[str], ids: dict[str, str]) -> None:
    """Replace ids of styles; a reference to a style that is not there is removed."""
    for name in names:
        for one in list(element.iter(qn(f"w:{name}"))):
            own = ids.get(one.get(qn("w:val"), ""))
            if own is None:
                one.getparent().remove(one)
            else:
                one.set(qn("w:val"), own)


def _without(element: Any, name: str) -> None:
    for one in list(element.iter(qn(f"w:{name}"))):
        one.getparent().remove(one)


def _name(style: Any) -> str:
    found = style.find(qn("w:name"))
    return "" if found is None else str(found.get(qn("w:val"), "")).casefold()
