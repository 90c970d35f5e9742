"""A small builder of HTML and SVG that escapes every text."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID: Final = {"meta", "br", "col", "wbr"}


class Markup(str):
    """Text that is already HTML and is not escaped again; made by `el` and `join`."""

    __slots__ = ()


Child = str | int | None


def el(tag: str, *children: Child, **attributes: Child) -> Markup:
    """
    Build an element; children and attribute values that are not markup are escaped.

    Parameters
    ----------
    tag
        Name of the element.
    children
        Text or markup; None is left out.
    attributes
        `class_` stands for `class`, `text_anchor` for `text-anchor`; None is left out.

    Examples
    --------
    >>> el("td", "<b>", class_="n")
    '<td class="n">&lt;b&gt;</td>'
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{named}/>")  # keeps the page well-formed XML
    return Markup(f"<{tag}{named}>{join(children)}</{tag}>")


def join(children: Iterable[Child]) -> Markup:
    """Concatenate texts, which are escaped, and elements; None is left out."""
    return Markup(
        "".join(c if isinstance(c, Markup) else _text(c) for c in children if c is not None)
    )


def _text(value: Child) -> str:
    return _escaped(str(value))


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """Escape a text; cached, as a page repeats the same few classes, words and small numbers."""
    return escape(printable(text), quote=True)
