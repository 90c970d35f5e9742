"""A browser that must be silent and offline: no console message, no error, no outside request."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request


ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "data:", "blob:", "about:")


# The headless shell is the same engine; a window of it takes a quarter of the work.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium() -> str | None:
    """Return the path of Chromium on this machine, None without one."""
    named = os.environ.get("CIRCLE15_CHROMIUM", "")
    return named or next(filter(None, map(shutil.which, PROGRAMS)), None)


class OpenPage(Protocol):
    """Opens a file in a window of its own."""

    def __call__(
        self, path: Path, width: int = 1440, height: int = 900, *, before: str = ""
    ) -> Page: ...


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Return the folder of the pictures that people look at; git ignores it."""
    folder = Path(__file__).parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium with a fresh profile."""
    program = chromium()
    if program is None:
        pytest.skip("no chromium on this machine: browser tests are skipped")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """
    Open a file in a window of a given size, with the network off; a map is ready for use.

    `before` is a script that the browser runs first.

    When the test ends, any console warning or error, any uncaught error and any request that
    leaves the file fails it.
    """
    problems: list[str] = []
    contexts = []

    def note_message(message: ConsoleMessage) -> None:
        problems.append(f"console {message.type}: {message.text}")

    def note_request(request: Request) -> None:
        if not request.url.startswith(LOCAL):
            problems.append(f"request: {request.url[:200]}")

    def open_file(path: Path, width: int = 1440, height: int = 900, *, before: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.set_default_timeout(10_000)
        page.on("console", note_message)
        page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
        page.on("request", note_request)
        page.goto(path.resolve().as_uri())
        page.evaluate("() => window.circle15 && circle15.ready")
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert problems == []


def press_every_choice(page: Page) -> None:
    """Press each view of the map, and within it each category and cutoff that it offers."""
    for view in page.locator("#c15-views button").all():
        view.click()
        for group in ("choices", "cutoffs"):
            for button in page.locator(f"#c15-{group} button:visible").all():
                button.click()
