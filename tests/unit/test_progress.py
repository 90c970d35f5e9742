"""Progress in a terminal while a command runs."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from tests.streets import write_osm

from circle15.network.osm import osm_lines
from circle15.network.osm.osm_file import read_osm
from circle15.workflow.progress import progress_bar

if TYPE_CHECKING:
    from pathlib import Path


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100)


def shown_on(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_stage_and_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osm_lines, "_TELL_EVERY", 2)
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
