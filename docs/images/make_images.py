"""
Make the screenshots of the READMEs again: the sample in headless Chromium, network off.

Run `make report` once before, then `.venv/bin/python -P docs/images/make_images.py`. Chromium is
looked for on PATH, or where `CIRCLE15_CHROMIUM` says.
"""
# ruff: noqa: INP001 - a script, run by its path

from __future__ import annotations

import io
import os
import shutil
import struct
import tempfile
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from playwright.sync_api import Page, sync_playwright
from rasterio.errors import NotGeoreferencedWarning
from scipy.spatial import cKDTree

import circle15

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
STUDY = HERE.parents[1] / "data" / "sample" / "study.toml"
CLIPS = {
    "map": {"x": 0, "y": 0, "width": 1440, "height": 900},
    "report": {"x": 270, "y": 0, "width": 900, "height": 900},
}
COLOURS = {"map": 128, "report": 64}
SMALL = {"width": 1180, "height": 760}
TRIED_COLOURS = 48
PLACES = ((120.2679, 31.5806), (120.31987, 31.54567))
"""Where the pictures of tried sites try them: in gaps of the sample."""


def main() -> None:
    """Write `map`, `report` and `try-<step>`, each `.<language>.png`, beside this file."""
    program = os.environ.get("CIRCLE15_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in ("en", "zh"):
            results = Path(scratch) / language
            circle15.run(STUDY, out=results, language=language)
            for page_name, clip in CLIPS.items():
                context = browser.new_context(
                    viewport={"width": 1440, "height": 900}, offline=True, locale="zh-CN"
                )
                page = context.new_page()
                page.goto((results / f"{page_name}.html").as_uri())
                page.wait_for_timeout(2000)
                picture = few_colours(page.screenshot(clip=clip), COLOURS[page_name])
                (HERE / f"{page_name}.{language}.png").write_bytes(picture)
                context.close()
            context = browser.new_context(viewport=SMALL, offline=True, locale="zh-CN")
            page = context.new_page()
            page.goto((results / "map.html").as_uri())
            page.evaluate("() => circle15.ready")
            for step, shown in enumerate(tried(page), 1):
                picture = few_colours(shown, TRIED_COLOURS)
                (HERE / f"try-{step}.{language}.png").write_bytes(picture)
            context.close()
        browser.close()


def tried(page: Page) -> Iterator[bytes]:
    """Try sites as `docs/trying-sites.md` says, with a picture of each step."""
    page.click('#c15-views [data-id="try"]')
    page.click('#c15-choices [data-id="home_care_station"]')
    page.locator("#c15-try-place:enabled").wait_for()
    for place in PLACES:
        page.mouse.click(*_point(page, place))
    page.wait_for_timeout(400)
    yield page.screenshot()
    page.click("#c15-try-gains")
    page.locator("#c15-dock-body tr[data-key]").first.wait_for()
    page.wait_for_timeout(400)
    yield page.screenshot()
    page.click("#c15-try-gains")
    page.evaluate(
        """() => [...document.querySelectorAll('.leaflet-c15-sites-pane [role=button]')][30]
          .dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"""
    )
    page.wait_for_timeout(400)
    yield page.screenshot()
    page.locator(".c15-act").first.click()
    page.click("#c15-try-save")
    page.wait_for_timeout(400)
    yield page.screenshot()
    page.locator(".c15-save > button").click()
    page.click("#c15-print")
    page.wait_for_timeout(600)
    yield page.screenshot(full_page=True)


def _point(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    """Return the point of the window at a longitude and latitude."""
    x, y = page.evaluate(
        """([lon, lat]) => {
          const at = map_circle15.latLngToContainerPoint([lat, lon]);
          const box = map_circle15.getContainer().getBoundingClientRect();
          return [box.left + at.x, box.top + at.y];
        }""",
        list(place),
    )
    return float(x), float(y)


def few_colours(png: bytes, n: int) -> bytes:
    """Repaint a picture with `n` colours: half the most frequent, half the most different."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(io.BytesIO(png)) as source:
            pixels = np.moveaxis(source.read()[:3], 0, -1)
    colours, inverse, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    palette = list(colours[np.argsort(-counts, kind="stable")[: n // 2]].astype(float))
    away = cKDTree(palette).query(colours.astype(float))[0]
    while len(palette) < n:
        palette.append(colours[away.argmax()].astype(float))
        away = np.minimum(away, np.linalg.norm(colours - palette[-1], axis=1))
    index = cKDTree(palette).query(colours.astype(float))[1][inverse.ravel()]
    height, width = pixels.shape[:2]
    lines = np.zeros((height, width + 1), np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = index.reshape(height, width)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", np.array(palette, np.uint8).tobytes()),
            (b"IDAT", zlib.compress(lines.tobytes(), 9)),
            (b"IEND", b""),
        )
    )


if __name__ == "__main__":
    main()
