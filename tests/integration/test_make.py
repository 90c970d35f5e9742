"""`make report`: what its run depends on is known to make, which says whether it would run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.streets import write_study

from circle15.study.settings.reading import load_study
from circle15.workflow.folders.result_names import FILES, LOG
from circle15.workflow.reruns.depfile import ALWAYS, write_depfile
from circle15.workflow.reruns.program_state import PACKAGE

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")

ROOT = Path(__file__).parents[2]
NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (800.0, 0.0)}
NOTHING = "Nothing to be done for 'report'"
RUNS = "circle15 run"
HELD = (
    *("a b", "梁溪", "a#b", "a$b", "a:b", "a*b", "a?b", "a[b]c", "a~b"),
    *("a(1).csv", "-a", "a&b", "a'b", 'a"b', "a,b", "a{b}", "@a"),
)


@pytest.fixture
def place(tmp_path):
    """A folder with the Makefile, and an environment that is ready: its Python is this one."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
        os.utime(tmp_path / name, (1, 1))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    for k, name in enumerate(("pyvenv.cfg", "requirements.stamp", "circle15.stamp")):
        (tmp_path / ".venv" / name).touch()
        os.utime(tmp_path / ".venv" / name, (2 + k, 2 + k))
    return tmp_path


def study_in(folder, name="small"):
    folder.mkdir(parents=True)
    study = write_study(folder, NODES, ["ABC"], {"h": (0, 0, 1)}, {"S": (0, 0)})
    text = study.read_text("utf-8")
    assert 'name = "small"' in text
    study.write_text(text.replace('name = "small"', f'name = "{name}"', 1), "utf-8")
    old = time.time() - 3600  # before the command begins, as files of a bureau are
    for path in folder.iterdir():
        os.utime(path, (old, old))
    return study


