"""Results go into any folder, also that of the study; other files and inputs are kept."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from tests.commands import call, heard
from tests.streets import write_study

import circle15
from circle15.errors import InputDataError
from circle15.workflow.folders import held as folders
from circle15.workflow.folders import replacing
from circle15.workflow.folders.held import held
from circle15.workflow.folders.own_results import listed_by_run
from circle15.workflow.folders.result_names import FILES, LOG, NAMES
from circle15.workflow.zone_sheets import ZONE_FILES

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
ZONES = "zone_id,lon,lat,households\nN1,120.0,31.5,100\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A study that was run into its own folder."""
    study = small(tmp_path_factory.mktemp("finished"))
    assert call("run", study, "--out", study.parent) == 0
    return study.parent


def small(folder):
    return write_study(folder, NODES, ["ABC"], {"h": (0, 0, 1)}, {"S": (0, 0)})


@pytest.fixture
def study(finished, tmp_path):
    """That study with its results."""
    shutil.copytree(finished, tmp_path / "study")
    return tmp_path / "study" / "study.toml"


@pytest.fixture
def bare(tmp_path):
    """A study without results."""
    return small(tmp_path)


def states(folder):
    return {
        path.name: path.readlink() if path.is_symlink() else path.read_bytes()
        for path in folder.iterdir()
    }


def refused(capfd, before, *command):
    """Run a command that must be refused in one line and change nothing; return the line."""
    folder = before if before.is_dir() else before.parent
    kept = states(folder)
    said = heard(capfd, *command)
    assert (said.code, said.out) == (2, ""), said
    assert len(said.err.splitlines()) == 1, said
    assert states(folder) == kept
    return said.err


def test_a_run_in_python_writes_where_it_is_told(bare, tmp_path, monkeypatch):
    """Nowhere by itself; `write` gives what `out` gives, and refuses the files of others."""
    monkeypatch.chdir(tmp_path)
    before = states(tmp_path)
    outcome = circle15.run(bare)
    assert states(tmp_path) == before
    assert outcome.files == []
    written = outcome.write(tmp_path / "later")
    at_once = circle15.run(bare, out=tmp_path / "now").files
    assert [path.name for path in written] == [path.name for path in at_once] == list(FILES)
    for one, other in zip(written, at_once, strict=True):
        assert one.name == "run.json" or one.read_bytes() == other.read_bytes(), one.name
    assert json.loads((tmp_path / "later" / "summary.json").read_text("utf-8")) == outcome.summary
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "map.html").write_text("mine", encoding="utf-8")
    with pytest.raises(InputDataError, match=r"map\.html"):
        outcome.write(tmp_path / "theirs")
    assert states(tmp_path / "theirs") == {"map.html": b"mine"}


@pytest.mark.parametrize("out", [".", "", "{folder}", "../study"])
def test_results_go_into_the_working_folder(study, monkeypatch, out, capfd):
    """It is that of the study; inputs and files of the user stay, results are replaced."""
    folder = study.parent
    monkeypatch.chdir(folder)
    (folder / "notes.docx").write_text("mine", "utf-8")
    before = states(folder)
    (folder / "report.html").write_text("edited", "utf-8")
    (folder / "issues.csv").unlink()
    assert call("run", "study.toml", "--out", out.format(folder=folder) or folder) == 0
    after = states(folder)
    assert set(after) == set(before)
    assert {name for name in after if after[name] != before[name]} <= {"run.json", LOG}
    told = "Ran again: report.html has been altered; issues.csv is missing.\n"
    assert capfd.readouterr().err == told


