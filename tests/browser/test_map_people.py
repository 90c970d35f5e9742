"""What the map shows of the places where people live: the values of the run, in the browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.builders.coverage import drawn_coverage
from tests.builders.map_people import people_of, unpack
from tests.builders.map_use import point_at
from tests.builders.painted_cells import lay_out_cells
from tests.builders.small_map import small_result

from circle15.access.states import State
from circle15.output.charts.class_breaks import class_breaks
from circle15.output.map.cells import CODE_WORDS
from circle15.output.map.html import build_map
from circle15.output.text.palette import COVERED_COLOUR, GAP_COLOURS, UNKNOWN_COLOUR, UNKNOWN_LINE
from circle15.results.drawn_places import find_places
from circle15.results.states_by_choice import states_by_choice
from circle15.study.messages import messages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

    from circle15.results.records import StudyResult


@pytest.fixture(scope="session")
def sample_maps(
    sample_result: StudyResult, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The map of the sample, by language."""
    folder = tmp_path_factory.mktemp("people")
    files = {}
    for language in ("zh", "en"):
        files[language] = folder / f"map_{language}.html"
        files[language].write_text(
            build_map(sample_result, "zh" if language == "zh" else "en"), encoding="utf-8"
        )
    return files


def everything(result: StudyResult) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """
    What the coverage table says of each home, straight from its rows.

    Time, facility and state by home, category and cutoff; -1 and "" stand for none.
    """
    table = drawn_coverage(result)
    key = [table[name].tolist() for name in ("demand_id", "category", "cutoff_min")]
    time = table["time_ms"].fillna(-1).tolist()
    site = table["facility_id"].astype(object).fillna("").tolist()
    value = zip(time, site, table["state"].tolist(), strict=True)
    return dict(zip(zip(*key, strict=True), value, strict=True))