def made(place, *words, code=0):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(
        ["make", *words],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == code, done
    return done.stdout + done.stderr


def test_a_quarter_in_a_folder_with_spaces_and_chinese_names(place):
    """Nothing to do; a file touched, a result deleted, a file gone, one that takes its name."""
    study = study_in(place / "梁溪 区 #1 (旧)")
    one = ("report", f"STUDY={study.relative_to(place)}")
    assert RUNS in made(place, "-n", *one)
    assert not (place / "maps").exists()
    said = made(place, *one)
    assert said.split() == [f"maps/small/{name}" for name in FILES]
    assert {path.name for path in (place / "maps" / "small").iterdir()} == {*FILES, LOG}
    again = made(place, *one)
    assert NOTHING in again
    assert len(again.splitlines()) == 1
    assert RUNS not in made(place, "-n", *one)
    made(place, "-q", *one)

    before = (place / "maps" / "small" / "run.json").read_bytes()
    os.utime(study.parent / "sites.csv")  # touched, but equal
    assert RUNS in made(place, "-n", *one)
    assert "Up to date" in made(place, *one)
    assert NOTHING in made(place, *one)
    assert (place / "maps" / "small" / "run.json").read_bytes() == before

    (place / "maps" / "small" / "report.docx").unlink()
    assert RUNS in made(place, "-n", *one)
    assert "report.docx is missing" in made(place, *one)
    assert (place / "maps" / "small" / "report.docx").is_file()
    assert NOTHING in made(place, *one)

    homes = study.parent / "homes.csv"
    homes.rename(study.parent / "homes of q3.csv")
    assert RUNS in made(place, "-n", *one)
    assert "homes.csv" in made(place, *one, code=2)
    other = (study.parent / "homes of q3.csv").read_text("utf-8").replace(",1", ",2")
    assert other != (study.parent / "homes of q3.csv").read_text("utf-8")
    homes.write_text(other, "utf-8")
    os.utime(homes, (1000, 1000))  # older than all results
    assert "homes.csv has changed" in made(place, *one)
    assert NOTHING in made(place, *one)
    (study.parent / "homes of q3.csv").rename(homes)  # by a file of the same age
    os.utime(homes, (1000, 1000))
    assert "homes.csv has changed" in made(place, *one)
    assert made(place, "map", one[1]).split() == ["maps/small/map.html"]


def test_two_studies_at_once_and_results_elsewhere(place):
    for name in ("east", "west"):
        study_in(place / name, name)
    both = ("report", "STUDIES=east/study.toml west/study.toml")
    said = made(place, "-j2", *both)
    for name in ("east", "west"):
        assert f"maps/{name}/run.json" in said
    assert NOTHING in made(place, "-j2", *both)
    os.utime(place / "west" / "sites.csv")
    would = made(place, "-n", *both)
    assert "west/study.toml" in would
    assert "east/study.toml" not in would
    assert NOTHING in made(place, "report", "STUDY=east/study.toml")

    elsewhere = ("report", "STUDY=east/study.toml", "OUT=for the bureau")
    assert RUNS in made(place, "-n", *elsewhere)
    made(place, *elsewhere)
    assert {path.name for path in (place / "for the bureau").iterdir()} == {*FILES, LOG}
    assert NOTHING in made(place, *elsewhere)
    made(place, *both, "OUT=here", code=2)
    for path in (place / ".cache" / "make").glob("*.d"):  # what is not known is not up to date
        path.unlink()
    assert RUNS in made(place, "-n", *elsewhere)

    os.utime(place / "west" / "sites.csv", (1, 1))
    said = made(place, "compare", "A=for the bureau", "B=maps/west", "OUT=change")
    assert (place / "change" / "compare.html").is_file()
    assert str(Path("change", "compare.xlsx")) in said
    assert "keeps no earlier run" in made(place, "compare", "A=maps/west", code=2)


def rule_of(place, study, *results, begun_ns=None):
    path = place / "one.d"
    begun = time.time_ns() if begun_ns is None else begun_ns
    write_depfile(path, load_study(study), place / "out", results, begun_ns=begun)
    return path.read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", HELD)
def test_names_that_make_can_hold(tmp_path, name):
    """The stamp is up to date, until the file gets newer, and when it is gone."""
    study = study_in(tmp_path / "study")
    result = tmp_path / name
    result.touch()
    lines = rule_of(tmp_path, study, result)
    assert ALWAYS not in "\n".join(lines)
    stamp = tmp_path / "one.done"
    stamp.touch()
    (tmp_path / "Makefile").write_text(f"{stamp}:\n\t@echo {RUNS}\ninclude one.d\n", "utf-8")
    ahead = time.time() + 60
    os.utime(stamp, (ahead, ahead))
    assert RUNS not in made(tmp_path, str(stamp))
    os.utime(result, (ahead + 60, ahead + 60))
    assert RUNS in made(tmp_path, str(stamp))
    os.utime(result, (1, 1))
    assert RUNS not in made(tmp_path, str(stamp))
    result.unlink()
    assert RUNS in made(tmp_path, str(stamp))


@pytest.mark.parametrize("name", ["50%.csv", "a;b", "a=b", "a|b", "a\\b", "a\tb", "a(1)", "a&"])
def test_names_that_it_cannot_hold_make_it_run(tmp_path, name):
    study = study_in(tmp_path / "study")
    (tmp_path / name).touch()
    lines = rule_of(tmp_path, study, tmp_path / name)
    assert lines[-1] == f"{ALWAYS}:"
    assert not any(name in line for line in lines)


def test_what_changed_since_the_run_began_makes_it_run(tmp_path):
    study = study_in(tmp_path / "study")
    assert ALWAYS not in "\n".join(rule_of(tmp_path, study))
    sites = study.parent / "sites.csv"
    os.utime(sites)
    begun_ns = sites.stat().st_mtime_ns
    assert rule_of(tmp_path, study, begun_ns=begun_ns)[-1] == f"{ALWAYS}:"


def test_all_that_is_read_and_the_whole_program_are_named(tmp_path):
    study = study_in(tmp_path / "study")
    (study.parent / "streets.geojson.aux.xml").touch()
    os.utime(study.parent / "streets.geojson.aux.xml", (1, 1))
    named = {line.strip().removesuffix(" \\") for line in rule_of(tmp_path, study)}
    read = {f"{path}" for path in study.parent.iterdir()}
    assert named >= read | {f"{study.parent}/.", f"{PACKAGE}/errors.py", f"{PACKAGE}/rules/."}
    assert any(name.endswith("en/report.toml") for name in named)
    assert not any("__pycache__" in name for name in named)


def test_tables_of_a_database_make_it_run(tmp_path):
    study = study_in(tmp_path / "study")
    text = study.read_text("utf-8")
    assert '"sites.csv"' in text
    address = '"postgresql://me@host/db?table=sites"'
    study.write_text(text.replace('"sites.csv"', address), "utf-8")
    os.utime(study, (1, 1))
    assert rule_of(tmp_path, study)[-1] == f"{ALWAYS}:"


@pytest.mark.parametrize("name", ["out\n\t$(shell touch harm)", "out\\", "out\r"])
def test_the_name_of_the_results_never_reaches_the_rules(tmp_path, name):
    """It stands in a comment, which a line end would end and a backslash would go on with."""
    study = study_in(tmp_path / "study")
    depfile = tmp_path / "one.d"
    write_depfile(depfile, load_study(study), tmp_path / name, [], begun_ns=time.time_ns())
    (tmp_path / "Makefile").write_text(f"all:\n\t@echo {RUNS}\ninclude one.d\n", "utf-8")
    assert RUNS in made(tmp_path, "all")
    assert not (tmp_path / "harm").exists()
    assert depfile.read_text("utf-8").startswith(f"{tmp_path / 'one.done'}:")


def test_a_depfile_with_a_space_is_held_and_one_that_make_cannot_hold_is_refused(tmp_path):
    study = study_in(tmp_path / "study")
    depfile = tmp_path / "a b.d"
    write_depfile(depfile, load_study(study), tmp_path / "out", [], begun_ns=time.time_ns())
    stamp = tmp_path / "a b.done"
    held = str(stamp).replace(" ", "\\ ")
    text = f"{held}:\n\t@echo {RUNS}\ninclude a\\ b.d\n"
    (tmp_path / "Makefile").write_text(text, "utf-8")
    stamp.touch()
    assert RUNS not in made(tmp_path, str(stamp))
    ahead = time.time() + 60
    os.utime(study, (ahead, ahead))
    assert RUNS in made(tmp_path, str(stamp))
    for name in ("50%.d", "a;b.d", "a\nb.d"):
        call = [
            "run",
            str(study),
            "--out",
            str(tmp_path / "out"),
            "--depfile",
            str(tmp_path / name),
        ]
        done = subprocess.run(
            [sys.executable, "-P", "-m", "circle15", *call],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "make cannot hold" in done.stderr
        assert not (tmp_path / "out").exists()
