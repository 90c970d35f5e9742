"""A run with nothing new to say ends at once; any change of what goes in or came out runs again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from tests.commands import heard
from tests.mixed_studies import write_mixed
from tests.streets import write_study

import circle15
from circle15.errors import StudyError
from circle15.inputs.files.source_files import source_files
from circle15.output.map.online_tiles import tiles_named
from circle15.study.database_tables import database_table
from circle15.study.settings.download_paths import RECORD, beside
from circle15.workflow.folders.result_names import FILES, NAMES
from circle15.workflow.reruns import program_state
from circle15.workflow.reruns.fingerprint import ingredients
from circle15.workflow.reruns.standing import earlier_results

pytestmark = pytest.mark.usefixtures("as_commands")

ASKED_FOR = ("map_online.html", "results.gdb.zip", "results.dxf")
"""Files of a result that a run writes only where a study or a command asks for them."""

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
PACK = """
[pack]
name = "own"
title = "Own"
dated = 2025-01-01
source = "A page"
"""


@pytest.fixture(scope="module")
def run_once(tmp_path_factory, as_commands):
    """A study with a few kinds of files, run by the command line."""
    folder = tmp_path_factory.mktemp("up to date")
    study = write_study(folder, NODES, ["ABC"], {"h": (0, 0, 1)}, {"S": (0, 0)})
    circle15.run(study, out=folder / "out", language="en")
    return folder


@pytest.fixture
def folder(run_once, tmp_path):
    """That study with its results, in another place."""
    shutil.copytree(run_once, tmp_path / "moved")
    return tmp_path / "moved"


def changed(folder, *, language="en", tiles=None):
    """What has changed since the run; empty if the results stand."""
    study = circle15.load_study(folder / "study.toml")
    found = earlier_results(study, folder / "out", language=language, tiles=tiles)
    assert found.stands == (found.changed == () and found.files != ())
    return list(found.changed) if found.files else None


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def states(folder):
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.iterdir())
    }


def test_the_second_run_touches_nothing_and_says_so(folder, capfd):
    command = ("run", folder / "study.toml", "--out", folder / "out", "--lang", "en")
    before = states(folder / "out")
    said = heard(capfd, *command)
    assert said.code == 0
    assert said.err.startswith("Up to date: nothing has changed since the run of ")
    assert len(said.err.splitlines()) == 1
    assert said.out.split() == [str(folder / "out" / name) for name in FILES]
    told = heard(capfd, *command, "--json")
    assert json.loads(told.out) == json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    assert states(folder / "out") == before
    forced = heard(capfd, *command, "--force")
    assert (forced.code, forced.err, forced.out) == (0, "", said.out)
    after = states(folder / "out")
    assert all(after[name][0] != before[name][0] for name in FILES)
    assert all(after[name][2] == before[name][2] for name in FILES if name != "run.json")
    assert changed(folder) == []


def test_a_run_after_a_change_says_what_has_changed(folder, capfd):
    edit(folder / "sites.csv", "site S", "site T")
    command = ("run", folder / "study.toml", "--out", folder / "out", "--lang", "en")
    said = heard(capfd, *command)
    assert (said.code, said.err) == (0, "Ran again: sites.csv has changed.\n")
    assert changed(folder) == []
    assert "site T" in (folder / "out" / "report.html").read_text("utf-8")
    assert heard(capfd, *command).err.startswith("Up to date")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("homes.csv", "h", "k", ["homes.csv has changed"]),
        ("sites.csv", "site S", "site s", ["sites.csv has changed"]),
        ("streets.geojson", " ", "  ", ["streets.geojson has changed"]),
        ("extent.geojson", " ", "  ", ["extent.geojson has changed"]),
        ("study.toml", "[study]", "# a remark\n[study]", ["study.toml has changed"]),
        ("study.toml", "as_of", "plan_as_of = 2027-12-31\nas_of", ["study.toml has changed"]),
    ],
)
def test_every_byte_of_an_input_counts(folder, name, old, new, says):
    assert changed(folder) == []
    edit(folder / name, old, new)
    assert changed(folder) == says


def test_a_change_that_leaves_size_and_time_as_they_were_counts(folder):
    path = folder / "sites.csv"
    before = path.stat()
    edit(path, "site S", "site T")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert changed(folder) == ["sites.csv has changed"]


def test_options_count(folder, monkeypatch):
    assert changed(folder, language="zh") == ["the language was en and is zh"]
    assert changed(folder, tiles=tiles_named("osm")) == ["the map online is another one"]
    monkeypatch.setenv("GDAL_CACHEMAX", "10")
    assert changed(folder) == ["variables that steer GDAL or PROJ have changed"]


def test_a_setting_changed_in_python_counts(folder):
    """Of a study as a program has changed it, nobody sees a file."""
    study = circle15.load_study(folder / "study.toml")
    circle15.run(replace(study, title="Another"), out=folder / "out", language="en")
    assert changed(folder) == ["the settings have changed"]


def test_files_that_change_places_count(folder, monkeypatch):
    """Two folders that variables name, with the same names and contents, the other way round."""
    for place in ("a", "b"):
        (folder / place).mkdir()
    shutil.copy(folder / "sites.csv", folder / "a" / "x.csv")
    shutil.copy(folder / "homes.csv", folder / "b" / "x.csv")
    (folder / "own").mkdir()
    study = folder / "own" / "study.toml"
    text = (folder / "study.toml").read_text("utf-8")
    for name in ("streets.geojson", "extent.geojson"):
        text = text.replace(f'"{name}"', f'"../{name}"')
    study.write_text(text.replace("sites.csv", "${ONE}/x.csv").replace("homes.csv", "${TWO}/x.csv"))
    found = []
    for first, second in (("a", "b"), ("b", "a")):
        monkeypatch.setenv("ONE", str(folder / first))
        monkeypatch.setenv("TWO", str(folder / second))
        loaded = circle15.load_study(study)
        found.append(ingredients(loaded, source_files(loaded)))
    one, other = found
    assert one is not None
    assert other is not None
    assert one.files == other.files
    assert one.settings != other.settings


def test_a_part_that_appears_counts(folder):
    (folder / "streets.geojson.aux.xml").write_text("<x/>", "utf-8")
    assert changed(folder) == ["streets.geojson.aux.xml is new"]


def test_an_input_that_cannot_be_read_is_left_to_the_run(folder, capfd):
    (folder / "sites.csv").unlink()
    (folder / "sites.csv").mkdir()
    said = heard(capfd, "run", folder / "study.toml", "--out", folder / "out", "--lang", "en")
    assert said.code == 2
    assert "sites.csv" in said.err
    assert "Up to date" not in said.err


def test_the_program_counts(folder, tmp_path, monkeypatch):
    own = tmp_path / "circle15"
    shutil.copytree(
        program_state.PACKAGE, own, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True
    )
    monkeypatch.setattr(program_state, "LOADED_NS", time.time_ns() + 10**12)
    monkeypatch.setattr(program_state, "PACKAGE", own)
    assert changed(folder) == []
    for name in ("errors.py", "rules/packs/liangxi-2025.toml", "study/messages/en/report.toml"):
        before = (own / name).read_bytes()
        (own / name).write_bytes(before + b" ")
        assert changed(folder) == ["circle15 itself has changed"], name
        (own / name).write_bytes(before)
    (own / "__pycache__").mkdir()
    (own / "__pycache__" / "errors.cpython-311.pyc").write_bytes(b"compiled")
    assert changed(folder) == []
    (own / "new.py").touch()
    assert changed(folder) == ["circle15 itself has changed"]


def test_libraries_count(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(program_state, "LOADED_NS", time.time_ns() + 10**12)
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert changed(folder) == []
    (tmp_path / "site" / "walking-1.2.dist-info").mkdir()
    assert changed(folder) == ["walking was missing and is 1.2"]


def test_a_program_that_changed_while_it_ran_leaves_no_fingerprint(folder, monkeypatch):
    """What was loaded before is not what is on disk: the next run has to compute."""
    monkeypatch.setattr(program_state, "LOADED_NS", 0)
    circle15.run(folder / "study.toml", out=folder / "out", language="en")
    assert changed(folder) is None
    monkeypatch.undo()
    assert changed(folder) is None
    assert json.loads((folder / "out" / "run.json").read_text("utf-8"))["fingerprint"] is None


@pytest.mark.parametrize("name", [name for name in FILES if name != "run.json"])
def test_every_byte_of_a_result_counts(folder, name):
    path = folder / "out" / name
    content = path.read_bytes()
    for at in (0, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert changed(folder) == [f"{name} has been altered"]
    path.write_bytes(content + b"\n")
    assert changed(folder) == [f"{name} has been altered"]
    path.unlink()
    assert changed(folder) == [f"{name} is missing"]
    path.mkdir()
    assert changed(folder) == [f"{name} has been altered"]


def test_every_byte_of_the_record_counts(folder):
    path = folder / "out" / "run.json"
    content = path.read_bytes()
    for at in range(0, len(content), 97):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert changed(folder) is None, content[at - 20 : at + 20]
    for other in (b"", b"[]", b"{}", content + b" ", b"[" * 100_000, content.replace(b" ", b"")):
        path.write_bytes(other)
        assert changed(folder) is None
    path.write_bytes(content)
    assert changed(folder) == []
    path.unlink()
    assert changed(folder) is None


def test_a_file_of_a_result_that_the_run_did_not_write_counts(folder):
    assert set(NAMES) - set(FILES) == {"run.log", *ASKED_FOR}
    for name in ASKED_FOR:
        (folder / "out" / name).write_text("mine", "utf-8")
        assert changed(folder) == [f"{name} is not of this run"]
        (folder / "out" / name).unlink()


def test_tables_of_a_database_are_always_read(folder):
    study = circle15.load_study(folder / "study.toml")
    table = database_table("postgresql://me@host/db?table=sites")
    layers = (replace(study.facilities[0], file=table),)
    assert ingredients(replace(study, facilities=layers), source_files(study)) is None


def test_the_record_of_a_download_counts(folder):
    text = (folder / "study.toml").read_text("utf-8")
    text = text.replace('file = "streets.geojson"', 'place = "Somewhere"')
    (folder / "study.toml").write_text(text, "utf-8")
    study = circle15.load_study(folder / "study.toml")
    assert study.network.kept is not None
    study.network.kept.parent.mkdir(parents=True)
    found = []
    for record in (None, "1", "2"):
        if record is not None:
            beside(study.network.kept, RECORD).write_text(record, "utf-8")
        found.append(ingredients(study, source_files(study)))
    assert len(set(found)) == 3


def test_every_kind_of_setting_has_a_plain_form(tmp_path, sample_study):
    forms = []
    for k in range(12):
        (tmp_path / str(k)).mkdir()
        path = write_mixed(tmp_path / str(k), k) if k else sample_study
        with suppress(StudyError):  # some contradict themselves
            study = circle15.load_study(path)
            forms.append(ingredients(study, source_files(study)))
    assert len(forms) >= 6
    assert None not in forms


def test_the_check_is_over_before_anything_heavy_is_loaded(folder):
    """The libraries of a run take seconds to import."""
    code = (
        "import sys; from circle15.cli import main\n"
        f"sys.argv = ['circle15', 'run', {str(folder / 'study.toml')!r}, '--out', "
        f"{str(folder / 'out')!r}, '--lang', 'en']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'geopandas', 'numba', 'pyarrow', 'rasterio', 'pyogrio'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False
    )
    assert answer.stderr.startswith("Up to date"), answer.stderr
    assert answer.returncode == 0
