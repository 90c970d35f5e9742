"""The frame of an HTML page that opens offline, runs no script and prints on A4."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from circle15.output.document.markup import Markup, el

if TYPE_CHECKING:
    from circle15.study.languages import Language

_LANGUAGE_TAG: Final = {"zh": "zh-Hans", "en": "en"}


def page(title: str, body: Markup, language: Language, *, pictures: str = "'none'") -> str:
    """
    Wrap a body as a complete page whose policy allows only the report's style sheet.

    Parameters
    ----------
    pictures
        Allowed origins of pictures, in the syntax of a Content-Security-Policy.
    """
    head = _head(title, pictures)
    return f"<!DOCTYPE html>\n{el('html', head, body, lang=_LANGUAGE_TAG[language])}\n"


def _head(title: str, pictures: str) -> Markup:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src {pictures}; base-uri 'none'; "
        "form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light"),
        el("title", title),
        el("style", style),
    )


@cache
def _style() -> Markup:
    # Markup, so that it is not escaped: the style sheet is our own file and holds no data.
    return Markup(
        resources.files("circle15.output.document").joinpath("report.css").read_text("utf-8")
    )
