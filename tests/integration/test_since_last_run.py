"""The report says what changed since the last run with other numbers, and the same each time."""

from __future__ import annotations

import html
import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.commands import heard
from tests.streets import write_study

import circle15
from circle15.output.text.changes.wording import ComparisonWords
from circle15.workflow.folders.replacing import HISTORY
from circle15.workflow.folders.result_names import FILES
from circle15.workflow.reruns.history import earlier_runs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("as_commands")

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
HOMES = {"h": (0, 0, 100), "g": (800, 0, 50)}
REPORTS = {"report.html", "report.docx"}


def run(folder: Path, out: Path | None = None, **options) -> Path:
    place = out or folder / "out"
    circle15.run(folder / "study.toml", out=place, **options)
    return place


def close_a_site(folder: Path) -> None:
    """Only T is left, 800 m from the home h: fewer are covered within 10 min at 1 m/s."""
    lines = (folder / "sites.csv").read_text("utf-8").splitlines()
    left = [line for line in lines if ",S," not in line]
    (folder / "sites.csv").write_text("\n".join(left) + "\n", "utf-8")


def open_it_again(folder: Path, kept: bytes) -> None:
    (folder / "sites.csv").write_bytes(kept)


def section(out: Path) -> str | None:
    """The section as text; None if the report has none. The Word file agrees."""
    page = (out / "report.html").read_text("utf-8")
    found = re.search(r'<section id="changes".*?</section>', page, re.DOTALL)
    with zipfile.ZipFile(out / "report.docx") as parts:
        words = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode("utf-8"))
    assert ("What changed since the last run" in words) is (found is not None)
    return html.unescape(re.sub(r"<[^>]+>", " ", found[0])) if found else None


def contents(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES if name != "run.json"}


@pytest.fixture(scope="module")
def run_once(tmp_path_factory, as_commands):
    folder = tmp_path_factory.mktemp("quarter")
    write_study(
        folder, NODES, ["ABC"], HOMES, {"S": (0, 0), "T": (800, 0)}, walk="cutoffs_min = [10]"
    )
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text.replace("as_of", 'language = "en"\nas_of', 1), "utf-8")
    run(folder)
    return folder


@pytest.fixture
def folder(run_once, tmp_path):
    shutil.copytree(run_once, tmp_path / "study")
    return tmp_path / "study"


def set_key(folder: Path, line: str) -> None:
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text.replace("as_of", f"{line}\nas_of", 1), "utf-8")


def test_the_first_run_says_nothing_of_it(run_once):
    assert section(run_once / "out") is None


def test_the_report_says_what_compare_says_and_a_repeated_run_has_the_same_bytes(
    folder, tmp_path, capfd
):
    """Home h loses S: 100 of 150 people. Map, tables and data are those of an empty folder."""
    close_a_site(folder)
    out = run(folder)
    told = section(out)
    assert told is not None
    change = circle15.compare(out)
    for sentence in ComparisonWords("en").sentences(change):
        assert sentence in told
    assert "50 of 150" in told
    assert "−100 because sites closed or are gone" in told
    assert "S site S Meal site gone" in " ".join(told.split())
    first = contents(out)
    run(folder)  # as --force does: nothing has changed
    assert contents(out) == first
    run(folder, processes=2)
    assert contents(out) == first
    assert len(earlier_runs(out)) == 1
    alone = run(folder, tmp_path / "alone")
    assert section(alone) is None
    rest = contents(alone)
    assert {name for name in first if first[name] != rest[name]} == REPORTS
    study = folder / "study.toml"
    said = heard(capfd, "verify", out, "--study", study, "--rerun", "--lang", "en")
    assert said.code == 0, said
    assert "Up to date" in heard(capfd, "run", study, "--out", out).err


def test_the_last_run_is_the_last_with_other_numbers(folder):
    """Two sites, one, two again: the third is compared with the second, also when repeated."""
    kept = (folder / "sites.csv").read_bytes()
    close_a_site(folder)
    run(folder)
    open_it_again(folder, kept)
    out = run(folder)
    told = section(out)
    assert told is not None
    assert "+100 because sites are new or opened" in told
    first = contents(out)
    run(folder)
    assert contents(out) == first


def test_where_nothing_is_kept_nothing_is_said(folder):
    """`keep = 0`: the run before would not be there when this one is repeated."""
    set_key(folder, "keep = 0")
    close_a_site(folder)
    assert section(run(folder)) is None


def test_a_history_that_is_no_folder_of_ours_keeps_nothing_to_say(folder):
    (folder / "out" / HISTORY).write_text("mine", "utf-8")
    close_a_site(folder)
    assert section(run(folder)) is None


def test_altered_results_are_not_compared_with(folder):
    (folder / "out" / "coverage.parquet").write_bytes(b"altered")
    close_a_site(folder)
    assert section(run(folder)) is None


def test_another_study_in_the_folder_is_not_compared_with(folder):
    """Its results are kept, but the last run of this study is the one before."""
    close_a_site(folder)
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text.replace('"small"', '"other"', 1), "utf-8")
    assert section(run(folder)) is None
    (folder / "study.toml").write_text(text, "utf-8")
    told = section(run(folder))
    assert told is not None
    assert "−100 because sites closed or are gone" in told


def test_results_in_another_crs_cannot_be_compared(folder):
    text = (folder / "study.toml").read_text("utf-8")
    moved = text.replace('crs = "EPSG:4549"', 'crs = "EPSG:32651"', 1)
    (folder / "study.toml").write_text(moved, "utf-8")
    told = section(run(folder))
    assert told is not None
    assert "cannot be compared with this one" in told
    assert "By cause" not in told
