"""Time and memory of whole runs, each as a fresh process: what a user waits for."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

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


def measure_run(name: str, study: Path, limit: Limit, *, cache: Path | None = None) -> Measured:
    """Run a study once in a new process, with results in a folder that is thrown away."""
    environment = dict(os.environ)
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "circle15", "run", str(study), "--out", f"{out}/results"]
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, *command],
            check=True, capture_output=True, text=True, env=environment, cwd=ROOT,
        )  # fmt: skip
        seconds = time.perf_counter() - begin
    return Measured(name, seconds, int(done.stdout) / 1024, limit)


def measure_runs() -> list[Measured]:
    """Time the sample, cold and again, and Porto Alegre where the real data is at hand."""
    sample = ROOT / "data" / "sample" / "study.toml"
    found = []
    with tempfile.TemporaryDirectory() as cache:
        for name, seconds in (("sample, cold", 20), ("sample, second time", 8)):
            found.append(measure_run(name, sample, Limit(seconds, 700), cache=Path(cache)))
        if os.environ.get("CIRCLE15_REAL_DATA"):
            real = ROOT / "tests" / "real" / "porto_alegre" / "study.toml"
            found.append(measure_run("Porto Alegre", real, Limit(15, 800), cache=Path(cache)))
    return found
