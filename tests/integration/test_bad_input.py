"""Bad use of the command line: the folder of results, options; and that nothing is touched."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from tests.builders.bad_inputs import (
    ONES,
    assert_untouched,
    base,
    prepared,
    raster,
    the_message,
)
from tests.commands import call
from tests.streets import STUDY

__all__ = ["base"]  # the fixture


def test_the_study_runs_as_it_stands(base, tmp_path, capfd):
    """Else the cases below would fail for another reason than their own."""
    assert call("check", base / "study.toml") == 0
    assert capfd.readouterr().err == ""


def test_out_is_a_file(base, tmp_path, capfd):
    folder, out = prepared(tmp_path, base)
    code = call("run", folder / "study.toml", "--out", out / "summary.json")
    message = the_message(capfd.readouterr().err)
    assert code == 2
    assert re.search(r"summary\.json: is a file\..*--out", message)
    assert_untouched(out)


def test_out_is_below_a_file(base, tmp_path, capfd):
    """No folder can be made below a file: something outside has failed, for any user."""
    folder, out = prepared(tmp_path, base)
    code = call("run", folder / "study.toml", "--out", out / "summary.json" / "deeper")
    message = the_message(capfd.readouterr().err)
    assert code == 3
    assert "cannot be written" in message
    assert_untouched(out)


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root and Windows write where they like",
)
def test_a_folder_that_may_not_be_written(base, tmp_path, capfd):
    folder, out = prepared(tmp_path, base)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    code = call("run", folder / "study.toml", "--out", locked / "out")
    locked.rmdir()
    message = the_message(capfd.readouterr().err)
    assert (code, "cannot be written" in message) == (3, True)
    assert_untouched(out)


def test_a_usage_error(base, capfd):
    assert call("run") == 2
    assert call("run", base / "study.toml", "--lang", "fr") == 2
    assert call("run", base / "study.toml", "--no-such-option") == 2
    assert call("schema", "nothing") == 2
    assert "Traceback" not in capfd.readouterr().err


def test_in_a_process_of_its_own(base, tmp_path):
    """The same from outside: nothing but the message reaches the terminal."""
    folder, out = prepared(tmp_path, base)
    raster(ONES, crs=None, transform=None)(folder)
    answer = subprocess.run(
        [sys.executable, "-m", "circle15", "run", folder / "study.toml", "--out", out],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "p.tif" in the_message(answer.stderr)
    assert_untouched(out)


def test_the_template_has_every_part():
    """The study above is the one of the other tests: a part that is renamed there breaks here."""
    assert {"[network]", "[walk]", "[demand]", "[[facilities]]"} <= set(STUDY.split())
