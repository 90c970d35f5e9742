"""`circle15 run --tiles`: one more file, alone with the key; a run without tiles removes it."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from tests.streets import write_study
from typer.testing import CliRunner

from circle15.cli import app
from circle15.output.map.online_tiles import KEY_VARIABLE

KEY = "fedcba9876543210fedcba9876543210"
NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    written: Path = write_study(
        tmp_path_factory.mktemp("study"),
        NODES,
        ["ABC"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10)},
        boundary=shapely.box(-200, -200, 800, 200),
    )
    return written


def test_the_online_map_stands_beside_the_offline_one(study, tmp_path, monkeypatch):
    out = tmp_path / "out"
    command = ["run", str(study), "--out", str(out)]
    assert CliRunner().invoke(app, command).exit_code == 0
    plain = {file.name: file.read_bytes() for file in out.iterdir()}
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    done = CliRunner().invoke(app, [*command, "--tiles", "tianditu"])
    assert done.exit_code == 0
    assert "map_online.html" in done.stdout
    assert KEY not in done.output
    both = {file.name: file.read_bytes() for file in out.iterdir()}
    assert both.keys() - plain.keys() == {"map_online.html"}
    assert {name for name in plain if both[name] != plain[name]} <= {"run.json", "run.log"}
    assert [name for name, content in both.items() if KEY.encode() in content] == []  # deflated
    assert b"t0.tianditu.gov.cn" in both["map_online.html"]
    assert CliRunner().invoke(app, command).exit_code == 0  # an old one would show old results
    assert not (out / "map_online.html").exists()


def test_a_missing_key_ends_before_the_run(study, tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    done = CliRunner().invoke(
        app, ["run", str(study), "--out", str(tmp_path / "out"), "--tiles", "tianditu"]
    )
    assert done.exit_code != 0
    assert not (tmp_path / "out").exists()
