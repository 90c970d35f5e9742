"""The map in a browser with the network off: it opens, answers clicks and keys, and is silent."""

# ruff: noqa: F811 - a fixture that is imported is an argument of tests

from __future__ import annotations

import base64
import dataclasses
import hashlib

import pytest
from tests.builders.map_pages import (
    SIZES,
    boxes,
    map_files,  # noqa: F401 - a fixture
    overlap,
    press,
)
from tests.builders.small_map import NO_CATEGORY, small_result

from circle15.output.document.scripts import page_script
from circle15.output.map.html import build_map
from circle15.output.text.numbers import share


@pytest.fixture
def open_small(open_page, tmp_path):
    """Open the map of a small result."""

    def open_map(**changes):
        file = tmp_path / "map.html"
        file.write_text(build_map(small_result(**changes), "zh"), encoding="utf-8")
        return open_page(file, 1024, 768)

    return open_map


def test_the_sample_is_small(map_files):
    assert all(file.stat().st_size <= 3_000_000 for file in map_files.values())


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_view_has_its_picture(map_files, open_page, screenshots, language, width, height):
    page = open_page(map_files[language], width, height)
    for view in ("people", "communities", "residential"):
        press(page, "views", view)
        page.wait_for_timeout(150)
        page.screenshot(path=screenshots / f"map_{view}_{language}_{width}.png")
        assert page.locator("#c15-legend").inner_text() != ""
    panel = page.locator(".c15-panel")
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_lies_on_anything_else(map_files, open_page, language, width, height):
    page = open_page(map_files[language], width, height)
    labels = boxes(page, ".c15-label span")
    assert len(labels) >= 10
    pairs = [(a, b) for k, a in enumerate(labels) for b in labels[:k]]
    assert [pair for pair in pairs if overlap(*pair)] == []
    parts = [boxes(page, s)[0] for s in (".c15-panel", "#map_circle15", ".c15-footer")]
    assert [(a, b) for k, a in enumerate(parts) for b in parts[:k] if overlap(a, b)] == []
    controls = boxes(page, ".leaflet-control")
    assert [(a, b) for k, a in enumerate(controls) for b in controls[:k] if overlap(a, b)] == []


def test_figures_legend_and_picture_follow_the_switches(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    figures, legend = page.locator("#c15-figures"), page.locator("#c15-legend-title")
    picture = page.locator(".leaflet-c15-people-pane canvas")
    seen = set()
    for choice in ("all", "home_care_station", "care_home"):
        press(page, "choices", choice)
        for cutoff in (5, 10, 15):
            press(page, "cutoffs", cutoff)
            assert f"{cutoff} 分钟" in legend.inner_text()
            seen.add(
                (figures.inner_text(), legend.inner_text(), picture.evaluate("e => e.toDataURL()"))
            )
            assert page.locator("#c15-key-served svg").count() == cutoff // 5
    assert len(seen) == 9
    assert len({one[2] for one in seen}) == 9
    assert page.locator("#c15-key-sites").inner_text().startswith("养老机构 37 处")
    page.screenshot(path=screenshots / "map_care_home_zh_1440.png")


def test_the_figures_are_those_of_the_run_and_sum_up(map_files, open_page, sample_result):
    page = open_page(map_files["en"])
    study = sample_result.study
    for row in sample_result.coverage_rows:
        if (row.group, row.speed_m_s, row.cutoff_min) != ("p60", study.walk.speed_m_s, 15):
            continue
        if row.category == "any":
            continue
        press(page, "choices", row.category)
        cells = page.locator(".c15-figures td:nth-child(2)").all_inner_texts()
        covered, gap, unknown, total = (int(cell.replace(",", "")) for cell in cells)
        assert covered + gap + unknown == total == round(row.counts.persons / 1e6)
        assert abs(covered - row.counts.covered / 1e6) <= 1
        shares = page.locator(".c15-figures td:nth-child(3)").all_inner_texts()
        counts = row.counts
        exact = [share(n, counts.persons) for n in (counts.covered, counts.gap, counts.unknown)]
        assert shares == [*exact, "100.0%"]  # as the report prints them


def test_layers_come_and_go(map_files, open_page):
    page = open_page(map_files["zh"])
    for layer, pane in (("sites", "sites"), ("residential", "zones"), ("communities", "areas")):
        box = page.locator(f"#c15-layer-{layer}")
        shapes = page.locator(f".leaflet-c15-{pane}-pane path")
        box.set_checked(False)
        assert shapes.count() == 0
        assert page.locator(f"#c15-key-{layer}").inner_text() == ""
        box.set_checked(True)
        assert shapes.count() > 30
        assert page.locator(f"#c15-key-{layer}").inner_text() != ""


def test_a_facility_says_what_it_is(map_files, open_page, screenshots):
    page = open_page(map_files["zh"], 1024, 768)
    press(page, "choices", "care_home")
    site = page.get_by_role("button", name="养老机构").nth(10)
    site.focus()
    page.keyboard.press("Enter")
    card = page.locator(".c15-card")
    card.wait_for()
    page.wait_for_timeout(400)
    for word in (
        "养老机构",
        "建筑面积",
        "床位（张）",
        "15 分钟内的人",
        "其中只能到此处的人",
        "来源",
    ):
        assert word in card.inner_text()
    inside, window = boxes(page, ".leaflet-popup")[0], boxes(page, "#map_circle15")[0]
    assert inside[0] >= window[0]
    assert inside[1] >= window[1]
    assert inside[2] <= window[2]
    page.screenshot(path=screenshots / "map_facility_zh_1024.png")
    page.keyboard.press("Escape")
    card.wait_for(state="detached")


def test_a_zone_shows_its_sheet(map_files, open_page, screenshots):
    page = open_page(map_files["en"], 1024, 768)
    press(page, "views", "residential")
    zone = page.locator("#map_circle15").get_by_role("button", name="示例小区17号")
    zone.focus()
    page.keyboard.press("Enter")
    card = page.locator(".c15-card")
    page.wait_for_timeout(400)
    # Z-17: existing, 1,500 households, rooms of 320 and 90 m²: R1 and R3 met, R2 not
    words = card.inner_text().split()
    for word in ("1,500", "300", "320", "410", "existing"):
        assert word in words
    assert "The three readings differ." in card.inner_text()
    page.screenshot(path=screenshots / "map_zone_en_1024.png")


def test_a_community_answers_the_pointer(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    press(page, "views", "communities")
    left, top, right, bottom = boxes(page, ".leaflet-c15-areas-pane path")[40]
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    tip = page.locator(".leaflet-tooltip")
    tip.wait_for()
    for word in ("60岁及以上老年人", "已覆盖", "缺口", "无法判断"):
        assert word in tip.inner_text()
    page.screenshot(path=screenshots / "map_community_zh_1440.png")


def test_the_panel_works_by_keyboard(map_files, open_page):
    page = open_page(map_files["zh"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "c15-print"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.id") == "people"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.id") == "all"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    chosen = page.locator('#c15-views button[aria-checked="true"]')
    assert chosen.inner_text() == "设施"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"states": ("covered", "covered", "covered")}, "没有缺口。"),
        ({"states": ("unknown", "unknown", "unknown")}, "无法判断"),
        ({"people": (0, 0, 0)}, "此处没有可统计的人口。"),
        ({"facilities": small_result().facilities.iloc[:0]}, "没有设施。"),
        (NO_CATEGORY, "没有设施类别，无法统计覆盖。"),
    ],
    ids=["no-gap", "unknown", "nobody", "no-site", "no-category"],
)
def test_what_is_missing_is_said(open_small, changes, said):
    page = open_small(**changes)
    assert said in page.locator(".c15-panel").inner_text()


