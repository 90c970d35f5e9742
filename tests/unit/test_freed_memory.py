"""What was freed goes back to the system where the process is large."""

from __future__ import annotations

import subprocess
import sys

import pytest

from circle15.workflow.process import freed_memory

PROGRAM = """
import numpy as np
import shapely
from circle15.workflow.process import freed_memory
from circle15.workflow.process.freed_memory import _resident_mb, give_back

freed_memory.LARGE_MB = {least}
lines = shapely.linestrings(np.random.default_rng(1).random((400_000, 2, 2)))
kept = lines[::1000].copy()  # which holds what lies around each
before = _resident_mb()
del lines
give_back()
print(before - _resident_mb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="malloc_trim of glibc")
@pytest.mark.parametrize(("least", "given"), [(0, True), (10**6, False)])
def test_a_large_process_gives_back_what_lines_took(least: int, given: bool) -> None:
    code = PROGRAM.format(least=least)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (float(ended.stdout) > 60) is given


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("ctypes.CDLL", None)
    freed_memory.give_back()


def test_a_system_that_does_not_tell_its_size_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(freed_memory, "_STATE", tmp_path / "none")
    monkeypatch.setattr("ctypes.CDLL", None)
    freed_memory.give_back()
