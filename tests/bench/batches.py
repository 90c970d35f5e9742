"""What a batch costs: 20 small districts beside 20 runs, and two processes beside one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.verdicts import verdict
from tests.bench.whole_runs import ROOT, SAMPLE
from tests.builders.district_studies import write_district

DISTRICTS, SAMPLES = 20, 6


def batches() -> list[str]:
    """Time batches of small districts and of samples, each command in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        small = [write_district(place / f"d{k}", k) for k in range(1, DISTRICTS + 1)]
        large = [_sample(place / f"s{k}", k) for k in range(SAMPLES)]
        _seconds("run", large[0], "--out", place / "warm")  # compiles
        runs = sum(
            _seconds("run", study, "--out", place / "runs" / study.parent.name) for study in small
        )
        batch = _seconds("batch", *small, "--out", place / "batch", "--workers", 1)
        one = _seconds("batch", *large, "--out", place / "one", "--workers", 1)
        two = _seconds("batch", *large, "--out", place / "two", "--workers", 2)
    share, faster = batch / runs, one / two
    beside = f"{DISTRICTS} runs {runs:.1f} s, batch in one process {batch:.1f} s"
    both = f"1 process {one:.1f} s, 2 processes {two:.1f} s"
    return [
        f"small districts   {beside}, {share:.2f} of them (≤ 0.55)  {verdict(share <= 0.55)}",
        f"{SAMPLES} samples         {both}, {faster:.2f}× (≥ 1.7)  {verdict(faster >= 1.7)}",
    ]


def _sample(folder: Path, number: int) -> Path:
    """Copy the sample as a study of another name."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    study = folder / "study.toml"
    text = study.read_text("utf-8")
    study.write_text(text.replace('"liangxi-sample"', f'"sample-{number}"', 1), "utf-8")
    return study


def _seconds(*command: object) -> float:
    """Return what a command took, without a cache that another one has filled."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "circle15", *map(str, command)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ
        | {"CIRCLE15_PROGRESS": "off", "CIRCLE15_CACHE": "off", "PYTHONSAFEPATH": "1"},
    )
    return time.perf_counter() - begin
