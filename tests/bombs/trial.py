"""Check or run a study in its own process, and measure its time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.stage import command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.stage import Ended


def checked(folder: Path, longest_s: float) -> Ended:
    """Call `check` for a study; return how it ended."""
    return command("check", folder / "study.toml", longest_s=longest_s)


def ran(folder: Path, longest_s: float) -> Ended:
    """Call `run` for a study; return how it ended."""
    out = folder / "results"
    return command("run", folder / "study.toml", "--out", out, longest_s=longest_s)
