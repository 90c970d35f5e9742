"""Stages are read again where all that they get is the same, and made anew where it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.builders.small_study import write_small

from circle15.inputs.files.source_files import source_files
from circle15.network.quality import Island
from circle15.study.database_tables import DatabaseTable
from circle15.study.settings.reading import load_study
from circle15.workflow.cache.entries import Store
from circle15.workflow.cache.place import VARIABLE
from circle15.workflow.cache.stage_cache import Kept, kept_stages


class Work:
    """A stage that counts how often it runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, *_given: Any) -> Island:
        self.runs += 1
        return Island(0.5, 1.5, 300.0, 7, self.runs)


@pytest.fixture
def study(tmp_path):
    return load_study(write_small(tmp_path))


@pytest.fixture
def stage(study, tmp_path):
    """Run a stage as a run of its own does: `given` is what it gets."""

    def run(work: Work, *given: Any, program: str = "p", name: str = "network", of=study):
        kept = Kept(Store(tmp_path / "cache"), program).begun(of, source_files(of))
        found = kept.made(name, work, *given)
        kept.write()
        return kept.log.get(name), found

    return run


def test_the_same_is_read_and_not_made_again(stage, study):
    work = Work()
    assert stage(work, study.network, 3)[0] == "made"
    said, found = stage(work, study.network, 3)
    assert (said, work.runs) == ("read", 1)
    assert found == Island(0.5, 1.5, 300.0, 7, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"program": "q"},
        {"name": "people"},
        {"given": 4},
        {"study": {"unknown_shift": "accept"}},
    ],
)
def test_what_differs_is_made(stage, study, change):
    """Another program, stage, value or way of taking shifts of datums that are not known."""
    work = Work()
    stage(work, 3)
    of = replace(study, **change.pop("study", {}))
    given = change.pop("given", 3)
    assert stage(work, given, of=of, **change)[0] == "made"
    assert work.runs == 2


def test_another_content_of_a_file_is_made(stage, study, tmp_path):
    work = Work()
    stage(work, study.network)
    streets = tmp_path / "streets.geojson"
    streets.write_text(streets.read_text("utf-8") + "\n", "utf-8")
    assert stage(work, study.network)[0] == "made"
    (tmp_path / "homes.csv").write_text("of another stage", "utf-8")
    assert stage(work, study.network)[0] == "read"


def test_a_damaged_entry_is_made_again(stage, study, tmp_path):
    work = Work()
    stage(work, study.network)
    (entry,) = (tmp_path / "cache").iterdir()
    content = bytearray(entry.read_bytes())
    content[-10] ^= 1
    entry.write_bytes(content)
    assert stage(work, study.network)[0] == "made again"
    assert stage(work, study.network)[0] == "read"


def test_results_of_stages_are_known_by_their_keys(study, tmp_path):
    """A later stage gets parts of an earlier one: a table, an entry of a record or of a tuple."""
    said = []
    for value in (1, 1, 2):
        kept = Kept(Store(tmp_path / "cache"), "p").begun(study, source_files(study))
        made: Any = kept.made(
            "first", lambda k: {"t": pd.DataFrame({"n": [k]}), "s": (Island(0, 0, 1, 2, k),)}, value
        )
        again = kept.made("second", lambda table, part: len(table), made["t"], made["s"][0])
        assert again == 1
        kept.write()
        said.append([*kept.log.values()])
    assert said == [["made", "made"], ["read", "read"], ["made", "made"]]


@pytest.mark.parametrize("what", ["array", "table", "database", "listed database", "other file"])
def test_what_is_not_known_is_not_kept(stage, study, tmp_path, what):
    """What no key can name is computed each time, and nothing is written."""
    (tmp_path / "other.csv").write_text("x", "utf-8")
    table = DatabaseTable("h", 5432, "c", "u", "sites")
    layer = replace(study.facilities[0], file=table)
    given = {
        "array": np.arange(3),
        "table": pd.DataFrame(),
        "database": layer,
        "listed database": {"a": [layer]},
        "other file": tmp_path / "other.csv",
    }[what]
    work = Work()
    assert [stage(work, given)[0] for _ in range(2)] == [None, None]
    assert work.runs == 2
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").iterdir())


def test_a_file_that_is_not_there_and_the_study_itself_are_named_by_their_paths(stage, study):
    work = Work()
    given = (study.file.parent / "nowhere.csv", study.file)
    assert [stage(work, *given)[0] for _ in range(2)] == ["made", "read"]


def test_a_full_disk_keeps_nothing_and_stops_nothing(study, tmp_path, monkeypatch):
    kept = Kept(Store(tmp_path / "cache"), "p").begun(study, source_files(study))
    monkeypatch.setattr(Store, "write", lambda *_: False)
    assert kept.made("network", Work(), 3) == Island(0.5, 1.5, 300.0, 7, 1)
    kept.write()
    assert kept.log == {"network": "made, not kept"}


def test_without_a_cache_stages_are_run(study, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "off")
    off = kept_stages().begun(study, source_files(study))
    work = Work()
    off.made("network", work, 3)
    off.made("network", work, 3)
    off.write()
    assert (work.runs, off.log) == (2, {})
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    on = kept_stages().begun(study, source_files(study))
    on.made("network", work, 3)
    on.write()
    assert on.log == {"network": "made"}
    assert kept_stages()._program == on._program != ""
