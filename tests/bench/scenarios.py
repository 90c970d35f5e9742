"""One facility closed beside the run of its study: processor seconds of the sample and a mosaic."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study
from tests.bench.mosaic_study import write_mosaic_study
from tests.bench.mosaics import mosaic
from tests.bench.whole_runs import SAMPLE

if TYPE_CHECKING:
    from tests.bench.mosaics import Plain

CLOSED = '\n[scenarios.fewer]\nclose = ["{}"]\n'


def scenario_beside_a_run(tile: Plain | None) -> list[str]:
    """Time the sample and, with a tile, a mosaic of 4 × 4, with a scenario and without."""
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder, "sample")
        shutil.copytree(SAMPLE, sample, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        study = sample / "study.toml"
        study.write_text(study.read_text("utf-8") + CLOSED.format("S-003"), "utf-8")
        rows = [_row("sample", study)]
        if tile is not None:
            large = Path(folder, "mosaic")
            more = CLOSED.format("S00003")
            study = write_mosaic_study(large, mosaic(tile, 4), 4, scenario=more)
            rows.append(_row("mosaic of 16 tiles", study))
    return rows


def _row(name: str, path: Path) -> str:
    study = replace(load_study(path), siting={})
    run_study(study)
    spent = []
    for one in (replace(study, scenarios={}), study):
        begin = time.process_time()
        run_study(one)
        spent.append(time.process_time() - begin)
    alone, both = spent
    more = both - alone
    share = f"{more / alone:.0%} (≤ 33 %)"
    return f"{name:<20} run {alone:6.2f} s, one site closed {more:+6.2f} s, {share}"
