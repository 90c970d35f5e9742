"""Porto Alegre from its files to every result file, with all people accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pandas as pd

from circle15.results.summary.schema import summary_schema
from circle15.workflow.api import run
from circle15.workflow.folders.result_names import FILES

if TYPE_CHECKING:
    import pytest

STUDY = Path(__file__).parent / "porto_alegre" / "study.toml"
PEOPLE = 812_935


def test_porto_alegre_ends_with_every_result_file(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    outcome = run(STUDY, out=tmp_path / "results")
    assert sorted(path.name for path in outcome.files) == sorted(FILES)
    assert all(path.stat().st_size > 0 for path in outcome.files)
    jsonschema.validate(outcome.summary, summary_schema())
    (people,) = outcome.summary["population"]
    assert (people["input"], people["inside"], people["outside"]) == (PEOPLE, PEOPLE, 0)
    for row in outcome.summary["coverage"]:
        parts = [round(row[state] * 1e6) for state in ("covered", "gap", "unknown")]
        assert sum(parts) == round(row["persons"] * 1e6) == PEOPLE * 1_000_000
    table = pd.read_parquet(tmp_path / "results" / "coverage.parquet")
    assert table["demand_id"].nunique() == 1227
