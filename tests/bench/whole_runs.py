"""Time and memory of whole runs, each as a fresh process: what a user waits for."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
LONG = 200_000
"""Rows of the long list."""

# Runs the command in a child and prints the child's peak memory: getrusage sees only children
# that have ended, so each run gets a parent of its own.
_MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


@dataclass(frozen=True)
class Limit:
    """What a run may take."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Measured:
    """What a run took."""

    name: str
    seconds: float
    megabytes: float
    limit: Limit

    def line(self) -> str:
        """One line for the terminal."""
        verdict = "ok" if self.within else "OVER"
        return (
            f"{self.name:<28}{self.seconds:7.2f} s (≤ {self.limit.seconds:g})"
            f"{self.megabytes:8.0f} MB (≤ {self.limit.megabytes:g})  {verdict}"
        )

    @property
    def within(self) -> bool:
        """Whether both limits hold."""
        return self.seconds <= self.limit.seconds and self.megabytes <= self.limit.megabytes


def measure(
    name: str, command: list[str], limit: Limit, *, cache: Path, rounds: int = 1
) -> Measured:
    """Run a command of circle15 in new processes, in a folder that is thrown away; the median."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as out:
            whole = [sys.executable, "-m", "circle15", *command]
            if command[0] == "run":
                whole += ["--out", f"{out}/results"]
            begin = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _MEASURE, *whole],
                check=True,
                capture_output=True,
                text=True,
                env=environment,
                cwd=ROOT,
            )
            seconds = time.perf_counter() - begin
        found.append(Measured(name, seconds, int(done.stdout) / 1024, limit))
    return sorted(found, key=lambda one: one.seconds)[rounds // 2]


def measure_runs() -> list[Measured]:
    """Time the sample, cold and again, its check, a long list, and Porto Alegre if at hand."""
    sample = str(SAMPLE / "study.toml")
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder, "cache")
        long = write_long_list(Path(folder, "long"))
        found = [
            measure("sample, cold", ["run", sample], Limit(20, 700), cache=cache),
            measure("sample, again", ["run", sample], Limit(4, 700), cache=cache, rounds=5),
            measure("check of the sample", ["check", sample], Limit(3, 700), cache=cache, rounds=5),
            measure(
                f"check of {LONG:,} rows",
                ["check", str(long)],
                Limit(10, 1500),
                cache=cache,
                rounds=3,
            ),
        ]
        if os.environ.get("CIRCLE15_REAL_DATA"):
            real = str(ROOT / "tests" / "real" / "porto_alegre" / "study.toml")
            found.append(measure("Porto Alegre", ["run", real], Limit(15, 800), cache=cache))
    return found


def write_long_list(folder: Path) -> Path:
    """Copy the sample and add a list of facilities as long as a province's; return its study."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    rng = random.Random(15)
    lines = ["设施编号,设施名称,经度,纬度,建筑面积,床位数,状态,启用日期"]
    for k in range(LONG):
        lon, lat = 120.27 + rng.random() * 0.06, 31.55 + rng.random() * 0.05
        area = rng.choice(["300", "约320", "1250", "280㎡", "—"])
        lines.append(
            f"L{k:06d},{rng.choice('东南西北')}{rng.choice('苑里村园')}{k}居家养老服务站,{lon:.6f},"
            f"{lat:.6f},{area},{rng.randrange(60)},{rng.choice(['运营', '在建'])},2021-03-15"
        )
    (folder / "long.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    study = folder / "study.toml"
    text = (
        study.read_text("utf-8") + '\n[[facilities]]\nfile = "long.csv"\ncategory = "bath_point"\n'
    )
    study.write_text(text, encoding="utf-8", newline="\n")
    return study
