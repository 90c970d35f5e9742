"""The same inputs give the same bytes: in another process, folder, time zone, locale, order."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.builders.packed_pages import unpacked_block

from circle15.workflow.folders.result_names import FILES, LOG
from circle15.workflow.zone_sheets import ZONE_FILES

CLOCK = {"run.json", LOG}
"""The files that may differ: they hold the clock and the host."""


ELSEWHERE = {
    "TZ": "Asia/Shanghai",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "NUMBA_NUM_THREADS": "1",
    "SOURCE_DATE_EPOCH": "1",
}
"""A machine that is set up quite otherwise."""


def run(study, out, seed: str, *, told: str = "", **variables: str) -> None:
    """Run a study, and check the zones of the sample against it."""
    call(seed, variables, "run", study, "--out", out, told=told)
    zones = study.with_name("zones.geojson")
    call(seed, variables, "zones", study, "--zones", zones, "--out", out.with_name(f"{out.name}-z"))


def call(seed: str, variables: dict[str, str], *command: object, told: str = "") -> None:
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONSAFEPATH": "1"} | variables
    answer = subprocess.run(
        [sys.executable, "-m", "circle15", *map(str, command)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stderr
    assert "Traceback" not in answer.stderr
    assert command[0] == "zones" or answer.stderr == told


@pytest.fixture(scope="module")
def two_runs(sample_study, tmp_path_factory: pytest.TempPathFactory):
    """Run the sample twice, the second time from a copy on a machine that is set up otherwise."""
    folder = tmp_path_factory.mktemp("runs")
    one, other = folder / "one", folder / "other-folder"
    copy = shutil.copytree(sample_study.parent, tmp_path_factory.mktemp("copied") / "a b")
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(run, sample_study, one, "1", TZ="UTC", NUMBA_NUM_THREADS="2"),
            pool.submit(run, copy / sample_study.name, other, "2", **ELSEWHERE),
        ]
        for done in runs:
            done.result()
    return one, other


def hashes(folder) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name not in CLOCK
    }


@pytest.mark.slow
def test_every_file_but_the_clock_is_the_same(two_runs):
    one, other = map(hashes, two_runs)
    assert one == other
    assert set(FILES) - CLOCK == set(one)


@pytest.mark.slow
def test_every_sheet_of_zones_is_the_same(two_runs):
    one, other = (hashes(folder.with_name(f"{folder.name}-z")) for folder in two_runs)
    assert one == other
    assert set(ZONE_FILES) == set(one)


@pytest.mark.slow
def test_no_office_file_holds_a_clock(two_runs):
    """The parts of a docx or xlsx bear the oldest date that a zip can hold."""
    folders = [*two_runs, *(folder.with_name(f"{folder.name}-z") for folder in two_runs)]
    found = [p for f in folders for p in f.iterdir() if p.suffix in {".docx", ".xlsx"}]
    assert len(found) >= 8
    for path in found:
        with zipfile.ZipFile(path) as parts:
            assert {part.date_time[0] for part in parts.infolist()} == {1980}, path.name


@pytest.mark.slow
def test_no_file_names_this_machine(two_runs, repository):
    """Neither the folder of the repository nor that of the results stands in a text result."""
    one, _ = two_runs
    for path in sorted(one.iterdir()):
        if path.suffix in {".html", ".json", ".csv"} and path.name not in CLOCK:
            text = path.read_text(encoding="utf-8-sig")
            if path.name == "map.html":
                text += unpacked_block(text, "circle15-data").decode("utf-8")
            assert str(repository) not in text, path.name
            assert str(one) not in text, path.name


@pytest.mark.slow
def test_a_second_run_into_the_same_folder_replaces_it_and_keeps_what_is_not_ours(
    two_runs, sample_study
):
    one, other = two_runs
    (other / "notes.txt").write_text("mine", encoding="utf-8")
    (other / "summary.json").write_text("stale", encoding="utf-8")
    run(sample_study, other, "3", told="Ran again: summary.json has been altered.\n")
    assert hashes(other) == hashes(one) | {"notes.txt": hashlib.sha256(b"mine").hexdigest()}
    names = [entry.name for entry in other.parent.iterdir()]
    assert sorted(names) == ["one", "one-z", "other-folder", "other-folder-z"]


@pytest.mark.slow
def test_the_run_record_says_when_and_how_long(two_runs):
    record = json.loads((two_runs[0] / "run.json").read_text(encoding="utf-8"))
    assert {"started", "finished", "durations_s", "log"} <= set(record)
    assert {one["stop"] for one in record["siting"].values()} == {"proven"}
    assert all(one["seconds"] >= 0 for one in record["siting"].values())
    assert record["log"][-1] == "done"
