"""What surrounds a run: temporary files, names, output, and where compiled code is kept."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
import shapely
from tests.commands import heard
from tests.streets import write_osm, write_study

from circle15.errors import OutsideError
from circle15.inputs.files.scratch import scratch_folder

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
BOX = shapely.box(-200, -200, 800, 200)


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    return write_study(
        folder, NODES, ["ABC"], {"h1": (10, 5, 100)}, {"f1": (300.0, 10.0)}, boundary=BOX
    )


def zipped_boundary(study):
    """Name the boundary within an archive, which is unpacked among the temporary files."""
    with zipfile.ZipFile(study.parent / "b.zip", "w") as archive:
        archive.write(study.parent / "boundary.geojson", "boundary.geojson")
    text = study.read_text("utf-8")
    study.write_text(text.replace("boundary.geojson", "b.zip"), "utf-8")


def streets_of_osm(study):
    """Take the streets from an OpenStreetMap file, whose lines are sorted in temporary files."""
    write_osm(study.parent / "streets.osm", NODES, "ABC")
    text = study.read_text("utf-8")
    study.write_text(text.replace("streets.geojson", "streets.osm"), "utf-8")


@pytest.mark.parametrize("change", [zipped_boundary, streets_of_osm])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_folder_for_temporary_files_is_no_fault_of_the_input(
    change, number, study, capfd, monkeypatch
):
    change(study)
    assert heard(capfd, "check", study).code == 0
    real_open, real_write = Path.open, Path.write_bytes

    def refused(self, mode):
        if "circle15-" in str(self) and "r" not in mode:
            raise OSError(number, os.strerror(number), str(self))

    def opened(self, mode="r", *args, **kwargs):
        refused(self, mode)
        return real_open(self, mode, *args, **kwargs)

    def written(self, content):
        refused(self, "w")
        return real_write(self, content)

    def no_writer(*_args, **_kwargs):
        raise RuntimeError(f"Write failed: {os.strerror(number)}")

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(Path, "write_bytes", written)
    monkeypatch.setattr("osmium.SimpleWriter", no_writer)
    said = heard(capfd, "check", study)
    assert said.code == 3, said
    assert "the folder for temporary files" in said.err
    assert os.strerror(number) in said.err
    assert len(said.err.splitlines()) == 1


def test_no_folder_for_temporary_files_at_all(monkeypatch):
    def none():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    with pytest.raises(OutsideError, match="folder for temporary files cannot"), scratch_folder():
        pytest.fail("never entered")


def test_a_fault_of_the_input_stays_one():
    def fails():
        with scratch_folder() as folder:
            assert folder.is_dir()
            raise ValueError("of the input")

    with pytest.raises(ValueError, match="of the input"):
        fails()


@pytest.mark.skipif(sys.platform != "linux", reason="names are UTF-8 or UTF-16 elsewhere")
class TestNamesThatAreNotUtf8:
    """Python keeps their bytes as halves of characters, which no library here can open."""

    def run(self, *command, cwd=None):
        return subprocess.run(
            [sys.executable, "-P", "-m", "circle15", *command],
            capture_output=True,
            check=False,
            cwd=cwd,
        )

    def test_of_a_study(self, study):
        bad = os.fsencode(study.parent) + b"/\xff.toml"
        Path(os.fsdecode(bad)).write_bytes(study.read_bytes())
        said = self.run(b"check", bad)
        assert (said.returncode, said.stdout) == (2, b"")
        assert rb"\udcff.toml: its name" in said.stderr
        assert b"Traceback" not in said.stderr

    def test_of_the_working_folder(self, study):
        bad = Path(os.fsdecode(os.fsencode(study.parent.parent) + b"/\xe9"))
        study.parent.rename(bad)
        said = self.run("check", "study.toml", cwd=bad)
        assert (said.returncode, said.stdout) == (2, b"")
        assert b"study.toml: its name, or that of a folder above it, is not UTF-8" in said.stderr

    def test_of_the_results(self, study):
        said = self.run("run", study, b"--out", os.fsencode(study.parent) + b"/\xff")
        assert (said.returncode, said.stdout) == (2, b"")
        assert b"Traceback" not in said.stderr

    def test_of_files_beside_the_inputs(self, study):
        """They are somebody else's, and nobody reads them."""
        Path(os.fsdecode(os.fsencode(study.parent) + b"/homes.csv\xff")).write_text("x", "utf-8")
        assert self.run("check", study).returncode == 0

    def test_from_the_environment(self, study):
        text = study.read_text("utf-8").replace('"homes.csv"', '"${HERE}/homes.csv"')
        study.write_text(text, "utf-8")
        bad = Path(os.fsdecode(os.fsencode(study.parent) + b"/\xff"))
        bad.mkdir()
        (bad / "homes.csv").write_bytes((study.parent / "homes.csv").read_bytes())
        said = subprocess.run(
            [sys.executable, "-P", "-m", "circle15", "check", study],
            capture_output=True,
            check=False,
            env={**os.environ, "HERE": str(bad)},
        )
        assert said.returncode == 2
        assert b"is not UTF-8" in said.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limit")
@pytest.mark.parametrize("most_mb", [200, 600, 1000])
@pytest.mark.parametrize("command", ["check", "run"])
def test_too_little_memory_is_said_in_one_line(most_mb, command, study):
    """Libraries would interrupt or abort the process, with pages of their own."""
    limited = (
        f"import resource, runpy; resource.setrlimit(resource.RLIMIT_AS, ({most_mb}_000_000,) * 2);"
        "runpy.run_module('circle15', run_name='__main__')"
    )
    said = subprocess.run(
        [sys.executable, "-P", "-c", limited, command, study],
        capture_output=True,
        text=True,
        check=False,
        cwd=study.parent,
    )
    assert (said.returncode, said.stdout) == (3, ""), said
    assert len(said.stderr.splitlines()) == 1
    assert f"{most_mb:,} MB" in said.stderr
    assert not (study.parent / "maps").exists()


def test_doctor_says_where_compiled_code_is_kept(capfd, monkeypatch):
    said = heard(capfd, "doctor")
    assert "compiled code: " in said.out
    monkeypatch.setattr("circle15.workflow.doctor.cache_place", lambda _function: None)
    said = heard(capfd, "doctor")
    assert said.out.count("compiled code: not cached") == 1