def test_people_at_points_are_drawn_as_circles(open_small, screenshots):
    page = open_small()
    assert page.locator(".leaflet-c15-people-pane canvas").count() == 1
    assert "每个居住点" in page.locator("#c15-key-people").inner_text()
    page.screenshot(path=screenshots / "map_points_zh_1024.png")


def test_one_cell_alone_is_drawn(open_small):
    plain = small_result()
    alone = dataclasses.replace(plain.population, cell_m=100.0)
    page = open_small(population=alone, demand=plain.demand.iloc[:1])
    assert page.locator(".leaflet-c15-people-pane canvas").evaluate("e => e.width") == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_old_browser_gets_a_line(map_files, open_page, screenshots, language):
    """Where nothing can unpack the data the page says so, in words, and what would help."""
    page = open_page(map_files[language], 1024, 768, before="delete window.DecompressionStream")
    line = page.locator("#c15-old")
    assert line.is_visible()
    assert "DecompressionStream" in line.inner_text()
    assert page.locator("#c15-damaged").is_hidden()
    assert "ECMAScript" not in line.inner_text()
    assert page.locator("h1").inner_text() != ""
    page.screenshot(path=screenshots / f"map_old_browser_{language}_1024.png")
    assert open_page(map_files[language]).locator("#c15-old").is_hidden()


def test_a_browser_that_cannot_read_the_script_gets_a_line(map_files, browser, tmp_path):
    """A script with an error in its grammar is what newer grammar is to an old browser."""
    text = map_files["zh"].read_text(encoding="utf-8")
    script = page_script("circle15.output.map", "scripts", "main.js")
    assert text.count(script) == 1
    broken = "(() => {" + "(" + script[8:]
    hashes = [
        base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (script, broken)
    ]
    assert hashes[0] in text
    file = tmp_path / "old.html"
    file.write_text(text.replace(script, broken).replace(*hashes), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.resolve().as_uri())
    line = page.locator("#c15-old")
    assert line.is_visible()
    assert line.inner_text().endswith("缺少：ECMAScript 2021")
    page.close()


def test_damaged_data_get_a_line(map_files, open_page, tmp_path):
    text = map_files["en"].read_text(encoding="utf-8")
    begin = text.index(">", text.index('id="circle15-data"')) + 1
    middle = (begin + text.index("<", begin)) // 2
    file = tmp_path / "damaged.html"
    file.write_text(text[:middle] + text[middle + 400 :], encoding="utf-8")
    page = open_page(file)
    assert page.locator("#c15-damaged").is_visible()
    assert page.locator("#c15-old").is_hidden()


def test_the_card_of_a_community_says_which_service_is_missing(map_files, open_page, sample_result):
    """The worst community first; people by category are those of the run."""
    page = open_page(map_files["en"])
    press(page, "views", "communities")
    page.locator(".c15-table tbody tr").first.click()
    card = page.locator(".c15-card")
    card.wait_for()
    found = {
        row.category: row
        for row in sample_result.zone_rows
        if row.level == "community"
        and row.cutoff_min == 15
        and row.name == card.locator("h3").inner_text()
    }
    assert found["all"].counts.gap == max(
        row.counts.gap
        for row in sample_result.zone_rows
        if (row.level, row.category, row.cutoff_min) == ("community", "all", 15)
    )
    cells = card.locator("tr", has_text="Meal site").inner_text()
    people, counts = found["meal_point"].counts.gap, found["meal_point"].counts
    assert cells.split("\t")[1] == f"{round(people / 1e6):,} · {share(people, counts.persons)}"
    assert card.locator("tr", has_text="Home-care station").count() == 1
