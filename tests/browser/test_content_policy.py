"""Every page that circle15 writes is self-contained: its policy admits no outside content."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import circle15
from circle15.output.check.page import build_check_page
from circle15.output.route.map import build_route_map

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from tests.browser.conftest import OpenPage

    from circle15.study.languages import Language

SCRIPTS = Path(circle15.__file__).parent / "output"
PAGES = ("map.html", "report.html", "zones.html", "check.html", "route.html")
SCRIPTED = {"map.html"}
"""Pages that run scripts; all others must work where scripts are forbidden."""

NO_NEED = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    r"|setAttribute\(\s*[\"'](?:style|on)|createContextualFragment|javascript:"
)
"""By these a script would turn text into markup or code."""


@pytest.fixture(scope="module")
def pages(sample_study: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every page of the sample, by language and name, as the commands write them."""
    found: dict[str, Path] = {}
    zones = sample_study.parent / "proposed_zones.csv"
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        folder = tmp_path_factory.mktemp(language)
        files = circle15.run(sample_study, out=folder / "run", language=language).files
        files += circle15.check_study_zones(
            sample_study, zones, out=folder / "zones", language=language
        ).files
        way = circle15.route(sample_study, "120.29165,31.5968", "S-071")
        for name, text in (
            ("check.html", build_check_page(circle15.check(sample_study), language)),
            ("route.html", build_route_map(way, language)),
        ):
            (folder / name).write_text(text, encoding="utf-8")
            files.append(folder / name)
        found |= {f"{language} {path.name}": path for path in files if path.suffix == ".html"}
    return found


class Parts(HTMLParser):
    """The attributes and inline blocks of a page, as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: list[tuple[str, str]] = []
        self.blocks: dict[str, list[str]] = {"script": [], "style": []}
        self.policy = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        cells = dict(attrs)
        if cells.get("http-equiv") == "Content-Security-Policy":
            assert not self.blocks["script"], "a script stands before the policy"
            self.policy = cells["content"] or ""
        runs = tag == "script" and cells.get("type") is None
        self._inside = tag if runs or tag == "style" else ""
        if self._inside:
            self.blocks[tag].append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.blocks[self._inside][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def test_every_page_is_looked_at(pages: dict[str, Path]) -> None:
    """A page that a command adds must be named here, and so meet the tests below."""
    assert set(pages) == {f"{language} {name}" for language in ("zh", "en") for name in PAGES}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_the_policy_lets_in_what_the_page_holds_and_no_more(
    pages: dict[str, Path], name: str, language: str
) -> None:
    parts = Parts(pages[f"{language} {name}"].read_text("utf-8"))
    rules = dict(rule.strip().split(" ", 1) for rule in parts.policy.split(";") if rule.strip())
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert rules.pop("img-src") in {"data:", "'none'"}
    assert rules.pop("worker-src", None) == ("blob:" if name in SCRIPTED else None)
    for kind, blocks in parts.blocks.items():
        hashes = {
            f"'sha256-{base64.b64encode(hashlib.sha256(b.encode()).digest()).decode()}'"
            for b in blocks
        }
        assert set(rules.pop(f"{kind}-src", "'none'").split()) == (hashes or {"'none'"})
    assert rules == {}
    assert bool(parts.blocks["script"]) == (name in SCRIPTED)
    for attribute, value in parts.attributes:
        assert not attribute.startswith("on"), attribute
        assert attribute not in {"style", "srcset", "srcdoc", "action", "formaction", "ping"}
        if attribute in {"src", "href", "xlink:href"}:
            assert value.startswith(("#", "data:image/")), value


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_the_network_off(
    pages: dict[str, Path], name: str, language: str, open_page: OpenPage
) -> None:
    """`open_page` fails on any request, any console message and any error."""
    page = open_page(pages[f"{language} {name}"], 1024, 768)
    page.wait_for_timeout(300)
    assert len(page.locator("body").inner_text()) > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
    assert page.evaluate("document.documentElement.lang").startswith(language)


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_is_in_force(pages: dict[str, Path], name: str, browser: Browser) -> None:
    """A script, a handler, a style, a picture and a request that get into the page do nothing."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(pages[f"zh {name}"].as_uri())
    refused = page.evaluate(
        """async () => {
            const refused = [];
            document.addEventListener('securitypolicyviolation',
                event => refused.push(event.effectiveDirective));
            const add = (tag, set) => {
                const made = Object.assign(document.createElement(tag), set);
                document.body.append(made);
                return made;
            };
            add('script', {textContent: 'window.hacked = 1'});
            add('style', {textContent: 'body { display: none }'});
            add('img', {src: 'http://127.0.0.1:9/x.png'});
            add('b').setAttribute('onclick', 'window.hacked = 2');
            document.body.lastChild.click();
            add('iframe', {src: 'data:text/html,x'});
            try { new Worker('data:text/javascript,1'); } catch { refused.push('worker-src'); }
            await fetch('http://127.0.0.1:9/').catch(() => null);
            for (let k = 0; k < 100 && new Set(refused).size < 7; k += 1) {
                await new Promise(done => setTimeout(done, 50));
            }
            return [window.hacked ?? 0, getComputedStyle(document.body).display, refused.sort()];
        }"""
    )
    context.close()
    assert refused[0] == 0
    assert refused[1] != "none"
    directives = set(refused[2])
    assert {"script-src-elem", "style-src-elem", "script-src-attr", "connect-src"} <= directives
    assert {"img-src", "frame-src", "worker-src"} <= directives


def test_no_script_turns_text_into_markup() -> None:
    scripts = sorted(SCRIPTS.rglob("*.js"))
    assert len(scripts) >= 20
    found = {path.name: NO_NEED.findall(path.read_text("utf-8")) for path in scripts}
    assert {name: words for name, words in found.items() if words} == {}
    assert NO_NEED.search('e.innerHTML = "x"; e.setAttribute("onclick", "y")')
