"""The same inputs give the same bytes, in another process, with another hash seed and order."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from circle15.output.offline import unpacked_block

CLOCK = "run.json"
"""The one file that may differ: it holds the clock and the host."""


def run(study, out, seed: str, **variables: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONSAFEPATH": "1"} | variables
    answer = subprocess.run(
        [sys.executable, "-m", "circle15", "run", str(study), "--out", str(out)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""


@pytest.fixture(scope="module")
def two_runs(sample_study, tmp_path_factory: pytest.TempPathFactory):
    """Run the sample twice: other hash seeds, time zones, folders and numbers of threads."""
    folder = tmp_path_factory.mktemp("runs")
    one, other = folder / "one", folder / "other-folder"
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(run, sample_study, one, "1", TZ="UTC"),
            pool.submit(run, sample_study, other, "2", TZ="Asia/Shanghai", NUMBA_NUM_THREADS="1"),
        ]
        for done in runs:
            done.result()
    return one, other


def hashes(folder) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != CLOCK
    }


@pytest.mark.slow
def test_every_file_but_the_clock_is_the_same(two_runs):
    one, other = map(hashes, two_runs)
    assert one == other
    assert {
        "map.html", "report.html", "report.xlsx", "report.docx", "results.gpkg",
        "coverage.parquet", "issues.csv", "summary.json",
    } <= set(one)  # fmt: skip


@pytest.mark.slow
def test_no_file_names_this_machine(two_runs, repository):
    """Neither the folder of the repository nor that of the results stands in a text result."""
    one, _ = two_runs
    for path in sorted(one.iterdir()):
        if path.suffix in {".html", ".json", ".csv"} and path.name != CLOCK:
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
    run(sample_study, other, "3")
    assert hashes(other) == hashes(one) | {"notes.txt": hashlib.sha256(b"mine").hexdigest()}
    assert sorted(entry.name for entry in other.parent.iterdir()) == ["one", "other-folder"]


@pytest.mark.slow
def test_the_run_record_says_when_and_how_long(two_runs):
    record = json.loads((two_runs[0] / CLOCK).read_text(encoding="utf-8"))
    assert {"started", "finished", "durations_s", "log"} <= set(record)
    assert record["log"][-1] == "done"
