"""The tables beside the map: they sort, follow the switches, and are tied to the shapes."""

from __future__ import annotations

import dataclasses
import re

import pytest
from tests.builders.map_pages import SIZES, boxes, press
from tests.builders.small_map import small_result
from tests.hostile_names import HOSTILE

from circle15.output.map.gaps import SHOWN
from circle15.output.map.html import build_map
from circle15.output.text.numbers import split_people

VIEWS = ("people", "facilities", "communities", "gaps", "residential", "quality")
MARK = ".leaflet-c15-mark-pane path"


@pytest.fixture(scope="session")
def map_files(sample_result, tmp_path_factory):
    """The map of the sample, by language."""
    folder = tmp_path_factory.mktemp("tables")
    files = {}
    for language in ("zh", "en"):
        files[language] = folder / f"map_{language}.html"
        files[language].write_text(build_map(sample_result, language), encoding="utf-8")
    return files


def column(page, number):
    """Texts of a column of the table, from above."""
    cells = page.locator(f"#c15-dock-body tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def whole(text):
    return int(text.replace(",", ""))


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_view_has_its_tables(map_files, open_page, screenshots, language, width, height):
    page = open_page(map_files[language], width, height)
    for view in VIEWS:
        press(page, "views", view)
        lists = page.locator("#c15-lists button").all() if view != "people" else []
        names = [tab.get_attribute("data-id") for tab in lists] or [None]
        for name in names:
            if len(names) > 1:
                press(page, "lists", name)
            if name:
                assert page.locator("#c15-dock-body tbody tr").count() > 0
            page.wait_for_timeout(100)
            page.screenshot(path=screenshots / f"map_{view}_{name}_{language}_{width}.png")
            body = page.locator("#c15-dock-body")
            assert body.evaluate("e => e.scrollWidth <= e.clientWidth")
            parts = (".c15-panel", "#map_circle15", ".c15-dock", ".c15-footer")
            found = [box for part in parts for box in boxes(page, part)]
            assert all(right <= width and bottom <= height for _, _, right, bottom in found)
            assert page.locator("#map_circle15").bounding_box()["height"] >= 250
    assert page.locator("#c15-dock-body").is_visible()


def test_a_table_sorts_by_click_and_by_keys(map_files, open_page):
    page = open_page(map_files["en"])
    press(page, "views", "communities")
    gap = [whole(text) for text in column(page, 4)]
    assert gap == sorted(gap, reverse=True)
    head = page.locator('#c15-dock-body th:has([data-column="gap"])')
    assert head.get_attribute("aria-sort") == "descending"
    page.click('[data-column="gap"]')
    assert [whole(text) for text in column(page, 4)] == sorted(gap)
    assert head.get_attribute("aria-sort") == "ascending"
    page.focus('[data-column="persons"]')
    page.keyboard.press("Enter")
    people = [whole(text) for text in column(page, 2)]
    assert people == sorted(people, reverse=True)
    assert head.get_attribute("aria-sort") is None
    assert page.locator("#c15-dock-body [aria-sort]").count() == 1
    press(page, "cutoffs", 5)  # what is sorted by stays
    people = [whole(text) for text in column(page, 2)]
    assert people == sorted(people, reverse=True)


def test_the_table_of_streets_is_that_of_the_run(map_files, open_page, sample_result):
    page = open_page(map_files["en"])
    press(page, "views", "communities")
    press(page, "lists", "street")
    group, speed = sample_result.study.demand.group, sample_result.study.walk.speed_m_s
    for choice, cutoff in (("all", 15), ("meal_point", 5)):
        press(page, "choices", choice)
        press(page, "cutoffs", cutoff)
        names, people, gap, unknown = (column(page, k) for k in (1, 2, 4, 5))
        shown = {
            name: (whole(a), whole(b), whole(c))
            for name, a, b, c in zip(names, people, gap, unknown, strict=True)
        }
        rows = [
            row
            for row in sample_result.zone_rows
            if (row.level, row.category, row.cutoff_min) == ("street", choice, cutoff)
            and (row.group, row.speed_m_s) == (group, speed)
        ]
        assert len(rows) == len(shown) == 12
        for row in rows:
            total, _, missed, not_known = (whole(n) for n in split_people(row.counts))
            assert shown[row.name] == (total, missed, not_known)


def test_rows_and_shapes_point_at_each_other(map_files, open_page):
    page = open_page(map_files["zh"])
    press(page, "views", "communities")
    page.locator("#c15-dock-body tbody tr").nth(3).hover()
    assert page.locator(MARK).count() == 2
    zoom = page.evaluate("map_circle15.getZoom()")
    page.locator("#c15-dock-body tbody tr").nth(3).click()
    page.wait_for_timeout(500)
    assert page.evaluate("map_circle15.getZoom()") > zoom
    frame, window = boxes(page, MARK)[0], boxes(page, "#map_circle15")[0]
    assert frame[0] >= window[0]
    assert frame[2] <= window[2]
    card = page.locator(".leaflet-popup .c15-card h3").inner_text()
    assert card == page.locator("#c15-dock-body tbody tr th").nth(3).inner_text()
    page.keyboard.press("Escape")
    page.mouse.move((window[0] + window[2]) / 2, (window[1] + window[3]) / 2)
    marked = page.locator("#c15-dock-body tr.c15-marked")
    marked.wait_for()
    named = page.locator(".leaflet-tooltip h3").inner_text()
    assert marked.locator("th").inner_text() == named
    row, table = boxes(page, "tr.c15-marked")[0], boxes(page, "#c15-dock-body")[0]
    assert table[1] <= row[1] <= row[3] <= table[3]


def test_rows_are_walked_through_with_the_arrows(map_files, open_page):
    page = open_page(map_files["zh"])
    press(page, "views", "gaps")
    page.locator(".c15-name").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText") == "3"
    assert page.locator(MARK).count() == 2
    zoom = page.evaluate("map_circle15.getZoom()")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert page.evaluate("map_circle15.getZoom()") > zoom
    page.keyboard.press("Escape")  # its card, back to the row
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.innerText") == "1"


def test_gap_areas_are_ranked_and_sum_to_the_gap(map_files, open_page):
    page = open_page(map_files["en"])
    press(page, "views", "gaps")
    for choice in ("care_home", "home_care_station"):
        press(page, "choices", choice)
        people = [whole(text) for text in column(page, 3)]
        assert people == sorted(people, reverse=True)
        gap = whole(page.locator(".c15-figures td:nth-child(2)").nth(1).inner_text())
        note = page.locator("#c15-dock-note").inner_text()
        more = re.fullmatch(r"Smaller areas: \d+, with ([\d,]+) people in all\.", note)
        assert bool(more) == (len(people) == SHOWN)  # or all areas are listed
        listed = sum(people) + (whole(more[1]) if more else 0)
        assert abs(listed - gap) <= len(people) / 2 + 2  # each is rounded by itself
        assert page.locator(".leaflet-c15-gaps-pane path").count() == len(people)


def test_a_rule_tells_its_clause(map_files, open_page):
    page = open_page(map_files["zh"])
    press(page, "views", "residential")
    press(page, "lists", "rules")
    page.locator(".c15-name", has_text="LX-05").click()
    detail = page.locator(".c15-detail")
    assert "街道养老服务综合体" in detail.inner_text()
    assert page.locator('.c15-name[aria-expanded="true"]').inner_text() == "LX-05"
    page.locator(".c15-name", has_text="LX-05").click()
    assert detail.count() == 0


def test_the_quality_view_lists_what_is_lost(map_files, open_page, sample_result):
    page = open_page(map_files["zh"])
    press(page, "views", "quality")
    faults = page.locator("#c15-dock-body").inner_text()
    table = sample_result.facilities
    lost = table[(table["snap_code"] != "") | table["position_unsure"]]
    assert len(lost) > 0
    for name in lost["name"]:
        assert name in faults
    press(page, "lists", "unknown")
    press(page, "choices", "care_home")
    unknown = whole(page.locator(".c15-figures td:nth-child(2)").nth(2).inner_text().split()[0])
    listed = [whole(text) for text in column(page, 2)]
    assert abs(sum(listed) - unknown) <= len(listed)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_stay_text_in_tables(open_page, tmp_path, name):
    file = tmp_path / "map.html"
    file.write_text(build_map(small_result(name=name), "zh"), encoding="utf-8")
    page = open_page(file, 1280, 800)
    press(page, "views", "facilities")
    assert page.locator(".c15-name").first.evaluate("e => e.textContent") == name
    body = page.locator("#c15-dock-body")
    assert body.evaluate("e => e.scrollWidth <= e.clientWidth && e.querySelector('img') === null")


def test_five_hundred_communities_are_sorted_and_switched_at_once(
    open_page, tmp_path, sample_result
):
    """The communities of the sample, taken several times over under other names."""
    import geopandas as gpd
    import pandas as pd

    communities = sample_result.area.communities
    copies, rows = [], []
    for k in range(4):
        copies.append(communities.assign(zone_id=[f"{k}-{one}" for one in communities["zone_id"]]))
        rows += [
            dataclasses.replace(row, zone_id=f"{k}-{row.zone_id}")
            for row in sample_result.zone_rows
            if row.level == "community"
        ]
    many = gpd.GeoDataFrame(pd.concat(copies, ignore_index=True), crs=communities.crs)
    area = dataclasses.replace(sample_result.area, communities=many.iloc[:500])
    result = dataclasses.replace(sample_result, area=area, zone_rows=rows)
    file = tmp_path / "map.html"
    file.write_text(build_map(result, "zh"), encoding="utf-8")
    page = open_page(file)
    press(page, "views", "communities")
    assert page.locator("#c15-dock-body tbody tr").count() == 500
    script = """selector => new Promise(done => {
        const start = performance.now();
        document.querySelector(selector).click();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    })"""
    for selector in (
        '#c15-cutoffs [data-id="10"]',
        '#c15-choices [data-id="care_home"]',
        '[data-column="name"]',
    ):
        tries = [page.evaluate(script, selector) for _ in range(3)]
        print(selector, tries)
        assert min(tries) <= 600  # a shared machine; `make bench` measures the figure
