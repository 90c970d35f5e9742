"""Trying sites on the page as a planner does: place, drag, close, save, read the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15.access.counting import Counts
from circle15.output.text.numbers import count, whole_people
from tests.builders.map_pages import boxes, press
from tests.builders.map_use import CARD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from circle15.results.records import StudyResult


STATION = "home_care_station"
MARK = ".c15-tried"
WEST, SOUTH_WEST, EAST, SOUTH_EAST = (
    (120.2679, 31.5806), (120.27194, 31.55095), (120.33488, 31.57752), (120.31987, 31.54567)
)  # fmt: skip
"""Places in gaps of the sample."""
MIDDLE = (120.30, 31.58)
OUTSIDE = (120.33, 31.612)
SAID = ".c15-try-said"
NO_STORAGE = """Object.defineProperty(window, 'localStorage', {
    get() { throw new DOMException('denied', 'SecurityError'); } });"""


def start(page: Page, category: str = STATION) -> None:
    """Open the tool for a service, and wait for the streets."""
    press(page, "views", "try")
    press(page, "choices", category)
    page.locator("#c15-try-place:enabled").wait_for()


def at(page: Page, spot: tuple[float, float]) -> tuple[float, float]:
    """Return the point of the window at a longitude and latitude."""
    left, top, _, _ = boxes(page, "#map_circle15")[0]
    x, y = page.evaluate(
        "([lon, lat]) => { const at = map_circle15.latLngToContainerPoint([lat, lon]);"
        " return [at.x, at.y]; }",
        list(spot),
    )
    return left + x, top + y


def place(page: Page, spot: tuple[float, float]) -> None:
    page.mouse.click(*at(page, spot))


def middle(page: Page, number: int) -> tuple[float, float]:
    left, top, far, low = boxes(page, f"{MARK}[data-number='{number}']")[0]
    return (left + far) / 2, (top + low) / 2


def drag(page: Page, number: int, spot: tuple[float, float]) -> None:
    page.mouse.move(*middle(page, number))
    page.mouse.down()
    page.mouse.move(*at(page, spot), steps=8)
    page.wait_for_timeout(60)


def close(page: Page, site: str) -> None:
    """Close a site of the shown service, or open it again, by its card."""
    page.evaluate(
        """id => {
          const {data, stage} = circle15;
          const {choice} = stage.state;
          const shown = data.facilities.filter(one => one.category === choice && one.at);
          const marks = document.querySelectorAll('.leaflet-c15-sites-pane [role=button]');
          marks[shown.findIndex(one => one.id === id)].dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
        }""",
        site,
    )
    page.locator(f"{CARD} .c15-act").first.click()


def figures(page: Page) -> dict[str, Any]:
    """Return what the panel says: today and then by state, newly covered, no longer covered."""
    rows = page.locator(".c15-tried-figures tbody tr")
    states = [rows.nth(k).locator("td").all_inner_texts() for k in range(3)]
    moves = page.locator("#c15-figures .c15-moved b").all_inner_texts()
    today, then = ([own[k] for own in states] for k in (0, 1))
    return {"today": today, "then": then, "gained": moves[0], "lost": moves[1]}


def zones(page: Page, level: str) -> dict[str, list[str]]:
    """Return the rows of the table of zones by id: newly covered, no longer, gap, unknown, rank."""
    press(page, "lists", f"tried_{level}")
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#c15-dock-body tr[data-key]')]
            .map(row => [row.dataset.key,
                [...row.querySelectorAll('td')].map(e => e.innerText)]))"""
    )
    return found


def save(page: Page, folder: Path) -> str:
    """Save the files into a folder and add the lines to its study; return the scenario's name."""
    page.click("#c15-try-save")
    for button in page.locator(".c15-save .c15-tools button").all():
        with page.expect_download() as download:
            button.click()
        download.value.save_as(folder / download.value.suggested_filename)
    lines, command = page.locator(".c15-save pre").all_inner_texts()
    page.locator(".c15-save > button").click()
    study = folder / "study.toml"
    study.write_text(f"{study.read_text('utf-8')}\n{lines}\n", "utf-8")
    return command.split()[-1]


def counted(result: StudyResult, category: str, minutes: int) -> list[str]:
    """Return the people of a run by state, as printed."""
    group, speed = result.study.demand.group, result.study.walk.speed_m_s
    (row,) = [
        one
        for one in result.coverage_rows
        if (one.category, one.cutoff_min, one.group) == (category, minutes, group)
        and one.speed_m_s == speed
    ]
    return [count(persons) for persons in whole_people(row.counts)]


def zone_counts(result: StudyResult, level: str, category: str, minutes: int) -> dict[str, Counts]:
    return {
        one.zone_id: one.counts
        for one in result.zone_rows
        if (one.level, one.category, one.cutoff_min) == (level, category, minutes)
        and one.group == result.study.demand.group
        and one.speed_m_s == result.study.walk.speed_m_s
    }
