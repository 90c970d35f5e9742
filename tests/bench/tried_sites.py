"""Trying sites on the map: what it adds to a page, and how fast it is in Chromium."""

from __future__ import annotations

import json
import os
import tempfile
from base64 import b64encode
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import compress

import numpy as np
from playwright.sync_api import sync_playwright

from circle15.output.document.offline import json_bytes, own_asset
from circle15.output.map.html import build_map, map_blocks
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from tests.bench.district import write_district
from tests.bench.whole_runs import ROOT, SAMPLE
from tests.browser.conftest import ARGUMENTS, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from circle15.results.records import StudyResult

SCRIPTS = ROOT / "coverage" / "circle15" / "output" / "map" / "scripts" / "trials"
OPEN_MS = 300.0
STEPS = 60

# The worker of the page with nobody covered, which is the most that it can have to do; meanwhile
# the longest task of the page.
_GAINS = """async () => {
  const inflate = async id => {
    const text = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(text, c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).arrayBuffer();
  };
  const { trials: meta, people: layer } = circle15.data;
  const [code, buffer] = [await inflate("circle15-worker"), await inflate("circle15-trials")];
  const people = { parts: layer.column("parts"), micro: layer.column("micro") };
  const sure = meta.walks.map((_, k) =>
    new Uint8Array(meta.columns.find(([name]) => name === k + "_home_part")[1]));
  const limit = Math.max(...Object.values(meta.limits_ms));
  let longest = 0;
  const watch = new PerformanceObserver(list => list.getEntries().forEach(one => {
    longest = Math.max(longest, one.duration);
  }));
  watch.observe({ type: "longtask" });
  const begin = performance.now();
  const worker = new Worker(URL.createObjectURL(new Blob([code])));
  const corners = await new Promise(done => {
    let n = 0;
    worker.onmessage = ({ data }) => {
      n = data.kind === "corners" ? data.x.length : n;
      if (data.kind === "gains" && data.from + data.gain.length === n) {
        done(n);
      }
    };
    worker.postMessage({ kind: "data", meta, buffer, people });
    worker.postMessage({ kind: "begin", run: 1, sure, limit });
  });
  const ms = performance.now() - begin;
  worker.terminate();
  await new Promise(done => setTimeout(done, 50));
  return [corners, ms, longest];
}"""
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


@dataclass(frozen=True)
class Limits:
    """Megabytes that a page may grow by, and milliseconds of a move and of the gain map."""

    size_mb: float
    move_ms: float
    gains_ms: float


SMALL, LARGE = Limits(0.6, 16, 1000), Limits(2.5, 33, 8000)


def tried_sites(data: Path | None) -> list[str]:
    """Measure the sample, Porto Alegre where its data are at hand, and a district of 200,000."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        studies = [("Sample", SAMPLE / "study.toml", SMALL)]
        if data is not None:
            city = ROOT / "tests" / "real" / "porto_alegre" / "study.toml"
            studies.append(("Porto Alegre", city, SMALL))
        studies.append(("District", write_district(folder / "district"), LARGE))
        return [
            line
            for title, study, limits in studies
            for line in _measured(title, study, limits, folder)
        ]


def _measured(title: str, study: Path, limits: Limits, folder: Path) -> Iterator[str]:
    result = run_study(replace(load_study(study), siting={}))
    page = folder / "map.html"
    page.write_text(build_map(result, "zh"), encoding="utf-8", newline="\n")
    yield f"{title}: page of {page.stat().st_size / 1e6:.2f} MB"
    yield _row("added to the page", _added(result) / 1e6, limits.size_mb, "MB", digits=2)
    program = chromium()
    if program is None:
        yield "no chromium on this machine: use is left out"
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield from _used(browser, page, limits)
        browser.close()


def _added(result: StudyResult) -> int:
    """Return the bytes of data, worker, scripts and style, as they stand in the page."""
    blocks = map_blocks(result, "zh")
    layout = json_bytes(json.loads(blocks["circle15-data"])["trials"])
    parts = (blocks["circle15-trials"], blocks["circle15-worker"], layout)
    packed = sum(len(b64encode(compress(part, 5))) for part in parts)
    lines = [
        line
        for file in SCRIPTS.rglob("*.js")
        if file.name not in {"types.js", "worker.js"}
        for line in file.read_text("utf-8").splitlines()
        if line.strip() and not line.strip().startswith(("//", "/*", "*"))
    ]
    return packed + len("\n".join(lines).encode()) + len(own_asset("map_trials.css").encode())


def _used(browser: Browser, file: Path, limits: Limits) -> Iterator[str]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(file.as_uri())
    page.evaluate("() => circle15.ready")
    opened = page.evaluate(_OPEN)
    yield _row("first answer", opened, OPEN_MS, "ms")
    moves, painted = np.array(list(_drag(page))).T
    more = f", median {np.median(moves):.1f}, painting included {np.median(painted):.1f}"
    yield _row("a move, p95", float(np.quantile(moves, 0.95)), limits.move_ms, "ms", 1) + more
    corners, ms, longest = page.evaluate(_GAINS)
    yield _row(f"gains at {corners:,} corners", ms, limits.gains_ms, "ms")
    yield _row("longest task of the page", longest, 50, "ms")
    usage = context.new_cdp_session(page).send("Runtime.getHeapUsage")
    heap = usage["usedSize"] + usage.get("backingStorageSize", 0)
    yield _row("heap", heap / 1e6, 250, "MB")
    context.close()


# From the press on the view until sites can be placed.
_OPEN = """() => new Promise(done => {
  const begin = performance.now();
  document.querySelector("#c15-views button[data-id=try]").click();
  const [category] = circle15.data.trials.categories;
  document.querySelector(`#c15-choices button[data-id=${category}]`).click();
  const watch = setInterval(() => {
    const place = document.getElementById("c15-try-place");
    if (place && !place.disabled) {
      clearInterval(watch);
      done(performance.now() - begin);
    }
  }, 1);
})"""


WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
"""What a move asks of the page before it is painted."""


def _drag(page: Page) -> Iterator[tuple[float, float]]:
    """Drag a site around the map; for each move `WORK`, and processor time with painting, ms."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def worked() -> tuple[float, float]:
        values = session.send("Performance.getMetrics")["metrics"]
        seconds = {one["name"]: float(one["value"]) for one in values}
        return 1000 * sum(seconds[name] for name in WORK), 1000 * seconds["ThreadTime"]

    page.keyboard.press("n")
    box = page.locator("#map_circle15").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    mark = page.locator(".c15-tried").first.bounding_box()
    assert mark is not None
    page.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    page.mouse.down()
    for step in range(STEPS):
        turn = 2 * np.pi * step / STEPS
        before = worked()
        page.mouse.move(float(x + 150 * np.cos(turn)), float(y + 150 * np.sin(turn)))
        page.evaluate(_PAINTED)
        yield worked()[0] - before[0], worked()[1] - before[1]
    page.mouse.up()


def _row(what: str, value: float, limit: float, unit: str, digits: int = 0) -> str:
    verdict = "ok" if value <= limit else "OVER"
    return f"  {what:<28}{value:9.{digits}f} {unit:<2} (≤ {limit:g})  {verdict}"


if __name__ == "__main__":
    data = os.environ.get("CIRCLE15_REAL_DATA")
    print(*tried_sites(Path(data) if data else None), sep="\n")
