"""Text with bold, coloured and small parts, from the report's elements to Word's runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from circle15.output.document.docx_file import MONO, VERDICT_COLOURS
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

SOFT: Final = "5A6672"
FORMULA: Final = "26506F"
SKIPPED: Final = frozenset({"svg", "style", "script", "nav", "title"})
"""Elements that a Word file does not show: drawings of a browser, and its contents with links."""

LINE_BREAK: Final = "<w:r><w:br/></w:r>"


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks; `size` is in half points, None leaves it to the paragraph's style."""

    bold: bool = False
    colour: str | None = None
    size: int | None = None
    mono: bool = False

    def properties(self) -> str:
        """Return the run's properties as Word has them, in the order of its schema."""
        parts = []
        if self.mono:
            parts.append(f'<w:rFonts w:ascii="{MONO}" w:hAnsi="{MONO}" w:cs="{MONO}"/>')
        if self.bold:
            parts.append("<w:b/>")
        if self.colour:
            parts.append(f'<w:color w:val="{self.colour}"/>')
        if self.size:
            parts.append(f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>')
        return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


PLAIN: Final = Look()


def run(text: str, look: Look = PLAIN) -> str:
    """Write a run; its text is escaped, and characters that no XML can carry are replaced."""
    shown = escape(printable(text))
    return f'<w:r>{look.properties()}<w:t xml:space="preserve">{shown}</w:t></w:r>'


def runs(element: Element, look: Look = PLAIN) -> Iterator[str]:
    """Write the text of an element and of those within it."""
    if element.text:
        yield run(element.text, look)
    begun = bool(element.text)
    for child in element:
        yield from _child(child, look, begun=begun)
        if child.tail:
            yield run(child.tail, look)
        begun = True


def classes(element: Element) -> list[str]:
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def _child(child: Element, look: Look, *, begun: bool) -> Iterator[str]:
    if child.tag in SKIPPED:
        return
    if child.tag == "br":
        yield LINE_BREAK
        return
    own = _look(child, look)
    if child.tag == "span" and begun:
        yield run("\u2002", own)  # one verdict stands apart from the next
    if child.tag == "q":
        yield run("\u201c", own)
        yield from runs(child, own)
        yield run("\u201d", own)
        return
    if "formula" in classes(child):
        yield LINE_BREAK
    yield from runs(child, own)
    if child.tag == "i" and child.tail:  # the shape before a verdict stands apart from its word
        yield run("\u00a0", own)


def _look(child: Element, look: Look) -> Look:
    for word in classes(child):
        if word in _colours():
            look = replace(look, colour=_colours()[word])
        elif word in {"badge", "mark"}:
            look = replace(look, bold=True)
        elif word == "formula":
            look = replace(look, colour=FORMULA)
    match child.tag:
        case "strong" | "b":
            return replace(look, bold=True)
        case "small":
            return replace(look, colour=SOFT)
        case "code":
            return replace(look, mono=True)
        case _:
            return look


@cache
def _colours() -> dict[str, str]:
    """Class to ink: verdicts, states, and the plain colours that the printed page has."""
    sheet = resources.files("circle15.output.document").joinpath("report.css").read_text("utf-8")
    plain = re.findall(r"\.([\w-]+) \{ color: #([0-9a-f]{6}); \}", sheet)
    return {name: colour.upper() for name, colour in plain} | VERDICT_COLOURS
