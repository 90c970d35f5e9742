"""Hostile names in every file: text in a browser, in Word, in Excel and on a terminal."""

from __future__ import annotations

import contextlib
import re
import sys
import zipfile
from importlib import resources
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import geopandas as gpd
import pytest
from tests.browser.conftest import press_every_choice
from tests.hostile_names import HOSTILE
from tests.odd_studies import named
from tests.streets import lon_lat

import circle15
from circle15 import cli
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from tests.browser.conftest import OpenPage

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""What a terminal obeys or a format cannot carry."""

OUTGOING = "img, script, iframe, object, embed, link, form, audio, video, b, x"


def own_pack(folder: Path, name: str) -> None:
    """Write the pack of Liangxi with a hostile title, source, quote and measure."""
    pack = resources.files("circle15.rules").joinpath("packs/liangxi-2025.toml").read_text("utf-8")
    escaped = '"' + "".join(f"\\U{ord(letter):08x}" for letter in name) + '"'
    for key in ("publisher", "zh", "en", "quote"):
        line = f"{key} = {escaped}".replace("\\", r"\\")
        pack = re.sub(rf"(?m)^{key} = \".*\"$", line, pack)
    (folder / "own.toml").write_text(pack, encoding="utf-8")


def called(folder: Path, name: str) -> Path:
    path = named(name).write(folder)
    own_pack(folder, name)
    return path


def zones_file(folder: Path, name: str) -> Path:
    """Write proposed zones by longitude and latitude."""
    (lon, lat), *_ = lon_lat([(50, 20)])
    quoted = '"' + name.replace('"', '""') + '"'
    path = folder / "proposed.csv"
    rows = f"lon,lat,zone_id,name,kind,households\n{lon},{lat},{quoted},{quoted},new,500\n"
    path.write_text(rows, encoding="utf-8", newline="")
    return path


def terminal(capfd: pytest.CaptureFixture[str], *command: object) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["circle15", *map(str, command)])
        with contextlib.suppress(SystemExit):
            cli.main()
    out, err = capfd.readouterr()
    assert not err.startswith("circle15: ")  # so begins what is wrong with an input
    return out + err


def assert_laid_out(page: Page, width: int) -> None:
    """Nothing of a name became an element, and nothing is wider than the window or its panel."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[onload], [onerror]").count() == 0
    panel = page.locator(".c15-panel")
    if panel.count():
        assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")


def elements(page: Page) -> list[str]:
    """Tags of a page that could do something, in their order."""
    found: list[str] = page.evaluate(
        "s => [...document.querySelectorAll(s)].map(e => e.localName)", OUTGOING
    )
    return found


def pages_of(folder: Path, name: str) -> list[Path]:
    """Write everything that the commands write of a study where all bear one name."""
    study = called(folder, name)
    files = circle15.run(study, out=folder / "out").files
    zones = circle15.check_study_zones(study, zones_file(folder, name), out=folder / "zones")
    return files + zones.files


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> dict[str, list[str]]:
    """The elements of each page where everything is called by a harmless name."""
    found = {}
    for path in pages_of(tmp_path_factory.mktemp("harmless"), "桥"):
        if path.suffix == ".html":
            page = browser.new_page(viewport={"width": 1024, "height": 768})
            page.goto(path.as_uri())
            page.wait_for_timeout(300)
            found[path.name] = elements(page)
            page.close()
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_text_in_every_file(
    kind: str, tmp_path: Path, open_page: OpenPage, harmless: dict[str, list[str]]
) -> None:
    name = HOSTILE[kind]
    files = pages_of(tmp_path, name)
    for path in files:
        if path.suffix == ".html":
            page = open_page(path, 1024, 768)
            page.wait_for_timeout(300)
            assert_laid_out(page, 1024)
            assert elements(page) == harmless[path.name], path.name
            if path.name == "map.html":
                press_and_read(page, name)
        elif path.suffix in {".docx", ".xlsx"}:
            assert_office(path, name)
    assert_database(tmp_path / "out" / "results.gpkg", name)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_text_in_what_commands_say(
    kind: str, tmp_path: Path, open_page: OpenPage, capfd: pytest.CaptureFixture[str]
) -> None:
    """No letter steers the terminal, and the pages of `check` and `route` stay pages."""
    study = called(tmp_path, HOSTILE[kind])
    start = ",".join(str(v) for v in lon_lat([(10, 5)])[0])
    goal = f"{HOSTILE[kind]}0"
    html, drawing = tmp_path / "check.html", tmp_path / "route.html"
    said = terminal(capfd, "check", study, "--html", html)
    said += terminal(capfd, "route", study, "--from", start, "--to", goal, "--map", drawing)
    assert STEERING.findall(said) == []
    assert len(said) < 20_000
    for path in (html, drawing):
        page = open_page(path, 1024, 768)
        assert_laid_out(page, 1024)
        assert elements(page) == []


def press_and_read(page: Page, name: str) -> None:
    """Open the card of a facility by keyboard; its name is there as text, within the window."""
    assert page.locator("h1").evaluate("e => e.textContent") == name
    site = page.locator(".leaflet-c15-sites-pane path").first
    site.focus()
    page.keyboard.press("Enter")
    heading = page.locator(".c15-card h3")
    assert heading.evaluate("e => e.textContent") == name
    page.wait_for_timeout(400)
    box = page.locator(".leaflet-popup").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1024
    assert box["width"] < 400
    assert box["height"] < 500
    page.keyboard.press("Escape")
    press_every_choice(page)
    proposed_and_read(page, name)
    assert_laid_out(page, 1024)


def proposed_and_read(page: Page, name: str) -> None:
    """Open the card of the proposed site; it begins with its order, id and name, as text."""
    page.locator('#c15-views button[data-id="siting"]').click()
    page.locator('#c15-choices button[data-id="own"]').click()
    page.locator('.leaflet-c15-sites-pane path[aria-label^="1. "]').focus()
    page.keyboard.press("Enter")
    heading = page.locator(".c15-card h3").evaluate("e => e.textContent")
    assert heading.startswith("1. " + name[:80])
    page.keyboard.press("Escape")


def assert_office(path: Path, name: str) -> None:
    """Each part is XML, no cell is a formula, no link leads anywhere, and the name is there."""
    texts = []
    with zipfile.ZipFile(path) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(parts.read(part))
                texts.append("".join(root.itertext()))
                for node in root.iter():
                    assert node.tag.rpartition("}")[2] not in {"f", "hyperlink", "instrText"} or (
                        node.tag.endswith("instrText") and (node.text or "").strip() in FIELDS
                    )
                    assert node.get("TargetMode") != "External"
    assert printable(name)[:30] in "".join(texts)


FIELDS = {"PAGE", "NUMPAGES"}
"""Fields of Word that count its pages; all others come from nowhere but a name."""


def assert_database(path: Path, name: str) -> None:
    """A table for machines keeps the whole name, but for what no format can carry."""
    assert set(gpd.read_file(path, layer="facilities")["name"]) == {printable(name)}
