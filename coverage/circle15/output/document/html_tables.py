"""Tables, badges and sections of the printed report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.output.document.markup import Child, Markup, el, join
from circle15.output.text.sources import SOURCES
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from circle15.output.text.wording import Words

SHAPES: Final = {
    "met": "●", "not_met": "▲", "undetermined": "◆", "source_conflict": "■",
    "not_applicable": "○", "reported": "–",
    "covered": "●", "gap": "▲", "unknown": "◆",
}  # fmt: skip
"""A shape beside every verdict and state, for readers without colours."""

# Chinese breaks anywhere by itself. Names of files and ids break after their signs first.
_LONG_WORD = re.compile(
    r"[^\s\u2e80-\U0010ffff]{12}(?=[^\s\u2e80-\U0010ffff]{12})"
    r"|(?<=[^\s\u2e80-\U0010ffff]{3})[_:/\\=@&+](?=[^\s\u2e80-\U0010ffff]{2})"
    r"|(?<=[^\s\u2e80-\U0010ffff]{3})\.(?=[A-Za-z]{3})"
)


SHORT: Final = 14
"""Rows of a table that is not parted in print."""


def section(key: str, words: Words, *children: Child) -> Markup:
    """Build a section with its heading; where it holds a table, it says where that comes from."""
    parted = key in SOURCES and any("<table" in str(one) for one in children)
    said = paragraph(SOURCES[key].text(words), "source") if parted else None
    return el("section", el("h2", words.say(f"report.{key}")), *children, said, id=key)


def paragraph(text: Child, class_: str | None = None) -> Markup:
    """Build a paragraph."""
    return el("p", text, class_=class_)


def table(
    headings: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Child] | Markup],
    *,
    class_: str | None = None,
) -> Markup:
    """
    Build a table whose head repeats on every printed page; a short one stays on one page.

    Parameters
    ----------
    headings
        Text and class of each column: `n` numbers, `t` text, `c` centred, `k` short keys.
    rows
        Cells, or a finished row.
    """
    kinds = [kind for _, kind in headings]
    head = el(
        "thead",
        el("tr", *(el("th", breakable(text), class_=kind, scope="col") for text, kind in headings)),
    )
    lines = [r if isinstance(r, Markup) else row(r, kinds) for r in rows]
    named = " ".join(name for name in (class_, "short" if len(lines) <= SHORT else None) if name)
    return el("table", head, el("tbody", *lines), class_=named or None)


def row(cells: Sequence[Child], kinds: Sequence[str], class_: str | None = None) -> Markup:
    """Build a row; the first cell heads it."""
    found = [
        el(
            "th" if k == 0 else "td",
            _cell(cell, kind),
            class_=kind,
            scope="row" if k == 0 else None,
        )
        for k, (cell, kind) in enumerate(zip(cells, kinds, strict=True))
    ]
    return el("tr", *found, class_=class_)


def _cell(content: Child, kind: str) -> Child:
    plain = isinstance(content, str) and not isinstance(content, Markup)
    return breakable(str(content)) if plain and kind in {"t", "k"} else content


def breakable(text: str) -> Markup:
    """
    Let a browser break a word that is longer than any of ours: it would widen the page.

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


def wide_row(content: Child, span: int, class_: str) -> Markup:
    """Build a row of one cell over the whole width."""
    return el("tr", el("td", content, colspan=span), class_=class_)


def badge(word: str, text: str) -> Markup:
    """Show a verdict or a state: shape and word, coloured by class."""
    return el("span", el("i", SHAPES[word]), text, class_=f"badge {word}")


def verdict_badge(verdict: str, words: Words) -> Markup:
    """Show a verdict."""
    return badge(verdict, words.say(f"verdicts.{verdict}"))


def state_mark(state: str, words: Words) -> Markup:
    """Show a state."""
    return badge(state, words.say(f"states.{state}"))


def mark(verdict: str, words: Words) -> Markup:
    """Show a verdict as its shape alone, with the word for those who point or listen."""
    word = words.say(f"verdicts.{verdict}")
    return el(
        "span",
        el("i", SHAPES[verdict]),
        class_=f"mark {verdict}",
        title=word,
        aria_label=word,
        role="img",
    )


def definitions(rows: Iterable[tuple[Child, Child]]) -> Markup:
    """Build a list of terms and what they are."""
    return el("dl", join(el("div", el("dt", term), el("dd", value)) for term, value in rows))
