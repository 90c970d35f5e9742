"""A results folder with the files that a comparison reads, and no others: they take seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15 import load_study
from circle15.output.gis.geopackage import write_geopackage
from circle15.output.tables.coverage_parquet import write_coverage
from circle15.results.summary.building import build_summary
from circle15.results.summary.json_text import to_json
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from pathlib import Path


def keep_results(study: Path, folder: Path) -> Path:
    """Run a study and write what `compare` reads; return the folder."""
    result = run_study(load_study(study))
    folder.mkdir()
    (folder / "summary.json").write_text(to_json(build_summary(result)), "utf-8")
    write_coverage(result, folder / "coverage.parquet")
    write_geopackage(result, folder / "results.gpkg", "en")
    return folder
