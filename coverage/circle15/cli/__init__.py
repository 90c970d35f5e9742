"""The command line; each command is a thin wrapper of one public function."""

from __future__ import annotations

import gc
import os

from circle15.cli import commands, scenario, site, tools
from circle15.cli.program import app, say
from circle15.workflow.streams import run_program

__all__ = ["app", "commands", "main", "scenario", "site", "tools"]

_COLLECT = (100_000, 20, 100)
"""Garbage-collector thresholds: commands create many records and hardly any cycles; with Python's
defaults, collection takes a tenth of a run."""


def main() -> None:
    """Run the command line; a user's mistake ends in one line and exit code 2, no traceback."""
    gc.set_threshold(*_COLLECT)
    os.environ["PROJ_NETWORK"] = "OFF"  # PROJ never downloads datum-shift grids
    os.environ.setdefault("NUMBA_OPT", "2")  # less compile time and memory, equally fast code
    run_program(app, say)