def test_the_map_holds_the_very_values_of_the_sample(sample_result: StudyResult) -> None:
    """Every home with people inside is on the map, once, with its state, time and site."""
    result = sample_result
    layer = people_of(result)
    assert layer is not None
    values = unpack(layer.meta["columns"], layer.packed)
    homes = result.demand.set_index("demand_id")
    inside = homes[homes["in_area"].astype(bool) & (homes["p60_micro"] > 0)]
    assert sorted(layer.ids) == sorted(inside.index)
    assert values["micro"] == homes["p60_micro"].loc[layer.ids].tolist()
    (row,) = (
        row
        for row in result.coverage_rows
        if (row.category, row.group, row.cutoff_min, float(row.speed_m_s))
        == ("all", "p60", 15, 1.0)
    )
    place = np.repeat(np.arange(layer.meta["n"]), values["parts"])
    micro = np.array(values["micro"])
    for state, counted in (("covered", row.counts.covered), ("gap", row.counts.gap)):
        mine = np.array(values["code:all:15"])[place] == CODE_WORDS.index(state)
        assert int(micro[mine].sum()) == counted
    assert int(micro.sum()) == row.counts.persons
    table, sites = everything(result), result.facilities["facility_id"].tolist()
    for category in result.categories:
        for cutoff in result.study.walk.cutoffs_min:
            codes = values[f"code:{category}:{cutoff}"]
            for part, key in enumerate(layer.ids):
                time, site, state = table[key, category, cutoff]
                at = int(place[part])
                assert min(codes[at], 2) == ["covered", "gap", "unknown"].index(state)
                seconds, number = (values[f"{k}:{category}"][at] for k in ("seconds", "site"))
                assert seconds == (0 if time < 0 else -(-time // 1000) + 1)
                assert [*sites, ""][number] == site


def rgba(colour: str, opacity: int) -> int:
    """A pixel as a browser holds it: red in the lowest byte."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red | green << 8 | blue << 16 | opacity << 24


def expected_pixels(result: StudyResult, choice: str, cutoff: int) -> np.ndarray:
    """The picture of the cells, worked out from the run with numpy."""
    places = find_places(result)
    assert places is not None
    states = states_by_choice(result)
    state = states[choice, cutoff][places.row[places.first]]
    level = np.searchsorted(class_breaks(places.people), places.people, side="right")
    picture = lay_out_cells(places.lon, places.lat, cell_m=result.population.cell_m or 100.0)
    assert picture is not None
    row, column = np.mgrid[0 : picture.cell.shape[0], 0 : picture.cell.shape[1]]
    shown = np.append(state, -1)[picture.cell]
    gaps = np.array([rgba(colour, 235) for colour in GAP_COLOURS])
    dotted = (row % 4 == 1) & (column % 4 == 1)
    hatched = (row + column) % 4 == 0
    found: np.ndarray = np.select(
        [
            shown == State.GAP,
            (shown == State.COVERED) & dotted,
            (shown == State.UNKNOWN) & hatched,
            shown == State.UNKNOWN,
        ],
        [
            gaps[np.append(level, 0)[picture.cell]],
            rgba(COVERED_COLOUR, 110),
            rgba(UNKNOWN_LINE, 235),
            rgba(UNKNOWN_COLOUR, 200),
        ],
        default=0,
    )
    return found


def test_the_picture_shows_the_state_of_every_cell(
    sample_result: StudyResult, sample_maps: dict[str, Path], open_page: OpenPage
) -> None:
    page = open_page(sample_maps["zh"])
    for choice, cutoff in (("all", 15), ("care_home", 5)):
        page.click(f'#c15-choices button[data-id="{choice}"]')
        page.click(f'#c15-cutoffs button[data-id="{cutoff}"]')
        width, *pixels = page.evaluate(
            """([choice, cutoff]) => {
              const people = circle15.data.people;
              const codes = people.column("code:" + choice + ":" + cutoff);
              const pixels = new Uint32Array(people.width * people.height);
              circle15.colourPixels(people, people.known, codes, circle15.data.colours, pixels);
              const canvas = document.querySelector(".leaflet-c15-people-pane canvas");
              const copy = new OffscreenCanvas(people.width, people.height).getContext("2d");
              copy.drawImage(canvas, 0, 0);
              const drawn = copy.getImageData(0, 0, people.width, people.height);
              // A canvas keeps colours multiplied by their opacity: the opacity itself is exact.
              drawn.data.forEach((value, k) => {
                if (k % 4 === 3 && value !== pixels[(k - 3) / 4] >>> 24) {
                  throw new Error("another picture is drawn");
                }
              });
              return [people.width, ...pixels];
            }""",
            [choice, cutoff],
        )
        shown = np.array(pixels).reshape(-1, width)
        expected = expected_pixels(sample_result, choice, cutoff)
        assert len(np.unique(expected)) > 4
        assert (shown == expected).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cell_tells_what_the_run_found(
    language: str,
    sample_result: StudyResult,
    sample_maps: dict[str, Path],
    open_page: OpenPage,
    screenshots: Path,
) -> None:
    """People, states, seconds, sites, reasons, zones and the id, as the tables have them."""
    result = sample_result
    page = open_page(sample_maps[language])
    # Playwright's own waiting evaluates text in the page, which its content policy refuses.
    page.evaluate(
        """() => new Promise(done => {
          const watch = setInterval(() => {
            if (circle15.ids) {
              clearInterval(watch);
              done();
            }
          }, 5);
        })"""
    )
    for layer in ("sites", "outlines"):
        page.locator(f"#c15-layer-{layer}").set_checked(False)
    places, layer_of, table = find_places(result), people_of(result), everything(result)
    assert places is not None
    assert layer_of is not None
    values = unpack(layer_of.meta["columns"], layer_of.packed)
    names = result.facilities.set_index("facility_id")["name"].to_dict()
    communities = result.area.communities.set_index("zone_id")["name"].to_dict()
    codes = np.array(values["code:all:15"])
    several = np.flatnonzero(places.parts > 1)
    wanted = [int(np.flatnonzero(codes == code)[-40]) for code in (0, 1, 2)] + [int(several[30])]
    for place in wanted:
        rows = places.row[places.first[place] : places.first[place] + places.parts[place]]
        homes = result.demand.iloc[rows]
        page.mouse.move(5, 5)
        page.mouse.move(*point_at(page, places.lon[place], places.lat[place]))
        tip = page.locator(".c15-tip")
        tip.wait_for()
        text = tip.inner_text()
        persons = homes["p60_micro"].sum() / 1e6
        assert re.search(rf"{persons:.2f}".rstrip("0").rstrip("."), text.replace(",", ""))
        for key in homes["demand_id"]:
            assert key in text
        for key in homes["community_id"].dropna():
            assert communities[key] in text
        for category in result.study.circle.require:
            time, site, _ = table[homes["demand_id"].iloc[0], category, 15]
            if time >= 0:
                minutes, seconds = divmod(-(-time // 1000), 60)
                said = {"zh": f"步行 {minutes} 分 {seconds} 秒", "en": f"{minutes} min {seconds} s"}
                assert said[language] in text
                assert names[site] in text
    page.screenshot(path=screenshots / f"map_cell_{language}_1440.png")
    page.mouse.move(5, 5)
    page.locator(".c15-tip").wait_for(state="detached")


def test_a_tap_keeps_the_card_open(
    sample_result: StudyResult, sample_maps: dict[str, Path], open_page: OpenPage
) -> None:
    page = open_page(sample_maps["zh"], 1024, 768)
    page.locator("#c15-layer-sites").set_checked(False)
    places = find_places(sample_result)
    assert places is not None
    x, y = point_at(page, places.lon[3000], places.lat[3000])
    page.mouse.click(x, y)
    card = page.locator(".leaflet-popup .c15-card")
    card.wait_for()
    page.mouse.move(5, 5)
    assert "这一格" in card.inner_text()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")


def test_a_point_tells_its_reason(open_page: OpenPage, tmp_path: Path) -> None:
    """A home whose state is unknown says why, and what would settle it."""
    plain = small_result()
    result: Any = small_result(
        coverage=plain.coverage.assign(unknown_reason=["", "", "LIST_ENDS"] * 3)
    )
    file = tmp_path / "map.html"
    file.write_text(build_map(result, "en"), encoding="utf-8")
    page = open_page(file, 1024, 768)
    places = find_places(result)
    assert places is not None
    page.mouse.move(*point_at(page, places.lon[2], places.lat[2]))
    tip = page.locator(".c15-tip")
    tip.wait_for()
    why, settle = (messages("en")[f"reasons.LIST_ENDS{more}"] for more in ("", "_settle"))
    for word in ("1 ", "unknown", why, settle, "people.csv"):
        assert word in tip.inner_text()
    page.mouse.move(*point_at(page, places.lon[1], places.lat[1]))
    assert "gap" in tip.inner_text()
    assert settle not in tip.inner_text()
