"""Commands of circle15, run in this process as a terminal would."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from circle15 import cli

if TYPE_CHECKING:
    from pathlib import Path


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


def refused(study: Path, capfd: pytest.CaptureFixture[str], *says: str) -> None:
    """Check that `check` and `run` refuse a study in one line, which says all of the words."""
    for command in (("check", study), ("run", study, "--out", study.parent / "out")):
        said = heard(capfd, *command)
        assert said.code == 2, said
        lines = [line for line in said.err.splitlines() if line.strip()]
        assert len(lines) == 1, said
        assert lines[0].startswith("circle15: ")
        for word in says:
            assert word in lines[0], lines
    assert not (study.parent / "out").exists()
