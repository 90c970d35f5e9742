"""Check or run a study in its own process, and measure its time and memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.faults.stage import command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.stage import Ended


def checked(folder: Path, longest_s: float) -> tuple[float, Ended]:
    """Call `check` for a study; return its seconds and how it ended."""
    begin = time.monotonic()
    ended = command("check", folder / "study.toml", longest_s=longest_s)
    return time.monotonic() - begin, ended


def ran(folder: Path, longest_s: float) -> tuple[float, Ended]:
    """Call `run` for a study; return its seconds and how it ended."""
    begin = time.monotonic()
    out = folder / "results"
    ended = command("run", folder / "study.toml", "--out", out, longest_s=longest_s)
    return time.monotonic() - begin, ended
