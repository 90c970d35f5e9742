"""Commands of circle15, run in this process as a terminal would."""

from __future__ import annotations

import sys
from typing import NamedTuple

import pytest

from circle15 import cli


class Said(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def call(*command: object) -> int:
    """Run the command line and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["circle15", *map(str, command)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    code = ended.value.code or 0
    assert isinstance(code, int), code
    return code


def heard(capfd: pytest.CaptureFixture[str], *command: object) -> Said:
    """Run the command line; return its exit code, output and messages."""
    code = call(*command)
    return Said(code, *capfd.readouterr())
