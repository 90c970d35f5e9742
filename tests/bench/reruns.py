"""What a rerun of the sample costs: nothing changed, one facility changed, and `compare`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.verdicts import verdict
from tests.bench.whole_runs import ROOT, SAMPLE

ROUNDS = 5
_POSITION = re.compile(rb"(C-001,[^\n]*?,120\.)\d+")


def reruns_of_the_sample() -> list[str]:
    """Time the commands of a quarter, each in a process of its own, as a user waits for them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ignored = shutil.ignore_patterns("*.py", "__pycache__")
        study = shutil.copytree(SAMPLE, place / "study", ignore=ignored) / "study.toml"
        run = ("run", str(study), "--out", str(place / "out"))
        _seconds(run, "")
        unchanged = [_seconds(run, "Up to date") for _ in range(ROUNDS)]
        changed = []
        for k in range(ROUNDS):
            _change_one(study.with_name("centers.csv"), k)
            changed.append(_seconds(run, "Ran again: centers.csv has changed"))
        compared = [_seconds(("compare", str(place / "out")), "") for _ in range(ROUNDS)]
    return [
        _row("nothing changed", unchanged, 1),
        _row("one facility changed", changed, 1.8),
        _row("compare", compared, 2),
    ]


def _row(name: str, took: list[float], most_s: float) -> str:
    middle = median(took)
    spread = f"{min(took):.2f}–{max(took):.2f}"
    return f"{name:<24}{middle:6.2f} s ({spread}; ≤ {most_s:g})  {verdict(middle <= most_s)}"


def _seconds(command: tuple[str, ...], says: str) -> float:
    """Return what a command took; it must say what it was expected to do."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "circle15", *command],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"CIRCLE15_PROGRESS": "off", "PYTHONSAFEPATH": "1"},
    )
    took = time.perf_counter() - begin
    assert done.stderr.startswith(says), done.stderr
    return took


def _change_one(path: Path, k: int) -> None:
    """Move the first site of a list, which is in GBK, to the east."""
    before = path.read_bytes()
    after = _POSITION.sub(rb"\g<1>" + f"{270_000 + 100 * k}".encode(), before, count=1)
    assert after != before
    path.write_bytes(after)
