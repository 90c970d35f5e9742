"""Using a map in Chromium: opening, zooming and switching it, and the memory that it holds."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

PAINT_MS, USABLE_MS, SWITCH_MS, ZOOM_MS, HEAP_MB = 1500.0, 2500.0, 150.0, 250.0, 500.0

# Presses each button and waits until what it changed has been painted.
_SWITCH = """async () => {
  const painted = () => new Promise(r => requestAnimationFrame(() => setTimeout(r)));
  const times = [];
  for (const choice of circle15.data.choices) {
    for (const cutoff of circle15.data.cutoffs) {
      for (const [group, id] of [["choices", choice.id], ["cutoffs", cutoff]]) {
        const button = [...document.querySelectorAll(`#c15-${group} button`)]
          .find(one => one.dataset.id === String(id));
        if (button.getAttribute("aria-pressed") === "true") {
          continue;
        }
        const begin = performance.now();
        button.click();
        await painted();
        times.push(performance.now() - begin);
      }
    }
  }
  return times;
}"""

# Notes when the map can be used: its data are read, drawn and painted.
_NOTE = """addEventListener("DOMContentLoaded", () => {
  const watch = setInterval(() => {
    if (window.circle15 && circle15.ready) {
      clearInterval(watch);
      circle15.ready.then(() => requestAnimationFrame(() => setTimeout(() => {
        window.usableAt = performance.now();
      })));
    }
  }, 1);
});"""


# Playwright's own waiting evaluates text in the page, which its content policy refuses.
_WAIT = """() => new Promise(done => {
  const watch = setInterval(() => {
    if (window.usableAt) {
      clearInterval(watch);
      done(window.usableAt);
    }
  }, 5);
})"""


# Zooms in and out by whole levels, each until all is drawn and painted; then pans by half a view.
_ZOOM = """async () => {
  const painted = () => new Promise(r => requestAnimationFrame(() => setTimeout(r)));
  const done = async change => {
    const begin = performance.now();
    change();
    do {
      await painted();
    } while (circle15.streets.busy);
    return performance.now() - begin;
  };
  const first = map_circle15.getZoom();
  const zooms = [], pans = [];
  for (const by of [1, 2, 3, 5, 3, 2, 1, 0]) {
    zooms.push(await done(() => map_circle15.setZoom(first + by, {animate: false})));
  }
  map_circle15.setZoom(first + 2, {animate: false});
  await done(() => {});
  for (const by of [[500, 0], [0, 400], [-500, -400]]) {
    pans.push(await done(() => map_circle15.panBy(by, {animate: false})));
  }
  return [zooms, pans];
}"""


@dataclass(frozen=True)
class Use:
    """
    Milliseconds to the first paint, until the map can be used, and for each change of it.

    `heap_mb` is what scripts hold when the map has been used, their arrays among it.
    """

    paint: float
    usable: float
    zooms: list[float]
    pans: list[float]
    switches: list[float]
    heap_mb: float


def in_chromium(page: Path, rounds: int, *, usable_ms: float = USABLE_MS) -> list[str]:
    """Open and use a page in windows of its own, and describe the median of the rounds."""
    program = os.environ.get("CIRCLE15_CHROMIUM", "") or shutil.which("chromium")
    if not program:
        return ["no chromium on this machine: use is left out"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        uses = [_use(browser, page) for _ in range(rounds)]
        browser.close()
    return [
        row("first paint", median(use.paint for use in uses), PAINT_MS, "ms"),
        row("usable", median(use.usable for use in uses), usable_ms, "ms"),
        _several("a zoom", [use.zooms for use in uses], ZOOM_MS),
        _several("a pan", [use.pans for use in uses], ZOOM_MS),
        _several("switching", [use.switches for use in uses], SWITCH_MS),
        row("heap, arrays included", median(use.heap_mb for use in uses), HEAP_MB, "MB"),
    ]


def row(what: str, value: float, limit: float, unit: str, *, digits: int = 0) -> str:
    """Write a figure beside its limit."""
    verdict = "ok" if value <= limit else "OVER"
    return f"{what:<28}{value:9.{digits}f} {unit:<2} (≤ {limit:g})  {verdict}"


def _several(what: str, by_round: list[list[float]], limit: float) -> str:
    times = sorted(time for one in by_round for time in one)
    worst = f", slowest {times[-1]:.0f}, of {len(times) // len(by_round)}"
    return row(what, median(times), limit, "ms") + worst


def _use(browser: Browser, page: Path) -> Use:
    """Open the map in a window of its own, zoom, pan, and switch through all choices."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    window = context.new_page()
    window.set_default_timeout(120_000)
    window.add_init_script(_NOTE)
    window.goto(page.as_uri())
    usable = window.evaluate(_WAIT)
    paint = window.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    switches = window.evaluate(_SWITCH)
    zooms, pans = window.evaluate(_ZOOM)
    session = context.new_cdp_session(window)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    held = session.send("Runtime.getHeapUsage")
    heap_mb = (held["usedSize"] + held.get("backingStorageSize", 0)) / 1e6
    context.close()
    return Use(paint, usable, zooms, pans, switches, heap_mb)
