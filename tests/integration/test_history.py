"""A run keeps what `compare` needs of the run before it, as many as the study says."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from tests.commands import heard
from tests.streets import write_study

import circle15
from circle15.errors import OutsideError
from circle15.workflow.comparison.results_folder import read_results
from circle15.workflow.folders import replacing
from circle15.workflow.folders.replacing import HISTORY
from circle15.workflow.folders.result_names import FILES, LOG
from circle15.workflow.reruns.history import LINKED, earlier_runs, prune
from circle15.workflow.reruns.history_layers import LAYERS
from circle15.workflow.reruns.run_record import read_sealed

OLD_KEPT = ("summary.json", "coverage.parquet", "results.gpkg", "run.json")
"""What versions kept before layers were kept as tables."""
NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def contents(folder):
    """Contents of what is kept as it is, and the hashes of all files of the run."""
    record = read_sealed(folder)
    assert record is not None
    return (
        {name: (folder / name).read_bytes() for name in LINKED},
        record.get("files_of_run", record["files"]),
    )


def run(folder, **options):
    circle15.run(folder / "study.toml", out=folder / "out", **options)
    return folder / "out"


@pytest.fixture(scope="module")
def run_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    homes = {"h": (0, 0, 100), "g": (800, 0, 50)}
    write_study(folder, NODES, ["ABC"], homes, {"S": (0, 0), "T": (800, 0)})
    run(folder)
    return folder


@pytest.fixture
def folder(run_once, tmp_path):
    shutil.copytree(run_once, tmp_path / "study")
    return tmp_path / "study"


def test_a_quarter_later_the_last_run_is_there_to_compare_with(folder, capfd, monkeypatch):
    """Three changes and three runs, of which the study keeps two; the first goes."""
    out = folder / "out"
    assert not (out / HISTORY).exists()
    edit(folder / "study.toml", "as_of", "keep = 2\nas_of")
    before: list[tuple[dict[str, bytes], dict[str, str]]] = []
    for k in range(3):
        before.insert(0, contents(out))
        edit(folder / "study.toml", "as_of", f"# change {k}\nas_of")
        run(folder)
        assert [contents(one.folder) for one in earlier_runs(out)] == before[:2]
    names = {path.name for path in earlier_runs(out)[0].folder.iterdir()}
    assert names == {*LINKED, *(f"{layer}.parquet" for layer in LAYERS), LOG, "run.json"}
    assert circle15.verify(earlier_runs(out)[0].folder).holds
    finished = [one.finished for one in earlier_runs(out)]
    assert finished == sorted(finished, reverse=True)
    change = circle15.compare(earlier_runs(out)[0].folder, out)
    assert [one["field"] for one in change["inputs"]] == ["study.toml"]
    assert circle15.compare(out) == change
    monkeypatch.chdir(folder)
    (folder / "maps").mkdir()
    out.rename(folder / "maps" / "small")
    told = heard(capfd, "compare", "study.toml", "--json")
    assert told.code == 0
    assert json.loads(told.out)["coverage"] == change["coverage"]
    (folder / "homes.csv").unlink()  # no input is read
    assert heard(capfd, "compare", "maps/small", "--lang", "en").code == 0


def test_a_kept_run_says_what_its_whole_results_say(folder, tmp_path):
    """Kept, and copied as a whole before: the same homes, sites and streets, in less room."""
    out = folder / "out"
    shutil.copytree(out, tmp_path / "whole")
    edit(folder / "homes.csv", "100", "90")
    run(folder)
    kept = earlier_runs(out)[0].folder
    whole, small = read_results(tmp_path / "whole"), read_results(kept)
    assert list(whole.sites.geometry) == list(small.sites.geometry)
    sites = [pd.DataFrame(one.sites.drop(columns="geometry")) for one in (whole, small)]
    assert_frame_equal(sites[0], sites[1])
    assert small.streets is not None
    assert len(small.streets.line) == 2
    for field in fields(small.streets):
        pair = [getattr(one.streets, field.name) for one in (whole, small)]
        assert np.array_equal(pair[0], pair[1]), field.name
    changes = [circle15.compare(one, out) for one in (tmp_path / "whole", kept)]
    for change in changes:
        change["a"]["folder"] = ""
    assert changes[0] == changes[1]
    assert circle15.compare(kept, tmp_path / "whole")["coverage"][0]["people"] == 0
    size = sum(path.stat().st_size for path in kept.iterdir())
    assert size < sum((tmp_path / "whole" / name).stat().st_size for name in OLD_KEPT) / 2
    (kept / "walk_network.parquet").write_bytes(b"other")
    assert circle15.verify(out).faults == (f"history/{kept.name} 已被改动",)


def test_a_run_that_an_older_version_kept_can_be_read(folder):
    """It has the whole `results.gpkg`; it is compared, verified and removed like the others."""
    out = folder / "out"
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    old = folder / "old"
    shutil.copytree(out, old)
    run(folder)
    (one,) = earlier_runs(out)
    for path in one.folder.iterdir():
        path.unlink()
    for name in OLD_KEPT:
        shutil.copy(old / name, one.folder)
    assert [run.folder for run in earlier_runs(out)] == [one.folder]
    assert [row["field"] for row in circle15.compare(out)["inputs"]] == ["study.toml"]
    assert circle15.verify(out).faults == ()
    prune(out, 0)
    assert not (out / HISTORY).exists()


def test_what_cannot_be_compared_with_itself(folder, capfd, monkeypatch):
    """No results, no earlier run, or one that has been altered: one line each."""
    monkeypatch.chdir(folder)
    cases = [("study.toml", "maps/small: is not a results folder"), ("out", "keeps no earlier run")]
    for path, says in cases:
        said = heard(capfd, "compare", path)
        assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
        assert says in said.err
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    run(folder)
    before = earlier_runs(folder / "out")[0].folder
    for place in (before, folder / "out"):
        content = (place / "coverage.parquet").read_bytes()
        (place / "coverage.parquet").write_bytes(content + b" ")
        said = heard(capfd, "compare", "out")
        assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
        assert "has been altered since its run" in said.err
        (place / "coverage.parquet").write_bytes(content)
    assert heard(capfd, "compare", "out").code == 0


def test_the_same_numbers_are_kept_once(folder):
    """Another language, an edited page, a forced run: there is nothing to compare."""
    out = folder / "out"
    run(folder, language="en")
    (out / "map.html").write_text("edited", "utf-8")
    run(folder)
    assert not (out / HISTORY).exists()


def test_altered_numbers_are_not_kept(folder):
    edit(folder / "out" / "summary.json", '"schema": 1', '"schema":  1')
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    out = run(folder)
    assert not (out / HISTORY).exists()


def test_none_are_kept_where_the_study_says_so(folder):
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    out = run(folder)
    assert len(earlier_runs(out)) == 1
    edit(folder / "study.toml", "as_of", "keep = 0\nas_of")
    run(folder)
    assert not (out / HISTORY).exists()


@pytest.mark.parametrize("keep", ["-1", "1001", '"all"', "1.5"])
def test_only_a_number_can_be_kept(folder, capfd, keep):
    edit(folder / "study.toml", "as_of", f"keep = {keep}\nas_of")
    said = heard(capfd, "check", folder / "study.toml")
    assert said.code == 2
    assert "study.toml, line 4, key 'study.keep'" in said.err


def test_a_replacement_that_is_undone_keeps_nothing(folder, monkeypatch):
    """The system refuses the last file: all earlier ones are back, and no history is left."""
    out = folder / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    edit(folder / "study.toml", "as_of", "# changed\nas_of")

    def refused(folder, work, name, journal, real=replacing._forward):
        if name == "run.json":
            raise OSError(13, "Permission denied", name)
        real(folder, work, name, journal)

    monkeypatch.setattr(replacing, "_forward", refused)
    with pytest.raises(OutsideError, match="earlier results are unchanged"):
        run(folder)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_the_user_keeps_there_stays(folder):
    out = folder / "out"
    mine = out / HISTORY / "2025-q3"
    mine.mkdir(parents=True)
    (mine / "summary.json").write_text("mine", "utf-8")
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    run(folder)
    (one,) = earlier_runs(out)
    (one.folder / "note.txt").write_text("mine", "utf-8")
    prune(out, 0)
    assert (mine / "summary.json").read_text("utf-8") == "mine"
    assert [path.name for path in one.folder.iterdir()] == ["note.txt"]
    assert earlier_runs(out) == []


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_history_that_is_no_folder_of_ours_is_left_alone(folder, tmp_path, kind):
    history = folder / "out" / HISTORY
    if kind == "file":
        history.write_text("mine", "utf-8")
    else:
        (tmp_path / "elsewhere").mkdir()
        history.symlink_to(tmp_path / "elsewhere")
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    run(folder)
    assert history.is_symlink() or history.read_text("utf-8") == "mine"
    assert kind == "file" or list((tmp_path / "elsewhere").iterdir()) == []


def test_a_damaged_run_is_none(folder):
    out = folder / "out"
    edit(folder / "study.toml", "as_of", "# changed\nas_of")
    run(folder)
    (one,) = earlier_runs(out)
    edit(one.folder / "run.json", '"circle15"', '"circle16"')
    assert earlier_runs(out) == []
    edit(folder / "study.toml", "as_of", "# again\nas_of")
    run(folder)
    assert len(earlier_runs(out)) == 1
    assert len(list((out / HISTORY).iterdir())) == 1
    assert {path.name for path in out.iterdir()} == {*FILES, LOG, HISTORY}
