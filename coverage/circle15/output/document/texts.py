"""Texts of a document: parts that are set apart, verdicts and states, and how they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import Final


class Look(StrEnum):
    """What a part of a text is."""

    STRONG = "strong"
    REMARK = "remark"
    CODE = "code"
    QUOTE = "quote"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that is set apart."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict, state or severity: `word` gives colour and shape, `text` is read."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict as its shape alone; `text` is for those who point or listen."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a text."""


Inline = str | Span | Badge | Mark | Break
Text = Inline | tuple[Inline, ...]
"""A text, or its parts one behind the other."""

BREAK: Final = Break()

SHAPES: Final = {
    "met": "●",
    "not_met": "▲",
    "undetermined": "◆",
    "source_conflict": "■",
    "not_applicable": "○",
    "reported": "–",
    "covered": "●",
    "gap": "▲",
    "unknown": "◆",
}
"""A shape beside every verdict and state, for readers without colours; severities have none."""


def strong(text: str) -> Span:
    """Set a text in bold."""
    return Span(text, Look.STRONG)


def remark(text: str) -> Span:
    """Add a remark, which stands below what it is about where there is room."""
    return Span(text, Look.REMARK)


def code(text: str) -> Span:
    """Set a text in letters of one width."""
    return Span(text, Look.CODE)


def joined(*parts: Text | None) -> tuple[Inline, ...]:
    """
    Put texts one behind the other; None is left out.

    Examples
    --------
    >>> joined("a", None, ("b", "c"))
    ('a', 'b', 'c')
    """
    found: list[Inline] = []
    for part in parts:
        if isinstance(part, tuple):
            found.extend(part)
        elif part is not None:
            found.append(part)
    return tuple(found)


def filled(template: str, **values: Text | int) -> tuple[Inline, ...]:
    """
    Fill a message whose values may be set apart.

    Examples
    --------
    >>> filled("{n} of {all}", n=strong("3"), all=5)
    (Span(text='3', look=<Look.STRONG: 'strong'>), ' of ', '5')
    """
    found: list[Text] = []
    for literal, field, _, _ in Formatter().parse(template):
        found.append(literal)
        if field is not None:
            value = values[field]
            found.append(str(value) if isinstance(value, int) else value)
    return tuple(part for part in joined(*found) if part != "")


def plain(text: Text) -> str:
    """
    Return a text without looks, as a reader would say it.

    Examples
    --------
    >>> plain((strong("3"), " zones ", Badge("gap", "Gap")))
    '3 zones ▲ Gap'
    """
    if isinstance(text, tuple):
        return "".join(map(plain, text))
    match text:
        case str():
            return text
        case Badge():
            return f"{SHAPES.get(text.word, '')} {text.text}".lstrip()
        case Mark():
            return SHAPES.get(text.word, "")
        case Break():
            return "\n"
        case Span():
            return text.text
