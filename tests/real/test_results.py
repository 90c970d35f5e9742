"""Porto Alegre from its files to every result file, with all people accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import jsonschema
import pandas as pd
import pytest

from circle15.results.summary.schema import summary_schema
from circle15.workflow.api import run
from circle15.workflow.folders.result_names import FILES

STUDY = Path(__file__).parent / "porto_alegre" / "study.toml"
PEOPLE = 812_935


def with_land(folder: Path, real_data: Path) -> Path:
    """
    Write the study with residential land: 20 m × 20 m at each hexagon where people live.

    The extract has 19 buildings, none of a stated use, and no residential land; so this is derived.
    """
    table = pd.read_csv(real_data / "porto_alegre" / "poa_hexgrid.csv")
    lived = table[table["population"] > 0]
    middle = gpd.GeoSeries(gpd.points_from_xy(lived["lon"], lived["lat"]), crs=4326)
    land = middle.to_crs("EPSG:32722").buffer(10, cap_style="square")
    gpd.GeoDataFrame({"zona": ["ZR"] * len(land)}, geometry=land).to_file(
        folder / "land.gpkg", driver="GPKG"
    )
    text = STUDY.read_text("utf-8")
    table_of_land = '\n[coverage_basis]\nland = { file = "land.gpkg", where = "zona = ZR" }\n'
    study = folder / "study.toml"
    study.write_text(text + table_of_land, "utf-8")
    return study


def test_land_stands_beside_people_in_all_results(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The share of land is that of hexagons with people, each counted once, by their states."""
    monkeypatch.setenv("CIRCLE15_REAL_DATA", str(real_data))
    outcome = run(with_land(tmp_path, real_data), out=tmp_path / "results")
    jsonschema.validate(outcome.summary, summary_schema())
    circle = outcome.summary["parameters"]["cutoffs_min"][-1]
    (entry,) = [
        one
        for one in outcome.summary["coverage_basis"]
        if (one["cutoff_min"], one["category"]) == (circle, "medical")
    ]
    land: Any = entry["residential_land"]
    assert land is not None
    homes = pd.read_parquet(tmp_path / "results" / "coverage.parquet")
    speed = outcome.summary["parameters"]["speed_m_s"]
    at = (homes["cutoff_min"] == circle) & (homes["speed_m_s"] == speed)
    table = pd.read_csv(real_data / "porto_alegre" / "poa_hexgrid.csv")
    lived = table.loc[table["population"] > 0, "id"]
    states = homes[at].set_index("demand_id")["state"].loc[lived]
    assert len(states) == 1124
    assert land["total_m2"] == pytest.approx(1124 * 400, rel=1e-4)
    # A piece of land is judged up to 14 m from the middle of its hexagon.
    for state in ("covered", "gap", "unknown"):
        assert land[f"{state}_m2"] / 400 == pytest.approx((states == state).sum(), abs=12), state
    people = entry["people"]["share_covered"]
    assert people is not None
    assert land["share_covered"] < people
    report = (tmp_path / "results" / "report.html").read_text("utf-8")
    assert "By residential land and buildings" in report
    sheet = pd.read_excel(
        tmp_path / "results" / "report.xlsx", "Land and buildings", engine="calamine"
    )
    assert set(sheet["Counted by"]) == {"People", "Residential land"}


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
