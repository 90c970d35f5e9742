"""The card of a gap area: missing services, walking times and homes of its people; its focus."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.builders.map_pages import map_files, press
from tests.builders.map_use import CARD, FOCUS
from tests.builders.small_map import small_result

from circle15.output.map.html import build_map
from circle15.output.text.numbers import clock
from circle15.planning.gaps.gap_reasons import REASONS, GapReason
from circle15.results.gaps.gap_places import gap_homes, gap_place, headline_areas
from circle15.study.vocabulary import columns as c

__all__ = ["map_files"]  # a fixture

AREAS = ".leaflet-c15-gaps-pane path"


def shape_of(page, rank):
    return page.locator(f'{AREAS}[aria-label^="Gap area {rank}:"]')


def whole(text):
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize("rank", [1, 2, 5])
def test_the_card_says_what_report_and_layer_say(map_files, open_page, sample_result, rank):
    page = open_page(map_files["en"])
    press(page, "views", "gaps")
    shape_of(page, rank).focus()
    page.keyboard.press("Enter")
    rows = page.locator(f"{CARD} tr").all_inner_texts()
    found = dict(row.split("\t") for row in rows if "\t" in row)
    homes = gap_homes(sample_result)
    assert homes is not None
    areas = headline_areas(sample_result)
    assert areas is not None
    place = gap_place(homes, areas.of_home == rank)
    assert whole(found["Out of reach, people aged 60+"]) == round(place.people / c.MICRO)
    for category, label in (
        ("home_care_station", "Home-care station"),
        ("meal_point", "Meal site"),
    ):
        assert whole(found[label]) == round(place.lacking[category] / c.MICRO)
    minutes, seconds = re.findall(r"\d+", found["Time to the farthest service lacking (median)"])
    assert f"{minutes}:{int(seconds):02}" == clock(place.time_ms / 1000)
    assert place.reason is not None
    reasons = {
        "no_site": "no site near",
        "gate": "locked gate or private way",
        "detour": "long way",
    }
    assert found["Main reason"] == reasons[place.reason.value]
    by_reason = {REASONS[k].value: n for k, n in enumerate(place.by_reason) if n}
    for reason, label in reasons.items():
        if reason in by_reason:
            assert abs(whole(found[label]) - by_reason[reason] / c.MICRO) <= 1
    if place.covered[GapReason.GATE]:
        helped = whole(found["gates and private ways open to all"])
        assert helped == round(place.covered[GapReason.GATE] / c.MICRO)
    # The communities hold all of its people.
    begin = rows.index("Communities")
    people = [whole(row.split("\t")[1]) for row in rows[begin + 1 :]]
    assert abs(sum(people) - place.people / c.MICRO) <= 1
    named = [row.split("\t")[0] for row in rows[begin + 1 :]]
    ids = sample_result.demand[c.COMMUNITY_ID].to_numpy(object)[homes.row[areas.of_home == rank]]
    names = dict(
        zip(
            sample_result.area.communities[c.ZONE_ID],
            sample_result.area.communities[c.NAME],
            strict=True,
        )
    )
    expected = {names[one] for one in ids}
    assert set(named[:6]) <= expected
    assert len(expected) == len(named) if len(expected) <= 6 else named[-1].endswith("more")
    assert f"gap_areas › area_id = all-{rank}" in page.locator(CARD).inner_text()


def test_one_service_names_no_other_and_no_layer(map_files, open_page):
    page = open_page(map_files["en"])
    press(page, "views", "gaps")
    press(page, "choices", "meal_point")
    press(page, "cutoffs", "10")
    shape_of(page, 1).focus()
    page.keyboard.press("Enter")
    text = page.locator(CARD).inner_text()
    assert "by service" not in text
    assert "Meal site · 10 min" in text
    assert "gap_areas" not in text


def test_a_row_of_the_list_opens_the_card_and_gets_the_focus_back(map_files, open_page):
    page = open_page(map_files["zh"])
    press(page, "views", "gaps")
    page.locator("#c15-dock-body .c15-name").nth(2).click()
    assert page.locator(f"{CARD} h3").inner_text().startswith("第 3 片")
    assert "涉及社区" in page.locator(CARD).inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate(f"{FOCUS}.className") == "c15-name"


@pytest.mark.parametrize("view", ["gaps", "communities", "residential", "facilities"])
def test_a_click_leaves_no_box_and_keys_show_the_focus(map_files, open_page, view):
    page = open_page(map_files["zh"])
    press(page, "views", view)
    pane = {"gaps": "gaps", "communities": "areas", "residential": "zones", "facilities": "sites"}
    path = f".leaflet-c15-{pane[view]}-pane path"
    # Whatever takes the focus: by the pointer no outline, by keys a stroke in our colour.
    page.locator(path).first.dispatch_event("click")
    looks = page.eval_on_selector_all(
        path, "all => all.map(e => { e.focus(); return getComputedStyle(e).outlineStyle; })"
    )
    assert set(looks) == {"none"}
    page.keyboard.press("Escape")
    page.focus(f"{path}[tabindex='0']")
    page.keyboard.press("ArrowRight")
    style = page.evaluate(
        f"(() => {{ const s = getComputedStyle({FOCUS}); return [s.stroke, s.outlineStyle]; }})()"
    )
    assert style == ["rgb(245, 163, 0)", "none"]


@pytest.mark.parametrize("times", [None, 61_500])
def test_without_zones_and_beyond_the_hour(open_page, tmp_path, times):
    """No communities: none are listed; nobody gets there within the hour: that is said."""
    plain = small_result()
    coverage = plain.coverage.assign(time_ms=np.where(plain.coverage["state"] == "gap", times, 1))
    file = tmp_path / "map.html"
    file.write_text(build_map(small_result(coverage=coverage), "en"), encoding="utf-8")
    page = open_page(file)
    press(page, "views", "gaps")
    shape_of(page, 1).focus()
    page.keyboard.press("Enter")
    text = page.locator(CARD).inner_text()
    assert "lies in" not in text
    assert ("none within 60 min" if times is None else "1 min 2 s") in text
