"""
No visible text is written in the code: every word comes from the tables of messages.

The tables are replaced by one in which every letter is ж, and all that the data call by a name is
called я. What then still has a Latin or Chinese word was written by hand in a script, a template
or a module, and would be read in one language only.
"""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

import pytest
from tests.odd_studies import named
from tests.streets import lon_lat

import circle15
from circle15.inputs.tables.headings import known_headings
from circle15.output.check.page import build_check_page
from circle15.output.check.terminal import print_check
from circle15.output.map.html import build_map
from circle15.output.route.map import build_route_map
from circle15.output.route.texts import route_lines
from circle15.output.text.sources import SOURCES
from circle15.output.text.wording import Words
from circle15.results.summary.building import build_summary
from circle15.study.messages import messages
from circle15.study.settings.edge_fields import EDGE_FIELDS
from circle15.study.settings.reading import load_study
from circle15.study.vocabulary.categories import known_categories
from circle15.study.vocabulary.indicators import known_indicators
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language
    from circle15.study.vocabulary.categories import Category
    from circle15.study.vocabulary.indicators import Indicator

LETTER: Final = re.compile(r"[A-Za-z\u3400-\u9fff]")
TECHNICAL: Final = re.compile(r"\w*(?:[\[\]\d_]|[./×-](?=\w))[\w.\[\]/×-]*(?<![.])", re.ASCII)
"""File names, keys, ids, hashes and versions: a word with a dot, a digit, a slash or a bracket."""

WORD: Final = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]+")
SAME_IN_ALL_LANGUAGES: Final = frozenset({"circle15", "EPSG", "SHA", "km", "min", "ms"})
SAID: Final = re.compile(r"[ \u3400-\u9fff]")
"""What a text of a rule pack has and a key has not."""

NAME: Final = "я"


def without_words(template: str) -> str:
    """
    Replace every letter of a message, but none of its places to fill.

    >>> without_words("缺口 {n} km")
    'жж {n} жж'
    """
    parts = []
    for literal, field, spec, _ in Formatter().parse(template):
        parts.append(LETTER.sub("ж", literal).replace("{", "{{").replace("}", "}}"))
        if field is not None:
            parts.append(f"{{{field}{':' + spec if spec else ''}}}")
    return "".join(parts)


