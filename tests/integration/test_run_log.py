"""`run.log`: what a run read and found, how long it took, and what was said meanwhile."""

from __future__ import annotations

import json
import logging
import re
import shutil

import pytest
from tests.commands import heard
from tests.streets import write_study

import circle15
from circle15.workflow.folders.result_names import FILES, LOG
from circle15.workflow.reruns.history import earlier_runs

pytestmark = pytest.mark.usefixtures("as_commands")

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}


@pytest.fixture(scope="module")
def run_once(tmp_path_factory, as_commands):
    """A study whose list of homes has one that is too far away; a warning comes meanwhile."""
    folder = tmp_path_factory.mktemp("log")
    homes = {"h": (0, 0, 100), "far": (400, 900, 7)}
    study = write_study(folder, NODES, ["ABC"], homes, {"S": (0, 0)})

    def warns(stage):
        if stage == "people":
            logging.getLogger("circle15.inputs.demand").warning("a slow disk: %s", "\x1b[31m梁溪")
            logging.getLogger("circle15.inputs.demand").info("nobody reads this")

    circle15.run(study, out=folder / "out", language="en", report=warns)
    return folder


@pytest.fixture
def folder(run_once, tmp_path):
    shutil.copytree(run_once, tmp_path / "study")
    return tmp_path / "study"


def parts_of(text):
    """Lines of each part, by its heading."""
    head, *parts = text.split("\n\n")
    return head.splitlines(), {p.splitlines()[0]: p.splitlines()[1:] for p in parts}


def test_it_says_what_was_read_found_written_and_how_long_it_took(run_once):
    out = run_once / "out"
    record = json.loads((out / "run.json").read_text("utf-8"))
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    head, parts = parts_of((out / LOG).read_text("utf-8"))
    assert head[0].startswith(f"circle15 {circle15.__version__} · Python ")
    assert circle15.verify(out).code in head[1]
    read = [
        f"  {one['path']}: {'–' if one['rows'] is None else one['rows']} rows or cells, "
        f"SHA-256 {one['sha256'][:12]}…"
        for one in summary["provenance"]["inputs"]
    ]
    assert parts["Files read"] == read
    assert any(line.startswith("  homes.csv: 2 rows") for line in read)
    taken = dict(re.findall(r"  ([\w ]+): ([\d.]+) s$", "\n".join(parts["Stages"]), re.MULTILINE))
    total = float(taken.pop("in all"))
    assert {name: float(seconds) for name, seconds in taken.items()} == record["durations_s"]
    assert total == pytest.approx(sum(record["durations_s"].values()), abs=0.0006)
    findings = parts["Findings by severity and code (issues.csv lists them)"]
    listed = (out / "issues.csv").read_text("utf-8-sig").splitlines()[1:]
    assert sum(int(line.rpartition(" ")[2]) for line in findings) == len(listed) > 0
    assert any("TOO_FAR: 1" in line for line in findings)
    assert parts["Messages"] == ["  warning: a slow disk: \ufffd[31m梁溪"]
    written = [f"  {name}: {(out / name).stat().st_size} bytes" for name in record["files"]]
    *files, tried = parts["Files written"]
    assert files == written
    page = (out / "map.html").read_text("utf-8")
    held = re.findall(r'id="circle15-(?:trials|worker)">([^<]+)<', page)
    bytes_held = sum(map(len, held))
    assert tried == f"  of the map, {bytes_held} bytes by which sites are tried on it"
    assert len(held) == 2
    assert len(written) == len(FILES) - 1


def test_it_is_no_result(folder, capfd):
    """Without it, or with a changed one, nothing runs again; `verify` sees a change."""
    out = folder / "out"
    command = ("run", folder / "study.toml", "--out", out, "--lang", "en")
    assert heard(capfd, *command).err.startswith("Up to date")
    (out / LOG).write_text("mine", "utf-8")
    assert circle15.verify(out).faults == ("run.log has been altered",)
    assert heard(capfd, *command).err.startswith("Up to date")
    (out / LOG).unlink()
    assert circle15.verify(out).holds
    assert heard(capfd, *command).err.startswith("Up to date")
    assert not (out / LOG).exists()
    forced = heard(capfd, *command, "--force")
    assert str(out / LOG) not in forced.out
    assert (out / LOG).is_file()


def test_a_log_of_somebody_else_is_not_replaced(folder, capfd):
    """Results of a version without logs, and a log that the user keeps beside them."""
    out = folder / "out"
    record = out / "run.json"
    text = record.read_text("utf-8").replace("log_sha256", "other_key")
    record.write_text(text, "utf-8")
    (out / LOG).write_text("mine", "utf-8")
    said = heard(capfd, "run", folder / "study.toml", "--out", out, "--lang", "en")
    assert said.code == 2
    assert "run.log: was not written by an earlier run" in said.err
    assert (out / LOG).read_text("utf-8") == "mine"


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_kept_run_has_its_log_if_it_is_small(folder, size, monkeypatch):
    out = folder / "out"
    log = (out / LOG).read_bytes()
    if size == "large":
        monkeypatch.setattr("circle15.workflow.reruns.history._LONGEST_LOG", len(log) - 1)
    text = (folder / "homes.csv").read_text("utf-8")
    (folder / "homes.csv").write_text(text.replace("100", "90"), "utf-8")
    circle15.run(folder / "study.toml", out=out)
    (one,) = earlier_runs(out)
    assert (one.folder / LOG).exists() == (size == "small")
    if size == "small":
        assert (one.folder / LOG).read_bytes() == log
    assert circle15.verify(one.folder).holds
    assert "各阶段用时" in (out / LOG).read_text("utf-8")