def test_results_above_the_working_folder(bare, monkeypatch):
    below = bare.parent / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    before = states(below)
    assert call("run", bare, "--out", "..") == 0
    assert states(below) == before
    assert {*FILES} <= {path.name for path in bare.parent.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_the_users_is_not_replaced(bare, capfd, name):
    out = bare.parent / "out"
    out.mkdir()
    (out / name).write_text("mine", "utf-8")
    told = refused(capfd, out, "run", bare, "--out", out)
    assert f"{out / name}: was not written by an earlier run" in told
    assert "--out" in told
    if name == "report.docx":
        (out / name).rename(out / "mine.docx")
        assert call("run", bare, "--out", out) == 0
        assert (out / "mine.docx").read_text("utf-8") == "mine"


def test_all_of_them_are_named(bare, capfd):
    for name in ("report.docx", "map.html", "notes.txt"):
        (bare.parent / name).write_text("mine", "utf-8")
    told = refused(capfd, bare.parent, "run", bare, "--out", bare.parent)
    assert "map.html" in told
    assert "report.docx" in told
    assert "notes.txt" not in told


@pytest.mark.parametrize("kind", ["link", "broken link", "empty", "not listed"])
def test_beside_results_of_ours(study, capfd, tmp_path, kind):
    """A file that the earlier run did not write, under a name that a run may write."""
    place = study.parent / "map_online.html"
    if kind == "link":
        (tmp_path / "mine.html").write_text("mine", "utf-8")
        place.symlink_to(tmp_path / "mine.html")
    elif kind == "broken link":
        place.symlink_to(tmp_path / "nowhere")
    else:
        place.write_text("" if kind == "empty" else "mine", "utf-8")
    assert "map_online.html" in refused(capfd, study, "run", study, "--out", study.parent)


@pytest.mark.parametrize(
    "record", ["", "{", "[]", "null", '{"files": {"report.docx": "x"}}', "[" * 100_000, "\udcff"]
)
def test_a_record_that_is_none_of_ours_lists_nothing(study, capfd, record):
    content = record.encode("utf-8", "surrogateescape")
    (study.parent / "run.json").write_bytes(content)
    told = refused(capfd, study, "run", study, "--out", study.parent)
    assert "map.html: was not written by an earlier run" in told
    assert "run.json" in told


def test_a_record_of_an_older_version_lists_all(study):
    """It names no files; an older run wrote what a run writes."""
    path = study.parent / "run.json"
    record = json.loads(path.read_text("utf-8"))
    del record["files"]
    path.write_text(json.dumps(record), "utf-8")
    (study.parent / "map_online.html").write_text("of an older run", "utf-8")
    assert call("run", study, "--out", study.parent) == 0
    assert not (study.parent / "map_online.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="modes are others there")
def test_a_record_that_may_not_be_read(tmp_path, monkeypatch):
    """A colleague's results, which may be replaced and not read."""
    monkeypatch.setattr("pathlib.Path.open", lambda *_: (_ for _ in ()).throw(PermissionError()))
    assert listed_by_run(tmp_path, NAMES) == NAMES


def test_an_input_is_not_replaced_though_an_earlier_run_wrote_it(study, capfd):
    """The homes of a study may be the results of another."""
    text = study.read_text("utf-8").replace('"homes.csv"', '"issues.csv"')
    content = (study.parent / "homes.csv").read_bytes()
    (study.parent / "issues.csv").write_bytes(content)
    study.write_text(text, "utf-8")
    told = refused(capfd, study, "run", study, "--out", study.parent)
    assert "issues.csv: is an input of the study" in told
    assert call("run", study, "--out", study.parent / "elsewhere") == 0
    assert (study.parent / "issues.csv").read_bytes() == content


def test_a_study_with_the_name_of_a_result(study, capfd):
    odd = study.rename(study.parent / "summary.json")
    assert "summary.json: is an input" in refused(capfd, odd, "run", odd, "--out", odd.parent)


def test_an_input_that_a_link_leads_to(study, capfd):
    (study.parent / "report.docx").unlink()
    (study.parent / "report.docx").symlink_to("homes.csv")
    told = refused(capfd, study, "run", study, "--out", study.parent)
    assert "report.docx: is an input of the study" in told


def test_a_fault_of_the_input_is_said_first(bare, capfd):
    (bare.parent / "report.docx").write_text("mine", "utf-8")
    (bare.parent / "homes.csv").write_text("nothing", "utf-8")
    told = refused(capfd, bare, "run", bare, "--out", bare.parent)
    assert "homes.csv" in told
    assert "report.docx" not in told


def test_one_that_comes_during_the_run(tmp_path):
    """It is asked again before anything is put in place."""

    def write():
        with held(tmp_path, NAMES, listed=listed_by_run) as place, place.replacing() as work:
            for name in FILES:
                (work / name).write_text("new", "utf-8")
            (tmp_path / "report.docx").write_text("mine", "utf-8")

    with pytest.raises(InputDataError, match=r"report\.docx: was not written"):
        write()
    assert {p.name: p.read_text("utf-8") for p in tmp_path.iterdir()} == {"report.docx": "mine"}


def test_what_a_killed_run_has_left_blocks_no_rerun(bare, monkeypatch):
    """The first run into a folder is killed with half of its files in place."""
    out = bare.parent / "out"

    class KilledError(BaseException):
        pass

    def killed(folder, work, name, journal, real=replacing._forward):
        real(folder, work, name, journal)
        if name == "report.xlsx":
            raise KilledError

    monkeypatch.setattr(replacing, "_forward", killed)
    monkeypatch.setattr(folders, "_clean_up", lambda lock: None)
    with pytest.raises(KilledError):
        call("run", bare, "--out", out)
    monkeypatch.undo()
    left = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    assert "report.xlsx" in left
    assert "run.json" not in left
    assert call("run", bare, "--out", out) == 0
    assert {path.name for path in out.iterdir()} == {*FILES, LOG}


def test_what_could_not_be_settled_is_still_ours(tmp_path):
    """A killed run whose files can be brought neither forward nor back blocks no rerun either."""
    work = tmp_path / ".circle15-0123456789abcdef"
    work.mkdir()
    (work / "journal.json").write_text('{"new": ["map.html", "run.json"], "earlier": []}', "utf-8")
    (tmp_path / "map.html").write_text("new", "utf-8")
    lock = {"circle15": "1", "pid": 1, "host": "x", "since": "", "work": work.name, "stale": []}
    (tmp_path / ".circle15.lock").write_text(json.dumps(lock), "utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folders, "settle", lambda *_: (_ for _ in ()).throw(OSError(16, "busy")))
        with held(tmp_path, NAMES, listed=listed_by_run) as place:
            place.require_own()


# Sheets of zones


def zones_of(study, out, name="new.csv"):
    (study.parent / name).write_text(ZONES, "utf-8")
    return ("zones", study, "--zones", study.parent / name, "--out", out)


def test_sheets_of_zones_are_replaced_by_sheets(study):
    before = states(study.parent)
    for _ in range(2):
        assert call(*zones_of(study, study.parent)) == 0
    after = states(study.parent)
    assert set(after) == {*before, *ZONE_FILES, "new.csv"}
    assert all(after[name] == content for name, content in before.items())


@pytest.mark.parametrize("name", ZONE_FILES)
def test_a_file_of_the_users_is_no_sheet(bare, capfd, name):
    (bare.parent / name).write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    command = zones_of(bare, bare.parent)
    assert f"{name}: was not written" in refused(capfd, bare, *command)


def test_the_zones_themselves_are_not_replaced(bare, capfd):
    point = {"type": "Point", "coordinates": [120.0, 31.5]}
    feature = {"type": "Feature", "properties": {"zone_id": "N1"}, "geometry": point}
    layer = {"type": "FeatureCollection", "features": [feature]}
    (bare.parent / "zones.json").write_text(json.dumps(layer), "utf-8")
    command = ("zones", bare, "--zones", bare.parent / "zones.json", "--out", bare.parent)
    assert "zones.json: is an input of the study" in refused(capfd, bare, *command)
