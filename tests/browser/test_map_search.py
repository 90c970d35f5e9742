"""Search in the map, also by Chinese input methods, in a browser with the network off."""

from __future__ import annotations

from tests.builders.map_pages import boxes, map_files
from tests.builders.map_use import (
    CARD,
    FOCUS,
    OPTIONS,
    choose,
    search,
)

from circle15.study.vocabulary import columns as c

__all__ = ["map_files"]  # a fixture

OWN = ".leaflet-c15-own-pane path"


def test_the_search_finds_every_kind_by_name_and_id(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    assert search(page, "示例五街道")[0].startswith("示例五街道\n街道")
    assert "社区" in search(page, "示例一第1社区")[0]
    assert search(page, "Z-17") == ["示例小区17号(合成)\n居住区 · Z-17"]
    stations = search(page, "s-00")
    assert len(stations) == 9
    assert all("居家养老服务站 · S-00" in one for one in stations)
    assert "找到 9 项" in page.locator("#c15-found-said").inner_text()
    page.screenshot(path=screenshots / "map_search_zh_1440.png")
    # Full width and capitals are the same; so are blanks around.
    assert search(page, "  ｓ－００ ") == stations
    # A word of the category and a part of the name, in any order.
    assert all("助餐点" in one for one in search(page, "助餐点 示例二"))
    search(page, "")
    assert page.locator("#c15-found").is_hidden()


def test_an_exact_id_comes_first(map_files, open_page):
    page = open_page(map_files["en"])
    for wanted in ("S-001", "Z-01", "s-100"):
        first = search(page, wanted)[0].splitlines()[1]
        assert first.split(" · ")[1].lower() == wanted.lower()


def test_nothing_found_is_said(map_files, open_page):
    page = open_page(map_files["en"])
    assert search(page, "no such <b>place</b>") == []
    assert page.get_by_role("status").inner_text() == "Nothing found for no such <b>place</b>"
    page.keyboard.press("Enter")
    assert page.locator(CARD).count() == 0
    page.keyboard.press("Escape")
    assert page.get_by_role("status").inner_text() == ""


def test_the_list_is_used_by_keys_as_a_combobox(map_files, open_page):
    page = open_page(map_files["zh"])
    page.keyboard.press("/")
    box = page.get_by_role("combobox")
    assert box.evaluate("e => e === document.activeElement")
    page.keyboard.type("s-00")
    assert box.get_attribute("aria-expanded") == "true"
    ids = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        ids.append(box.get_attribute("aria-activedescendant"))
        page.keyboard.press(key)
    ids.append(box.get_attribute("aria-activedescendant"))
    assert [int(one.rpartition("-")[2]) for one in ids] == [0, 1, 2, 1, 0, 8]
    chosen = page.locator('[role=option][aria-selected="true"]')
    assert chosen.count() == 1
    name = chosen.inner_text().splitlines()[0]
    page.keyboard.press("Escape")
    assert page.locator("#c15-found").is_hidden()
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "s-00"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.locator(f"{CARD} h3").inner_text() == name
    # Focus is in the card; closing it gives it back to the search.
    assert page.evaluate(f"{FOCUS}.getAttribute('role')") == "dialog"
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    assert page.evaluate(f"{FOCUS}.id") == "c15-search"


def test_a_hidden_layer_is_switched_on(map_files, open_page):
    page = open_page(map_files["zh"])
    assert not page.locator("#c15-layer-residential").is_checked()
    choose(page, "Z-17")
    assert page.locator("#c15-layer-residential").is_checked()
    assert page.locator(".leaflet-c15-zones-pane path").count() > 30
    # A care home is not among the required services: it is one of the others.
    page.keyboard.press("Escape")
    assert not page.locator("#c15-layer-others").is_checked()
    choose(page, "养老机构")
    assert page.locator("#c15-layer-others").is_checked()


def test_a_street_is_framed_and_gone_to(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    card = choose(page, "示例十街道")
    assert card.locator("h3").inner_text() == "示例十街道"
    frame = boxes(page, OWN)[0]
    window = boxes(page, "#map_circle15")[0]
    assert (frame[2] - frame[0]) > (window[2] - window[0]) / 3
    assert frame[0] >= window[0]
    assert frame[2] <= window[2]
    page.screenshot(path=screenshots / "map_street_zh_1440.png")


def test_a_facility_without_a_position_says_so(map_files, open_page, sample_result):
    table = sample_result.facilities
    lost = table[table[c.X_M].isna()].iloc[0]
    page = open_page(map_files["en"])
    assert "Has no position." in choose(page, lost[c.FACILITY_ID]).inner_text()


def test_a_click_on_a_result_opens_it(map_files, open_page):
    page = open_page(map_files["zh"])
    page.click("#c15-search")
    page.keyboard.type("S-005")
    page.locator(OPTIONS).first.click()
    assert "S-005" in page.locator(CARD).inner_text()


# --- Chinese input methods


def ime(page):
    """A session that types as an input method does: marked text first, then what it becomes."""
    return page.context.new_cdp_session(page)


def compose(session, text):
    session.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )


def test_composed_letters_are_no_search_and_enter_ends_the_word_alone(map_files, open_page):
    page = open_page(map_files["zh"])
    page.focus("#c15-search")
    session = ime(page)
    for marked in ("s", "sh", "shi", "shi li"):
        compose(session, marked)
        assert page.locator("#c15-found").is_hidden()
        assert page.locator("#c15-found-said").inner_text() == ""
    assert page.input_value("#c15-search") == "shi li"
    # Keys that the input method keeps for itself reach the page as 229.
    for key in ("Enter", "ArrowDown", "Escape"):
        event = {"key": key, "code": key, "windowsVirtualKeyCode": 229}
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **event})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
    assert page.locator(CARD).count() == 0
    assert page.locator("#c15-found").is_hidden()
    session.send("Input.insertText", {"text": "示例五街道"})
    assert page.input_value("#c15-search") == "示例五街道"
    assert page.locator(OPTIONS).first.inner_text().startswith("示例五街道")
    page.keyboard.press("Enter")
    assert page.locator(f"{CARD} h3").inner_text() == "示例五街道"


def test_a_list_that_is_open_stays_while_a_word_is_composed(map_files, open_page):
    page = open_page(map_files["zh"])
    page.focus("#c15-search")
    session = ime(page)
    session.send("Input.insertText", {"text": "示例"})
    before = page.locator(OPTIONS).all_inner_texts()
    compose(session, "wu")
    page.keyboard.press("Enter")
    assert page.locator(CARD).count() == 0
    assert page.locator(OPTIONS).all_inner_texts() == before
    session.send("Input.insertText", {"text": "五"})
    assert all("示例五" in one for one in page.locator(OPTIONS).all_inner_texts())


def test_a_composition_that_is_given_up_searches_what_is_left(map_files, open_page):
    page = open_page(map_files["zh"])
    page.focus("#c15-search")
    session = ime(page)
    compose(session, "meiyou")
    compose(session, "")
    assert page.input_value("#c15-search") == ""
    assert page.locator("#c15-found").is_hidden()
