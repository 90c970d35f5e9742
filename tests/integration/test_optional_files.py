"""Files that a study asks for in addition: listed, verified, removed when no longer asked for."""

from __future__ import annotations

import json

import pyogrio
from tests.builders.small_study import write_small
from tests.commands import heard


def test_files_come_and_go_with_the_settings(tmp_path, capfd):
    study, out = write_small(tmp_path), tmp_path / "out"
    text = study.read_text("utf-8")
    study.write_text(text + "[output]\ngdb = true\ndxf = true\nwalk_network = false\n", "utf-8")
    said = heard(capfd, "run", study, "--out", out, "--lang", "en")
    assert said.code == 0, said.err
    assert {"results.gdb.zip", "results.dxf"} <= {one.name for one in out.iterdir()}
    assert said.out.splitlines()[-2:] == [str(out / "results.gdb.zip"), str(out / "results.dxf")]
    files = json.loads((out / "run.json").read_text("utf-8"))["files"]
    assert {"results.gdb.zip", "results.dxf"} <= set(files)
    assert heard(capfd, "verify", out).code == 0
    assert "demand" in pyogrio.list_layers(out / "results.gdb.zip")[:, 0]
    assert "walk_network" not in pyogrio.list_layers(out / "results.gpkg")[:, 0]
    assert "walk_network" not in (out / "report.html").read_text("utf-8")
    before = (out / "run.json").read_bytes()
    again = heard(capfd, "run", study, "--out", out, "--lang", "en")
    assert again.code == 0
    assert (out / "run.json").read_bytes() == before  # nothing to do
    (out / "results.dxf").write_bytes(b"altered")
    assert heard(capfd, "verify", out).code != 0
    study.write_text(text, "utf-8")
    assert heard(capfd, "run", study, "--out", out, "--lang", "en").code == 0
    assert not (out / "results.gdb.zip").exists()
    assert not (out / "results.dxf").exists()
    assert heard(capfd, "verify", out).code == 0
