"""Whatever a name holds, it is text in every output and nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.builders.report_page import build_report
from tests.builders.report_result import make_result, make_study
from tests.hostile_names import HOSTILE

from circle15.output.document.html_text import html_text
from circle15.output.document.markup import Markup, el, join
from circle15.output.document.texts import filled, strong
from circle15.output.text.wording import printable, shortened
from circle15.study.languages import Language


class Collector(HTMLParser):
    """Collects elements and attributes as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_stay_text(name: str, language: Language):
    page = build_report(make_result(make_study(title=name), name=name), language)
    seen = Collector()
    seen.feed(page)
    assert not seen.tags & {"script", "iframe", "link", "object"}
    assert page.count("<img ") == page.count('<img src="data:image/png;base64,') == 1
    assert not {a for a in seen.attributes if a.startswith("on")}
    assert page.count("<style>") == page.count("</style>") == 1
    assert len(page) < 200_000
    page.encode("utf-8")


def test_the_page_refers_to_nothing_outside():
    page = build_report(make_result(), "zh")
    assert re.findall(r'(?:src|href)="(?!#|data:image/png;base64,)[^"]*"', page) == []
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert 'style="' not in page


def test_elements_escape_text_and_attributes():
    assert el("td", "<b>&", title='"') == '<td title="&quot;">&lt;b&gt;&amp;</td>'
    assert join(("<", Markup("<br>"), None, 3)) == "&lt;<br>3"
    assert html_text(filled("<{a}>", a=strong("x"))) == "&lt;<strong>x</strong>&gt;"


def test_a_long_name_shows_that_it_was_cut():
    assert shortened("x" * 200) == "x" * 119 + "…"
    assert printable("a\ud800\x07b") == "a\ufffd\ufffdb"
