"""Pages that show commands and what these print: their blocks, and what a terminal would show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MASKS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00"), "<time>"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b"), "<code>"),
)
"""When a run ended, and the code of its numbers, which hold versions of libraries."""
PROGRESS = re.compile(r"\w+ \(\d+:\d\d(, about \d+:\d\d left)?\)")
"""Lines on how far a run is, which depend on the machine."""


def blocks(page: Path, kinds: str) -> list[tuple[str, str]]:
    """Return the code blocks of a page in order, of kinds such as `console|diff`: kind and text."""
    found = rf"^```({kinds})\n(.*?)\n```"
    return re.findall(found, page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def told(command: str, folder: Path) -> str:
    """Run a command of a page in a folder; return what a terminal would show, masked."""
    program, *rest = shlex.split(command)
    assert program == "circle15"
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "circle15", *rest],
        cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONSAFEPATH": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 0, answer.stdout
    lines = answer.stdout.splitlines()
    text = "\n".join(line for line in lines if not PROGRESS.fullmatch(line))
    for mask, word in MASKS:
        text = mask.sub(word, text)
    return text
