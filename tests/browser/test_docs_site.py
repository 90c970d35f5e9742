"""The documentation site: built strictly, complete in both languages, searched offline."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from circle15 import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("index", "tutorial", "commands", "tables", "api", "notebooks/01_quickstart", "states")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build the site once; a warning or a dead link ends the script with an error."""
    folder: Path = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-P", str(ROOT / "docs" / "build_site.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page without a network; errors, and requests that leave the site, fail the test."""
    problems: list[str] = []
    context = browser.new_context(
        offline=True, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    opened.on("pageerror", lambda error: problems.append(f"page error: {error}"))
    opened.on(
        "request",
        lambda one: None if one.url.startswith(("file:", "data:")) else problems.append(one.url),
    )
    yield opened
    context.close()
    assert problems == []


def test_words_of_the_chinese_index_are_pairs():
    spec = importlib.util.spec_from_file_location("search", ROOT / "docs/site/chinese_search.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    words = module.ChineseWords({})
    assert words.split("步行时间 Time_s") == [
        "步",
        "步行",
        "行",
        "行时",
        "时",
        "时间",
        "间",
        "Time_s",
    ]
    assert words.stem("Time_s") == "time_s"


def names(site: Path, language: str) -> set[str]:
    folder = site / language
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if "_static" not in path.parts
    }


def test_both_languages_have_the_same_pages_and_a_zip_of_them(built):
    site = built / "docs"
    assert names(site, "zh") == names(site, "en")
    assert {f"{name}.html" for name in PAGES} <= names(site, "zh")
    with zipfile.ZipFile(built / f"circle15-docs-{__version__}.zip") as packed:
        inside = {name.partition("/")[2] for name in packed.namelist()}
    assert {"index.html", "zh/index.html", "en/search.html"} <= inside
    assert inside == {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}


def test_every_page_of_the_repository_is_in_the_site(built):
    """Also one that nobody has put into the contents."""
    english = {path.stem for path in (ROOT / "docs").glob("*.md") if "." not in path.stem}
    notebooks = {f"notebooks/{path.stem}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    made = names(built / "docs", "en")
    assert {f"{name}.html" for name in english | notebooks} <= made


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("zh", "步行时间", "核对一个步行时间"),
        ("zh", "画圈", "为什么不用画圈"),
        ("zh", "无法判断", "覆盖、缺口、无法判断"),
        ("zh", "墙", "居住点和设施如何接入道路"),
        ("zh", "max_snap_m", "study.toml 的全部键"),
        ("en", "snapping walls", "Snapping: how homes and sites join the streets"),
    ],
)
def test_search_finds_it_offline(built, page, language, words, found):
    page.goto((built / "docs" / language / "search.html").as_uri() + f"?q={words}")
    page.locator("#search-results li a").first.wait_for()
    assert any(found in one for one in page.locator("#search-results li").all_inner_texts())


def test_nothing_is_found_of_what_is_not_there(built, page):
    page.goto((built / "docs" / "zh" / "search.html").as_uri() + "?q=蓝鲸")
    page.get_by_text("没有").first.wait_for()
    assert page.locator("#search-results li").count() == 0


def test_the_switch_leads_to_the_same_page_of_the_other_language(built, page):
    page.goto((built / "docs" / "zh" / "notebooks" / "01_quickstart.html").as_uri())
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/en/notebooks/01_quickstart.html")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="中文").click()
    assert page.url.endswith("/zh/notebooks/01_quickstart.html")


def test_the_door_opens_the_language_of_the_reader(built, page):
    page.goto((built / "docs" / "index.html").as_uri())
    page.wait_for_url("**/zh/index.html")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert "下一页" in page.locator("body").inner_text()


def test_the_english_site_speaks_english(built, page):
    page.goto((built / "docs" / "en" / "states.html").as_uri())
    assert "On this page" in page.locator("body").inner_text()
