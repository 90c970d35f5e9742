"""Render texts as Word runs: bold, coloured and small parts, badges, line breaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from circle15.output.document.texts import SHAPES, Badge, Break, Link, Look, Mark, Span
from circle15.output.document.word.file import MONO
from circle15.output.text.palette import INKS, LEGEND_INKS, SEVERITY_INKS
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.output.document.texts import Inline, Text

INK, SOFT, FORMULA = "1C2733", "5A6672", "26506F"
LINE_BREAK: Final = "<w:r><w:br/></w:r>"

COLOURS: Final = {
    word: ink.removeprefix("#").upper()
    for word, ink in {**LEGEND_INKS, **SEVERITY_INKS, **INKS}.items()
}
"""Text colour of verdicts, states, severities and legend glyphs, as RRGGBB."""


@dataclass(frozen=True, slots=True)
class RunLook:
    """Format of a run; `size` is in half points; None and False leave the paragraph's style."""

    bold: bool = False
    colour: str | None = None
    size: int | None = None
    mono: bool = False

    def properties(self) -> str:
        """Return the run properties as WordprocessingML, in the order of its schema."""
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


PLAIN: Final = RunLook()


def run(text: str, look: RunLook = PLAIN) -> str:
    """Return a run; its text is escaped, and characters not allowed in XML are replaced."""
    shown = escape(printable(text))
    return f'<w:r>{look.properties()}<w:t xml:space="preserve">{shown}</w:t></w:r>'


def runs(text: Text, look: RunLook = PLAIN) -> str:
    """Render a text and its inline parts as runs."""
    return "".join(_inline(part, look, first=k == 0) for k, part in enumerate(parts_of(text)))


def parts_of(text: Text) -> Sequence[Inline]:
    """Return a text as a sequence of its inline parts."""
    return text if isinstance(text, tuple) else (text,)


def lines_of(text: Text, *, remarks_below: bool) -> list[str]:
    """
    Return the lines of a text, for measuring; the shape and word of a badge are not separated.

    Parameters
    ----------
    remarks_below
        Whether a remark is placed on a separate line.

    Examples
    --------
    >>> lines_of(("300", Span("near", Look.REMARK)), remarks_below=True)
    ['300', 'near']
    >>> lines_of(Badge("gap", "Gap"), remarks_below=True)
    ['▲Gap']
    """
    lines = [""]
    for part in parts_of(text):
        is_remark = isinstance(part, Span) and part.look == Look.REMARK
        if isinstance(part, Break) or (remarks_below and is_remark):
            lines.append("")
        lines[-1] += _said(part)
    return lines


def _said(part: Inline) -> str:
    match part:
        case str():
            return part
        case Span() | Link():
            return part.text
        case Badge():
            return SHAPES.get(part.word, "") + part.text
        case Mark():
            return SHAPES.get(part.word, "")
        case Break():
            return ""


def _inline(part: Inline, look: RunLook, *, first: bool) -> str:
    match part:
        case str():
            return run(part, look) if part else ""
        case Link():
            return run(part.text, look)
        case Span():
            return _span(part, look)
        case Break():
            return LINE_BREAK
        case Badge() | Mark():
            own = replace(look, bold=True, colour=COLOURS[part.word])
            apart = "" if first else run("\u2002", own)  # space between one verdict and the next
            return apart + "".join(_badge(part, own))


def _badge(part: Badge | Mark, look: RunLook) -> Iterator[str]:
    shape = SHAPES.get(part.word)
    if shape is not None:
        yield run(shape, look)
    if isinstance(part, Badge):
        yield run(part.text if shape is None else f"\u00a0{part.text}", look)


def _span(part: Span, look: RunLook) -> str:
    match part.look:
        case Look.STRONG:
            return run(part.text, replace(look, bold=True))
        case Look.REMARK:
            return run(part.text, replace(look, colour=SOFT))
        case Look.CODE:
            return run(part.text, replace(look, mono=True))
        case Look.QUOTE:
            return run(f"\u201c{part.text}\u201d", look)
        case Look.FORMULA:
            return LINE_BREAK + run(part.text, replace(look, mono=True, colour=FORMULA))
