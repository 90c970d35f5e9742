"""The map of a district of 200,000 cells: building it, its size, and using it in Chromium."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from circle15.output.map.html import build_map
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from tests.bench.district import write_district
from tests.bench.whole_runs import ROOT, SAMPLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from circle15.results.records import StudyResult

LIMIT_MB, SAMPLE_LIMIT_MB = 8.0, 3.0
BUILD_S, BUILD_MB = 3.0, 500.0
PAINT_MS, USABLE_MS, SWITCH_MS = 1500.0, 2500.0, 150.0

# In a process of its own that has read the result and nothing else: the peak above what it held
# before. The map of a tiny result comes first, so that neither imports nor caches are timed.
_BUILD = """
import json, pickle, sys, time
from pathlib import Path
from circle15.output.map.html import build_map
def status(key):
    return int(Path("/proc/self/status").read_text().split(key)[1].split()[0]) / 1024
tiny, large = (pickle.loads(Path(name).read_bytes()) for name in sys.argv[1:3])
build_map(tiny, "zh")
before = status("VmRSS:")
begin, busy = time.perf_counter(), time.process_time()
page = build_map(large, "zh")
seconds, busy = time.perf_counter() - begin, time.process_time() - busy
print(json.dumps([seconds, busy, status("VmHWM:") - before]))
Path(sys.argv[3]).write_text(page, encoding="utf-8", newline="\\n")
"""

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


@dataclass(frozen=True)
class Use:
    """Milliseconds to the first paint, until the map can be used, and for each switch."""

    paint: float
    usable: float
    switches: list[float]


def large_map(rounds: int = 3) -> list[str]:
    """Build and use the map of a district; every person of it is on the map."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = run_study(load_study(write_district(folder / "large")))
        tiny = run_study(load_study(write_district(folder / "tiny", scale=5)))
        files = {"tiny": tiny, "large": result}
        for key, one in files.items():
            (folder / f"{key}.pickle").write_bytes(pickle.dumps(one))
        size = _size_of(result)
        del result, tiny, files
        page = folder / "map.html"
        builds = sorted(_build(folder, page) for _ in range(rounds))
        seconds, busy, megabytes = builds[len(builds) // 2]
        rows = [
            size,
            _row("building", seconds, BUILD_S, "s", digits=2) + f", {busy:.2f} of them at work",
            _row("memory beyond the result", megabytes, BUILD_MB, "MB"),
            _row("size", page.stat().st_size / 1e6, LIMIT_MB, "MB", digits=2),
            *_in_chromium(page, rounds),
        ]
    sample = build_map(run_study(load_study(SAMPLE / "study.toml")), "zh")
    megabytes = len(sample.encode("utf-8")) / 1e6
    return [*rows, _row("size of the sample's map", megabytes, SAMPLE_LIMIT_MB, "MB", digits=2)]


def _size_of(result: StudyResult) -> str:
    cells = int(result.demand["in_area"].sum())
    return (
        f"{cells:,} cells or parts of cells, {len(result.network.u):,} pieces of streets, "
        f"{len(result.area.communities)} communities, {len(result.facilities):,} facilities"
    )


def _row(what: str, value: float, limit: float, unit: str, *, digits: int = 0) -> str:
    verdict = "ok" if value <= limit else "OVER"
    return f"{what:<28}{value:9.{digits}f} {unit:<2} (≤ {limit:g})  {verdict}"


def _build(folder: Path, page: Path) -> tuple[float, float, float]:
    """Seconds, seconds at work (the rest waits for a busy machine), and megabytes."""
    files = [str(folder / "tiny.pickle"), str(folder / "large.pickle"), str(page)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BUILD, *files],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    seconds, busy, megabytes = json.loads(done.stdout)
    return seconds, busy, megabytes


def _in_chromium(page: Path, rounds: int) -> list[str]:
    program = os.environ.get("CIRCLE15_CHROMIUM", "") or shutil.which("chromium")
    if not program:
        return ["no chromium on this machine: use is left out"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        uses = [_use(browser, page) for _ in range(rounds)]
        browser.close()
    switches = sorted(time for use in uses for time in use.switches)
    worst = f", slowest {switches[-1]:.0f}, of {len(switches) // rounds}"
    return [
        _row("first paint", median(use.paint for use in uses), PAINT_MS, "ms"),
        _row("usable", median(use.usable for use in uses), USABLE_MS, "ms"),
        _row("switching", median(switches), SWITCH_MS, "ms") + worst,
    ]


def _use(browser: Browser, page: Path) -> Use:
    """Open the map in a window of its own, and switch through all that can be chosen."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    window = context.new_page()
    window.add_init_script(_NOTE)
    window.goto(page.as_uri())
    usable = window.evaluate(_WAIT)
    paint = window.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    switches = window.evaluate(_SWITCH)
    context.close()
    return Use(paint, usable, switches)


if __name__ == "__main__":
    print(*large_map(), sep="\n")
