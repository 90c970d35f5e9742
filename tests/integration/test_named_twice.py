"""What is named twice, in whatever form: categories, people, cells and dates of a study."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from tests.builders.hostile_study import (
    PACK,
    RULES,
    edit,
    findings,
    refusal,
    study,
)
from tests.commands import heard
from tests.streets import EAST_M, METRIC, NORTH_M

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["study"]  # the fixture

Said = pytest.CaptureFixture[str]
HOMES = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("kiosk", "ｋｉｏｓｋ", "in the form of its letters only"),
        ("１", "1", "in the form of its letters only"),
        ("ALL", "x", "differs from 'all' in case only"),
        ("Any", "x", "differs from 'any' in case only"),
        ("ａll", "x", "differs from 'all' in the form"),
        ("ｍeal_point", "x", "differs from 'meal_point'"),
    ],
)
def test_categories_that_look_alike(
    study: Path, capfd: Said, first: str, second: str, said: str
) -> None:
    both = f'[categories]\n"{first}" = "a"\n"{second}" = "b"\n[demand]'
    edit(study, "study.toml", "[demand]", both)
    assert said in refusal(study, capfd)


@pytest.mark.parametrize(
    ("one", "two"), [("亭", "亭"), ("Kiosk", " kiosk"), ("k2", "x"), (" ", "x")]
)
def test_categories_of_one_name(study: Path, capfd: Said, one: str, two: str) -> None:
    both = f'[categories]\nk1 = "{one}"\nk2 = "{two}"\n[demand]'
    edit(study, "study.toml", "[demand]", both)
    assert "categories.k" in refusal(study, capfd)


@pytest.mark.parametrize("value", ['["p60", "x_m"]', '"y_m"', '["demand_id", "p60"]'])
def test_people_of_a_column_of_coordinates(study: Path, capfd: Said, value: str) -> None:
    text = (study / "homes.csv").read_text("utf-8")
    (study / "homes.csv").write_text(text.replace("h1", "1").replace("h2", "2"), encoding="utf-8")
    edit(study, "study.toml", 'value = "p60"', f"value = {value}")
    assert "is a column of ids or coordinates" in refusal(study, capfd)


def test_people_of_the_codes_of_zones(study: Path, capfd: Said) -> None:
    layer = gpd.read_file(study / "wards.geojson").assign(code="3", p60=150)
    layer.to_file(study / "w.gpkg")
    edit(study, "study.toml", "wards.geojson", "w.gpkg")
    edit(
        study, "study.toml", HOMES, '{ group = "p60", zones = "streets", value = ["p60", "code"] }'
    )
    assert "w.gpkg, column 'code': is a column of ids" in refusal(study, capfd)


@pytest.mark.parametrize("group", ["p80", "total"])
def test_two_groups_of_the_same_cells(study: Path, capfd: Said, group: str) -> None:
    edit(study, "study.toml", HOMES, f"{HOMES}, {HOMES.replace('p60', group, 1)}")
    assert f"({group})': has the same people as 'p60'" in refusal(study, capfd)


@pytest.mark.parametrize(
    ("one", "other", "told_apart"),
    [
        (", calibrate_to = 100", ", calibrate_to = 40", True),
        ("", ", calibrate_to = 40", True),
        (", calibrate_to = 40", ", calibrate_to = 40.0", False),
        (", calibrate_to = 0.4e2", ", calibrate_to = 40", False),
    ],
)
@pytest.mark.parametrize("source", ["raster", "points"])
def test_two_totals_spread_by_the_same_cells(
    study: Path, capfd: Said, source: str, one: str, other: str, *, told_apart: bool
) -> None:
    write_people(study / "p.tif")
    layer = '{ group = "p60", raster = "p.tif" }' if source == "raster" else HOMES
    layers = [layer.replace(" }", f"{one} }}"), layer.replace("p60", "p80", 1)]
    layers[1] = layers[1].replace(" }", f"{other} }}")
    edit(study, "study.toml", HOMES, ", ".join(layers))
    if not told_apart:
        assert "'demand.layers (p80)': has the same people as 'p60'" in refusal(study, capfd)
        return
    assert heard(capfd, "run", study / "study.toml", "--out", study / "r").code == 0
    people = json.loads((study / "r" / "summary.json").read_text("utf-8"))["population"]
    inside = {row["group"]: row["inside"] for row in people}
    assert inside["p80"] == 40
    assert inside["p60"] == (100 if one else people[0]["raw_inside"])


@pytest.mark.parametrize("key", ["as_of", "plan_as_of"])
@pytest.mark.parametrize(
    "time", ["T00:00:00Z", " 08:00:00", "T23:30:00-08:00", "T00:00:00.000001+08:00"]
)
def test_a_date_with_a_time(study: Path, capfd: Said, key: str, time: str) -> None:
    text = (study / "study.toml").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(f"{key} =")]
    at = lines.index("[study]") + 1
    lines.insert(at, f"{key} = 2025-12-31{time}")
    (study / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    said = refusal(study, capfd)
    assert f"study.{key}" in said
    assert "Give the date alone, such as 2025-12-31" in said


def test_a_date_of_a_pack_with_a_time(study: Path, capfd: Said) -> None:
    text = PACK.replace("date = 2025-06-30", "date = 2025-06-30T00:00:00+08:00")
    (study / "p.toml").write_text(text, encoding="utf-8")
    edit(study, "study.toml", "[demand]", f"{RULES}[demand]")
    assert "give the date alone, such as 2025-06-30" in refusal(study, capfd)


def write_people(path: Path, people: float = 25.0) -> None:
    """Write nine cells of 100 m with 50 people each that nobody would take for households."""
    profile = {"crs": METRIC.to_wkt(), "transform": Affine(100, 0, EAST_M, 0, -100, NORTH_M + 100)}
    size = {"count": 1, "height": 1, "width": 3, "dtype": "float64"}
    with rasterio.open(path, "w", driver="GTiff", **profile, **size) as file:
        file.write(np.full((1, 3), people), 1)


@pytest.mark.parametrize("link", ["hardlink_to", "symlink_to"])
def test_a_raster_under_two_names(study: Path, capfd: Said, link: str) -> None:
    write_people(study / "p.tif")
    getattr(study / "q.tif", link)(study / "p.tif")
    edit(study, "study.toml", HOMES, '{ group = "p60", raster = ["p.tif", "q.tif"] }')
    assert "would count twice" in refusal(study, capfd)


def test_a_copy_of_a_raster_is_refused(study: Path, capfd: Said) -> None:
    write_people(study / "p.tif")
    (study / "q.tif").write_bytes((study / "p.tif").read_bytes())
    edit(study, "study.toml", HOMES, '{ group = "p60", raster = ["p.tif", "q.tif"] }')
    assert "q.tif: has the same people in the same cells as p.tif" in refusal(study, capfd)


def test_two_rasters_without_people_may_be_alike(study: Path, capfd: Said) -> None:
    for name, people in (("all.tif", 50.0), ("p.tif", 0.0), ("q.tif", 0.0)):
        write_people(study / name, people)
    edit(study, "study.toml", HOMES, '{ group = "p60", raster = ["all.tif", "p.tif", "q.tif"] }')
    assert ("RASTERS_ALIKE", 0) in findings(study, capfd)