class Shown(HTMLParser):
    """The words of a page that are read, heard or seen under the pointer."""

    HEARD: Final = frozenset({"title", "alt", "aria-label", "placeholder", "aria-description"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0
        self.feed(re.sub(r"<wbr/?>", "", page))  # a place for a break parts no word

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.words += [value for name, value in attrs if name in self.HEARD and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def office_words(path: Path) -> list[str]:
    """Every text of a docx or xlsx: of its body, heads and feet, sheets and properties."""
    words = []
    with zipfile.ZipFile(path) as parts:
        for part in parts.namelist():
            if re.search(r"document|header|footer|sharedStrings|worksheets|core\.xml", part):
                root = ElementTree.fromstring(parts.read(part))
                words += [
                    node.text
                    for node in root.iter()
                    if node.text and node.tag.rpartition("}")[2] in {"t", "title", "oddFooter"}
                ]
            elif part == "xl/workbook.xml":
                root = ElementTree.fromstring(parts.read(part))
                words += [n.get("name", "") for n in root.iter() if n.tag.endswith("}sheet")]
    return words


def hard_coded(words: list[str], given: re.Pattern[str]) -> set[str]:
    """Words that no table of messages and no data gave."""
    found: set[str] = set()
    for text in words:
        rest = TECHNICAL.sub(" ", given.sub(" ", text))
        found |= set(WORD.findall(rest)) - SAME_IN_ALL_LANGUAGES
    return found


def words_of_data(result: StudyResult, language: Language) -> re.Pattern[str]:
    """Names that are data: of categories and indicators, tags of streets, packages, the CRS."""
    tables: dict[str, Category | Indicator] = {**known_categories(), **known_indicators()}
    profiles = (
        resources.files("circle15.study.vocabulary").joinpath("profiles.toml").read_text("utf-8")
    )
    names = {
        *tables,
        *COMBINED,
        *(one.label(language) for one in tables.values()),
        *re.findall(r'"([a-z_]+)"', profiles),
        *result.provenance["packages"],
        *build_summary(result),
        *(source.layer for source in SOURCES.values() if source.layer),
        "category",  # a heading of the study's own list of sites
        *(name for fields in known_headings().values() for name in fields),
        *(one for fields in known_headings().values() for own in fields.values() for one in own),
        *EDGE_FIELDS,
        "own",
        str(result.crs.name),
    }
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(
        "|".join(rf"(?<![A-Za-z_.\[]){re.escape(n)}(?![A-Za-z_]|\.\w)" for n in longest_first)
    )


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Language:
    """A language whose messages hold no letter but ж."""
    asked: Language = request.param
    table = messages(asked)
    for number, (key, template) in enumerate(table.items()):
        # Numbered, because two sheets of a workbook may not bear one name.
        text = f"{number}{without_words(template)}"
        monkeypatch.setitem(table, key, text)
    return asked


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study in which the data call everything я, its rules included."""
    pack = resources.files("circle15.rules").joinpath("packs/liangxi-2025.toml").read_text("utf-8")
    texts = re.compile(r'"[^"\n]*"')
    pack = texts.sub(lambda one: f'"{NAME}"' if SAID.search(one[0]) else one[0], pack)
    (tmp_path / "own.toml").write_text(pack, encoding="utf-8")
    return named(NAME).write(tmp_path)


def proposed(folder: Path) -> Path:
    (lon, lat), *_ = lon_lat([(50, 20)])
    path = folder / "proposed.csv"
    path.write_text(
        f"lon,lat,zone_id,name,kind,households\n{lon},{lat},{NAME}9,{NAME},new,500\n", "utf-8"
    )
    return path


def test_no_file_holds_a_word_that_is_not_in_the_tables(
    language: Language, study: Path, tmp_path: Path
) -> None:
    outcome = circle15.run(study, out=tmp_path / "out", language=language)
    files = outcome.files
    zones = proposed(tmp_path)
    files += circle15.check_study_zones(study, zones, out=tmp_path / "z", language=language).files
    start = tuple(float(v) for v in lon_lat([(10, 5)])[0])
    way = circle15.route(study, (start[0], start[1]), f"{NAME}0")
    checked = circle15.check(study)
    words = {
        path.name: Shown(path.read_text("utf-8")).words for path in files if path.suffix == ".html"
    }
    words |= {path.name: office_words(path) for path in files if path.suffix in {".docx", ".xlsx"}}
    words["check.html"] = Shown(build_check_page(checked, language)).words
    words["route.html"] = Shown(build_route_map(way, language)).words
    words["route"] = list(route_lines(way, language))
    with (tmp_path / "check.txt").open("w+", encoding="utf-8") as file:
        print_check(checked, Words(language, load_study(study)), file)
        file.seek(0)
        words["check"] = file.read().splitlines()
    assert {
        "map.html",
        "report.html",
        "report.docx",
        "report.xlsx",
        "zones.html",
        "zones.docx",
        "zones.xlsx",
    } <= set(words)
    assert all(words.values())
    given = words_of_data(outcome.result, language)
    found = {name: hard_coded(texts, given) for name, texts in words.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_the_map_says_no_word_that_is_not_in_the_tables(
    language: Language, study: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    """In a browser, because its scripts write what is read; each view and the card of a site."""
    outcome = circle15.run(study, out=tmp_path / "out")
    file = tmp_path / "map.html"
    file.write_text(build_map(outcome.result, language), encoding="utf-8")
    page = open_page(file)
    words = []
    for view in page.locator("#c15-views button").all():
        view.click()
        page.wait_for_timeout(100)
        words += Shown(page.content()).words
    page.locator("#c15-views button").first.click()
    page.locator(".leaflet-c15-sites-pane path").first.focus()
    page.keyboard.press("Enter")
    page.locator(".c15-card").wait_for()
    words += Shown(page.content()).words
    assert hard_coded(words, words_of_data(outcome.result, language)) == set()


def test_the_search_finds_a_word_written_by_hand() -> None:
    """Were these not found, nothing would be."""
    given = re.compile("市场")
    words = ["жж Legend 图例 市场 ж Closed.", "walk.speed_m_s issues.csv S-017"]
    assert hard_coded(words, given) == {"Closed", "Legend", "图例"}
    page = '<p title="Close">ж<script>let hidden;</script></p><button aria-label="关闭"></button>'
    assert hard_coded(Shown(page).words, given) == {"Close", "关闭"}
