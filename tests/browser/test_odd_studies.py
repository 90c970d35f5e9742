"""Maps and reports of odd studies in a browser: they are silent, complete and correct."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import press_every_choice
from tests.builders.report_page import build_report
from tests.odd_studies import ODD_STUDIES

import circle15
from circle15.output.map.html import build_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from tests.browser.conftest import OpenPage

    from circle15.study.languages import Language
    from circle15.workflow.api import RunOutcome

    Files = Callable[[str, str, Language], Path]

NONSENSE = re.compile(r"\b(?:NaN|nan|undefined|null|None|Infinity|inf)\b")
"""What a page shows where its program forgot a case."""

NOBODY_MAP = ("此处没有可统计的人口。", "No people to count")
NOBODY = ("研究范围内没有60岁及以上老年人", "The study area has no people of the judged group")
SAID: dict[str, dict[str, list[tuple[str, str]]]] = {
    "plain": {
        "map": [("30 人", "30"), ("居家养老服务站 1 处", "Home-care station: 1")],
        "report": [("3 个社区中有 1 个存在缺口", "1 of 3 communities")],
    },
    "no site of a category": {
        "map": [
            ("居家养老服务站 0 处", "Home-care station: 0"),
            ("没有服务范围", "No served area"),
        ],
        "report": [("没有该类设施名单", "there is no list of such sites")],
    },
    "only closed sites": {
        "map": [("助餐点 0 处", "Meal site: 0"), ("没有服务范围", "No served area")],
        "report": [("180 人（100.0%）不能", "180 (100.0%) do not")],
    },
    "no list of facilities": {
        "map": [
            ("没有设施。", "No facility."),
            (
                "没有已确认的缺口；180 人无法判断",
                "No known gap; the state of 180 people is unknown",
            ),
        ],
        "report": [
            ("现有数据无法判断其中任何人", "for all of them it is unknown"),
            ("按实际步行则无法判断", "by walking, the share is unknown"),
            (
                "没有社区有已确认的缺口；另有 180 人",
                "No community has a known gap; the state of 180",
            ),
            ("先在 [[facilities]] 中加入", "add it under [[facilities]]"),
        ],
    },
    "no gap": {
        "map": [("没有缺口。", "no gap")],
        "report": [("没有社区存在缺口。", "No community has a gap.")],
    },
    "one required service": {"map": [("助餐点", "Meal site")], "report": []},
    "one cell": {"map": [("7 人", "7")], "report": [("共 7 人", "Of 7 in the study area")]},
    "one point of demand": {
        "map": [("50 人", "50")],
        "report": [("共 50 人", "Of 50 in the study area")],
    },
    "no names": {"map": [], "report": [("C3 30 人", "C3 30"), ("Z1", "Z1"), ("f1", "f1")]},
    "no street near": {
        "map": [
            ("没有已确认的缺口；150 人", "No known gap; the state of 150"),
            ("未接入路网", "not joined"),
        ],
        "report": [
            ("现有数据无法判断其中任何人", "for all of them it is unknown"),
            ("另有 150 人不在任何街道之内", "Another 150 people are in no subdistrict"),
            ("3 处设施未接入步行网络", "3 "),
        ],
    },
    "nobody": {"map": [NOBODY_MAP], "report": [NOBODY]},
    "no boundary": {
        "map": [("30 人", "30")],
        "report": [("共 180 人", "Of 180 in the study area")],
    },
    "no streets and communities": {
        "map": [("30 人", "30")],
        "report": [
            ("研究没有街道图层", "The study has no layer of subdistricts"),
            ("研究没有社区图层", "The study has no layer of communities"),
        ],
    },
    "no rules": {
        "map": [],
        "report": [
            ("研究没有采用规则包", "The study uses no rule pack"),
            ("没有用房面积规则", "floor area"),
        ],
    },
    "no residential zones": {
        "map": [],
        "report": [("没有居住区核算", "The study has no layer of residential zones")],
    },
    "one cutoff": {"map": [("15 分钟", "15 min")], "report": [("83.3%", "83.3%")]},
    "12 categories": {
        "map": [("第11类", "第11类"), ("第0类 1 处", "第0类: 1")],
        "report": [("第11类", "第11类")],
    },
    "boundary without homes": {
        "map": [NOBODY_MAP],
        "report": [("180 人，都在研究范围以外", "All 180 people read")],
    },
    "network alone": {
        "map": [("没有设施类别，无法统计覆盖。", "No facility category")],
        "report": [("没有设施类别可供判断", "There is no category to judge")],
    },
}


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Run each odd study once from its files; give its pages, written to a file."""

    @cache
    def outcome(name: str) -> RunOutcome:
        folder = tmp_path_factory.mktemp("odd")
        return circle15.run(ODD_STUDIES[name].write(folder), out=folder / "out", language="zh")

    def page(name: str, what: str, language: Language) -> Path:
        found = outcome(name)
        path: Path = found.files[0].with_name(f"{what}.html")
        if language == "zh":
            return path
        build = {"map": build_map, "report": build_report}[what]
        english = path.with_name(f"{what}_en.html")
        english.write_text(build(found.result, "en"), encoding="utf-8")
        return english

    return page


def assert_nothing_is_empty(page: Page) -> None:
    """No table without a row of cells, no section without a word below its heading."""
    empty = page.evaluate(
        """() => [...document.querySelectorAll('table, section')].filter(found =>
            found.matches('table') ? found.querySelector('td') === null
            : found.innerText.trim() === (found.querySelector('h2')?.innerText ?? '').trim()
        ).map(found => found.outerHTML.slice(0, 200))"""
    )
    assert empty == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ODD_STUDIES)
def test_an_odd_study_says_what_is_so(
    name: str, language: Language, page_of: Files, open_page: OpenPage, screenshots: Path
) -> None:
    picture = f"odd_{name.replace(' ', '_')}_{language}"
    for what, size in (("map", (1024, 768)), ("report", (1000, 900))):
        page = open_page(page_of(name, what, language), *size)
        page.screenshot(path=screenshots / f"{picture}_{what}.png", full_page=what == "report")
        text = page.locator("body").inner_text()
        for said in SAID[name][what]:
            assert said[language == "en"].lower() in text.lower()
        assert NONSENSE.findall(text) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        if what == "map":
            press_every_choice(page)
            assert NONSENSE.findall(page.locator(".c15-panel").inner_text()) == []
        else:
            assert_nothing_is_empty(page)


@pytest.mark.parametrize("name", ["nobody", "boundary without homes", "network alone"])
def test_nobody_has_no_share(name: str, page_of: Files, open_page: OpenPage) -> None:
    """A share of nobody is a dash; "0 %" would say that somebody was judged."""
    report = open_page(page_of(name, "report", "zh"))
    parts = report.locator("#headline ol, .cards, #coverage, #speed, #streets").all_inner_texts()
    assert re.findall(r"\d%", "".join(parts)) == []
    panel = open_page(page_of(name, "map", "zh")).locator("#c15-choices, #c15-figures")
    assert "%" not in "".join(panel.all_inner_texts())


def test_a_circle_of_one_service_is_offered_once(page_of: Files, open_page: OpenPage) -> None:
    page = open_page(page_of("one required service", "map", "zh"))
    buttons = page.locator("#c15-choices button")
    ids = [button.get_attribute("data-id") for button in buttons.all()]
    assert sorted(ids, key=str) == ["home_care_station", "meal_point"]
    chosen = page.locator("#c15-choices [aria-checked=true]")
    assert chosen.get_attribute("data-id") == "meal_point"
