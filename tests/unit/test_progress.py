"""Progress in a terminal while a command runs."""

from __future__ import annotations

import io
import logging
import time
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from tests.streets import write_osm

from circle15.cli import program
from circle15.network.osm import osm_lines
from circle15.network.osm.osm_file import read_osm
from circle15.study.messages import say
from circle15.workflow import progress
from circle15.workflow.progress import Pace, progress_bar, progress_lines
from circle15.workflow.reruns.run_record import durations_of, sealed
from circle15.workflow.stages import ROUTE_STAGES, RUN_STAGES, SITE_STAGES, ZONE_FILE_STAGES

if TYPE_CHECKING:
    from pathlib import Path


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100)


def shown_on(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_stage_and_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osm_lines, "_TELL_EVERY", 2)
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0)}
    path = write_osm(tmp_path / "small.osm", nodes, "AB", "BC")
    console = terminal()
    with progress_bar(console, ["network", "people"]) as report:
        report("network")
        assert len(read_osm(path).walkable) == 2
    assert "network" in shown_on(console)
    assert " 2" in shown_on(console)


def test_warnings_stay_readable_and_the_logger_is_left_as_it_was() -> None:
    console, logger = terminal(), logging.getLogger("circle15.network.downloads.places")
    before = logging.getLogger("circle15").level, list(logging.getLogger("circle15").handlers)
    with progress_bar(console, ["network", "people"]) as report:
        report("network")
        logger.warning("the server is busy; again in %s s [1/3]", 5)
    assert "the server is busy; again in 5 s [1/3]" in shown_on(console)
    assert before == (logging.getLogger("circle15").level, logging.getLogger("circle15").handlers)


BEFORE = {"network": 4.0, "people": 1.0, "times": 10.0, "map": 5.0}


def test_time_left_at_the_pace_of_the_earlier_run() -> None:
    """20 s before. After 3 of the 4 s of the first stage, 1 + 1 + 10 + 5 are left."""
    pace = Pace([*BEFORE], BEFORE, begun_s=100.0, stage_begun_s=100.0)
    assert pace.left_s(103.0) == 17.0
    assert pace.share(103.0) == 3 / 20
    assert pace.left_s(110.0) == 16.0  # a stage that takes longer than before does not go back
    assert pace.text(103.0) == "0:03, about 0:17 left"


def test_time_left_at_the_pace_of_today() -> None:
    """The first two stages took 5 s before and 10 s today: the rest takes twice as long, too."""
    pace = Pace([*BEFORE], BEFORE)
    pace.begin("network", 0.0)
    pace.begin("people", 8.0)
    pace.begin("times", 10.0)
    assert pace.left_s(10.0) == 30.0
    assert pace.left_s(15.0) == 25.0
    assert pace.share(15.0) == 15 / 40
    pace.begin("map", 1e6)  # the machine slept: no more than four times as long
    assert pace.left_s(1e6) == 20.0
    pace.begin("done", 1e6 + 7)
    assert (pace.stage, pace.left_s(1e6 + 7), pace.share(1e6 + 7)) == ("", 0.0, 1.0)


def test_without_an_earlier_run_stages_are_counted() -> None:
    """One of another command has not its last stage; one without scenarios took none for them."""
    for known in ({}, {"network": 4.0}):
        pace = Pace(["network", "route"], known)
        pace.begin("route", 70.0)
        assert (pace.left_s(70.0), pace.share(70.0), pace.text(70.0)) == (None, 0.5, "1:10")
    pace = Pace(["network", "scenarios", "map"], {"network": 1.0, "map": 2.0})
    assert pace.left_s(0.0) == 3.0


def test_a_bar_has_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    console = terminal()
    with progress_bar(console, [*BEFORE], BEFORE) as report:
        report("network")
    assert "0:00, about 0:20 left" in shown_on(console)


def test_what_ends_within_two_seconds_shows_nothing() -> None:
    console = terminal()
    lines: list[str] = []
    with progress_bar(console, ["network"]) as report:
        report("network")
    with progress_lines(lines.append, ["network"]) as report:
        report("network")
    assert (shown_on(console), lines) == ("", [])


def test_plain_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage that runs when the time has come, and those that begin later; none at the end."""
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0.05)
    lines: list[str] = []
    with progress_lines(lines.append, [*BEFORE], BEFORE) as report:
        report("network")
        report("people")
        assert lines == []
        for _ in range(500):
            if lines:
                break
            time.sleep(0.01)
        report("times")
        report("done")
    assert [line.split(" ")[0] for line in lines] == ["people", "times"]
    assert lines[0].startswith("people (0:0")
    assert lines[0].endswith(" left)")


@pytest.mark.parametrize("value", ["off", ""])
def test_progress_is_off_where_the_environment_says_so(
    value: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    monkeypatch.setenv("CIRCLE15_PROGRESS", value)
    with program.progress(["network", "people"]) as report:
        report("people")
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ([] if value else ["network (0:00)", "people (0:00)"])


def test_seconds_of_the_last_run_are_those_of_its_record(tmp_path: Path) -> None:
    assert durations_of(tmp_path) == {}
    record = {"files": {}, "durations_s": {"network": 1.5, "map": 2, "odd": "?"}}
    (tmp_path / "run.json").write_text(sealed(record), "utf-8")
    assert durations_of(tmp_path) == {"network": 1.5, "map": 2.0}
    (tmp_path / "run.json").write_text(sealed({"files": {}}), "utf-8")
    assert durations_of(tmp_path) == {}


def test_stages_and_the_time_left_are_said_in_the_language_of_the_study():
    pace = Pace(["network", "times"], {"network": 4.0, "times": 10.0}, "zh")
    pace.begin("times", now_s=6.0)
    assert (pace.name, pace.text(now_s=6.0)) == ("步行时间", "0:06，约剩 0:15")


def test_every_stage_has_a_name_in_both_languages():
    names = {*RUN_STAGES, *ZONE_FILE_STAGES, *SITE_STAGES, *ROUTE_STAGES}
    for language in ("zh", "en"):
        assert all(say(f"progress.{name}", language) for name in names)
