"""Texts of a document: emphasised parts, badges of verdicts and states, and joining them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import Final


class Look(StrEnum):
    """The role of an emphasised part of a text."""

    STRONG = "strong"
    REMARK = "remark"
    CODE = "code"
    QUOTE = "quote"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Span:
    """An emphasised part of a text."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict, state or severity: `word` sets colour and shape, `text` is the label."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict shown as its shape only; `text` is its tooltip and text for screen readers."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break within a text."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to another file of the results; `href` is a relative path, encoded."""

    text: str
    href: str


Inline = str | Span | Badge | Mark | Break | Link
Text = Inline | tuple[Inline, ...]
"""A text, or a sequence of its parts."""

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
"""Shape of each verdict and state, so that colour is never the only sign; severities have none."""


def strong(text: str) -> Span:
    """Return a text in bold."""
    return Span(text, Look.STRONG)


def remark(text: str) -> Span:
    """Return a text as a remark, placed below the value it refers to where there is room."""
    return Span(text, Look.REMARK)


def code(text: str) -> Span:
    """Return a text in a monospaced font."""
    return Span(text, Look.CODE)


def joined(*parts: Text | None) -> tuple[Inline, ...]:
    """
    Concatenate texts; None is left out.

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
    Fill in a message whose values may be emphasised parts.

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
    Return a text as a plain string, without emphasis.

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
        case Span() | Link():
            return text.text
