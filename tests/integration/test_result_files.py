"""The pages on results list every file that a command writes, and none that no command writes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.commands import call, heard

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/results.md", "docs/results.zh.md")
ROUTE = ("--from", "120.29165,31.5968", "--to", "S-071")


def listed(page: str) -> list[list[str]]:
    """First columns of the tables of the page on results: of run, of zones, of the others."""
    text = (ROOT / page).read_text("utf-8")
    tables = re.findall(r"^\| (?:file|文件) \|.*\n(?:^\|.*\n)+", text, re.MULTILINE)
    return [re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE) for table in tables]


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def written(sample_study, tmp_path_factory):
    """What run, zones, route and check write, by command, and what they print of it."""
    folder = tmp_path_factory.mktemp("written")
    found = {}
    proposed = sample_study.parent / "proposed_zones.csv"
    asking = tmp_path_factory.mktemp("asking") / "sample"
    shutil.copytree(sample_study.parent, asking)
    study = asking / "study.toml"
    text = study.read_text("utf-8")
    study.write_text(f"{text}\n[output]\ngdb = true\ndxf = true\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, command in {
            "run": ("run", study, "--tiles", "osm"),
            "zones": ("zones", sample_study, "--zones", proposed, "--out", "sheets"),
            "silent": ("zones", sample_study, "--zones", proposed),
            "route": ("route", sample_study, *ROUTE, "--map", "way.html"),
            "check": ("check", sample_study, "--html", "check.html"),
        }.items():
            before = files_of(folder)
            assert call(*command) == 0
            found[name] = files_of(folder) - before
    return found


@pytest.mark.parametrize("page", PAGES)
def test_what_is_listed_is_written_and_where(written, page):
    run, zones, others = listed(page)
    assert {f"maps/liangxi-sample/{name}" for name in run} == written["run"]
    assert {f"sheets/{name}" for name in zones} == written["zones"]
    assert written["silent"] == set()
    assert (written["route"], written["check"]) == ({"way.html"}, {"check.html"})
    assert [one.split()[:2] for one in others] == [
        ["site", "--out"],
        ["compare", "--out"],
        ["route", "--map"],
        ["check", "--html"],
        ["fetch", "--out"],
    ]


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", *PAGES])
def test_nothing_is_said_of_zones_that_is_not_so(page):
    """The line on `zones --out` named one of its four files alone: all are named, or none."""
    text = (ROOT / page).read_text("utf-8")
    every = set(listed(PAGES[0])[1])
    assert "`zones --out` writes `zones.json`" not in text
    assert "只写入 `zones.json`" not in text
    for line in text.splitlines():
        if "zones --out" in line or "--out DIR" in line:
            assert {name for name in every if name in line} in (set(), every)


@pytest.mark.parametrize("extra", ["notes.txt", "zones.pdf"])
def test_zones_leave_other_files_alone(sample_study, tmp_path, capfd, extra):
    (tmp_path / extra).write_text("mine", encoding="utf-8")
    proposed = sample_study.parent / "proposed_zones.csv"
    assert heard(capfd, "zones", sample_study, "--zones", proposed, "--out", tmp_path).code == 0
    assert (tmp_path / extra).read_text("utf-8") == "mine"
    assert files_of(tmp_path) == {extra, *listed(PAGES[0])[1]}
