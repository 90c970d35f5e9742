"""Stages as commands report them: the bar counts the existing ones, and the clock times all."""

from __future__ import annotations

import io
import json
import time

import pytest
import shapely
from rich.console import Console
from tests.streets import write_study

from circle15.workflow import stages
from circle15.workflow.api import route, run
from circle15.workflow.checking import check
from circle15.workflow.progress import progress_bar
from circle15.workflow.stages import Clock
from circle15.workflow.zone_sheets import check_study_zones

BOX = shapely.box(-50, -50, 650, 50)


@pytest.fixture
def study(tmp_path):
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0)}
    return write_study(tmp_path, nodes, ["AB"], {"h": (5, 5, 10)}, {"f": (500, 5)}, boundary=BOX)


def named(work):
    told: list[str] = []
    work(told.append)
    return tuple(told)


def test_each_command_reports_the_stages_that_its_bar_counts(study, tmp_path):
    zones = tmp_path / "zones.csv"
    zones.write_text("lon,lat,zone_id\n120.001,31.5,Z\n", encoding="utf-8")
    place, out = (120.001, 31.5), tmp_path / "out"
    assert named(lambda told: check(study, report=told)) == stages.READ_STAGES
    assert named(lambda told: run(study, out=out, report=told)) == (*stages.RUN_STAGES, stages.DONE)
    assert named(lambda told: check_study_zones(study, zones, report=told)) == stages.ZONE_STAGES
    assert (
        named(lambda told: check_study_zones(study, zones, out=tmp_path / "z", report=told))
        == stages.ZONE_FILE_STAGES
    )
    assert named(lambda told: route(study, place, "f", report=told)) == stages.ROUTE_STAGES


@pytest.mark.parametrize("processes", [1, 2])
def test_the_durations_of_the_stages_sum_to_the_run(study, tmp_path, processes):
    begin = time.perf_counter()
    run(study, out=tmp_path / "out", processes=processes)
    took = time.perf_counter() - begin
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    durations = record["durations_s"]
    assert list(durations) == ["settings", *stages.RUN_STAGES]
    assert took * 0.9 - 0.2 <= sum(durations.values()) <= took
    assert list(record["durations_beside_s"]) == ["drawing", "map and tables"]
    assert all(seconds > 0 for seconds in record["durations_beside_s"].values())


def test_a_stage_that_begins_twice_has_both_times():
    clock = Clock(lambda _stage: None, begun=0.0)
    clock.stages = [("network", 1.0), ("people", 3.0), ("network", 4.0), ("done", 9.0)]
    assert clock.durations() == {"settings": 1.0, "network": 7.0, "people": 1.0}


def test_the_bar_is_full_when_all_is_done_and_not_before():
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with progress_bar(console, ["network", "people"]) as report:
        bar = report.__closure__  # the bar that the function moves
        assert bar is not None
        (progress,) = (cell.cell_contents for cell in bar if hasattr(cell.cell_contents, "tasks"))
        seen = []
        for stage in ("network", "people", "done"):
            report(stage)
            progress.get_renderables()  # as the terminal asks for what to draw
            seen.append(progress.tasks[0].completed)
        assert (seen, progress.tasks[0].total) == ([0, 0.5, 1], 1)
