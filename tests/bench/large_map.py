"""The map of a district of 200,000 cells: building it, its size, and using it in Chromium."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.output.map.html import build_map
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from tests.bench.district import write_district
from tests.bench.map_use import in_chromium, row
from tests.bench.mosaic_study import write_mosaic_study
from tests.bench.mosaics import mosaic
from tests.bench.whole_runs import ROOT, SAMPLE

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from tests.bench.mosaics import Plain

LIMIT_MB, SAMPLE_LIMIT_MB = 8.0, 3.0
BUILD_S, BUILD_MB = 3.0, 500.0

# In a process of its own that has read the result and nothing else: the peak above what it held
# before. The map of a tiny result comes first, so that neither imports nor caches are timed.
_BUILD = """
import json, pickle, sys, time
from pathlib import Path
from circle15.output.map.html import build_map
def status(key):
    return int(Path("/proc/self/status").read_text().split(key)[1].split()[0]) / 1024
tiny, large = (pickle.loads(Path(name).read_bytes()) for name in sys.argv[1:3])
build_map(tiny, "zh")
before = status("VmRSS:")
begin, busy = time.perf_counter(), time.process_time()
page = build_map(large, "zh")
seconds, busy = time.perf_counter() - begin, time.process_time() - busy
print(json.dumps([seconds, busy, status("VmHWM:") - before]))
Path(sys.argv[3]).write_text(page, encoding="utf-8", newline="\\n")
"""

# What the map of a whole province may take, with 4.7 million nodes of streets.
PROVINCE_MB, PROVINCE_USABLE_MS = 25.0, 4000.0


def map_of_a_mosaic(tile: Plain, rounds: int = 3) -> list[str]:
    """Build and use the map of 16 tiles of a city; nobody tries sites on it."""
    with tempfile.TemporaryDirectory() as name:
        study = write_mosaic_study(
            Path(name), mosaic(tile, 4), 4, scenario="[map]\ntry_sites = false\n"
        )
        result = run_study(load_study(study))
        begin = time.process_time()
        content = build_map(result, "en")
        seconds = time.process_time() - begin
        size = _size_of(result)
        del result
        page = Path(name, "map.html")
        page.write_text(content, encoding="utf-8", newline="\n")
        return [
            size,
            f"building{seconds:29.2f} s at work",
            row("size", page.stat().st_size / 1e6, PROVINCE_MB, "MB", digits=2),
            *in_chromium(page, rounds, usable_ms=PROVINCE_USABLE_MS),
        ]


def large_map(rounds: int = 3) -> list[str]:
    """Build and use the map of a district; every person of it is on the map."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = run_study(load_study(write_district(folder / "large")))
        tiny = run_study(load_study(write_district(folder / "tiny", scale=5)))
        files = {"tiny": tiny, "large": result}
        for key, one in files.items():
            (folder / f"{key}.pickle").write_bytes(pickle.dumps(one))
        size = _size_of(result)
        del result, tiny, files
        page = folder / "map.html"
        builds = sorted(_build(folder, page) for _ in range(rounds))
        seconds, busy, megabytes = builds[len(builds) // 2]
        rows = [
            size,
            row("building", seconds, BUILD_S, "s", digits=2) + f", {busy:.2f} of them at work",
            row("memory beyond the result", megabytes, BUILD_MB, "MB"),
            row("size", page.stat().st_size / 1e6, LIMIT_MB, "MB", digits=2),
            *in_chromium(page, rounds),
        ]
    sample = build_map(run_study(load_study(SAMPLE / "study.toml")), "zh")
    megabytes = len(sample.encode("utf-8")) / 1e6
    return [*rows, row("size of the sample's map", megabytes, SAMPLE_LIMIT_MB, "MB", digits=2)]


def _size_of(result: StudyResult) -> str:
    cells = int(result.demand["in_area"].sum())
    return (
        f"{cells:,} cells or parts of cells, {len(result.network.u):,} pieces of streets, "
        f"{len(result.area.communities)} communities, {len(result.facilities):,} facilities"
    )


def _build(folder: Path, page: Path) -> tuple[float, float, float]:
    """Seconds, seconds at work (the rest waits for a busy machine), and megabytes."""
    files = [str(folder / "tiny.pickle"), str(folder / "large.pickle"), str(page)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BUILD, *files],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    seconds, busy, megabytes = json.loads(done.stdout)
    return seconds, busy, megabytes


if __name__ == "__main__":
    print(*large_map(), sep="\n")
