"""The command line; each command is a thin wrapper of one public function."""

from __future__ import annotations

from circle15.cli import commands, scenario, site, studies, tools
from circle15.cli.program import app, say
from circle15.workflow.process.streams import prepare_process, run_program

__all__ = ["app", "commands", "main", "scenario", "site", "studies", "tools"]


def main() -> None:
    """Run the command line; a user's mistake ends in one line and exit code 2, no traceback."""
    prepare_process()
    run_program(app, say)
