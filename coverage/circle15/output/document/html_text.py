"""Render texts of a document as HTML: emphasis, badges and break opportunities in long words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.output.document.markup import Markup, el, join
from circle15.output.document.texts import SHAPES, Badge, Break, Link, Look, Mark, Span
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.output.document.markup import Child
    from circle15.output.document.texts import Inline, Text

_TAGS: Final = {
    Look.STRONG: ("strong", None),
    Look.REMARK: ("small", None),
    Look.CODE: ("code", None),
    Look.QUOTE: ("q", None),
    Look.FORMULA: ("code", "formula"),
}

# Chinese text breaks anywhere. File names and ids may break after their punctuation.
_LONG_WORD: Final = re.compile(
    r"[^\s\u2e80-\U0010ffff]{12}(?=[^\s\u2e80-\U0010ffff]{12})"
    r"|(?<=[^\s\u2e80-\U0010ffff]{3})[_:/\\=@&+](?=[^\s\u2e80-\U0010ffff]{2})"
    r"|(?<=[^\s\u2e80-\U0010ffff]{3})\.(?=[A-Za-z]{3})"
)


def html_text(text: Text) -> Markup:
    """
    Render a text and its inline parts.

    Examples
    --------
    >>> html_text((Badge("gap", "Gap"), " <3"))
    '<span class="badge gap"><i>▲</i>Gap</span> &lt;3'
    """
    parts = text if isinstance(text, tuple) else (text,)
    return join(_inline(part) for part in parts)


def _inline(part: Inline) -> Child:
    match part:
        case str():
            return part
        case Span():
            tag, class_ = _TAGS[part.look]
            return el(tag, part.text, class_=class_)
        case Badge():
            return el("span", shape(part.word), part.text, class_=f"badge {part.word}")
        case Mark():
            return el(
                "span",
                shape(part.word),
                class_=f"mark {part.word}",
                title=part.text,
                aria_label=part.text,
                role="img",
            )
        case Break():
            return el("br")
        case Link():
            return el("a", part.text, href=part.href)


def shape(word: str | None) -> Markup | None:
    """Render the shape of a verdict or state; None if it has no shape."""
    return el("i", SHAPES[word]) if word in SHAPES else None


def breakable(text: str) -> Markup:
    """
    Insert break opportunities into long words, which would otherwise widen the page.

    Examples
    --------
    >>> breakable("Communities"), breakable("x" * 30), breakable("street_code")
    ('Communities', 'xxxxxxxxxxxx<wbr/>xxxxxxxxxxxxxxxxxx', 'street_<wbr/>code')
    """
    return join(_cut(printable(text)))


def _cut(text: str) -> Iterator[Child]:
    start = 0
    for found in _LONG_WORD.finditer(text):
        yield text[start : found.end()]
        yield el("wbr")
        start = found.end()
    yield text[start:]
