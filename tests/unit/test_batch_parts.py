"""What a batch needs beside its studies: memory, partitions, names, lines on its progress."""

from __future__ import annotations

import json
import time

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import rasterio
from rasterio.transform import from_origin
from tests.builders.district_studies import write_district
from tests.builders.small_study import write_small

import circle15
from circle15.errors import InputDataError, OutsideError
from circle15.output.province.home_parts import home_columns, write_homes
from circle15.workflow.batch.batch_state import BatchState, Watch
from circle15.workflow.batch.crews import Ended, Lost, Stage
from circle15.workflow.batch.given_studies import given_studies
from circle15.workflow.batch.heartbeat import heartbeat, state_line
from circle15.workflow.batch.memory_needs import memory_here, needed_bytes
from circle15.workflow.batch.part_files import place_part, remove_other_parts
from circle15.workflow.batch.tasks import Outcome, Task, run_task


def test_memory_is_that_of_the_files_or_of_earlier_results(tmp_path):
    """600 MB, and 90 bytes for each of a table of homes; then 2,300 a node and 4,600 a home."""
    study = circle15.load_study(write_small(tmp_path))
    small = needed_bytes(study, tmp_path / "out")
    assert 600_000_000 < small < 610_000_000
    with (tmp_path / "homes.csv").open("r+b") as file:
        file.truncate(10_000_000)
    assert needed_bytes(study, tmp_path / "out") - small == pytest.approx(900_000_000, abs=1e5)
    (tmp_path / "out").mkdir()
    counts = {"demand_snapped": 900, "demand_unsnapped": 100}
    earlier = {"network": {"nodes": 10_000}, "snapping": counts}
    (tmp_path / "out" / "summary.json").write_text(json.dumps(earlier), "utf-8")
    assert needed_bytes(study, tmp_path / "out") == 600_000_000 + 23_000_000 + 4_600_000


def test_of_a_large_raster_only_the_cells_around_the_boundary_count(tmp_path):
    """The boundary is 1,000 by 700 m, of cells of 10 by 10 m of a raster of 4,000,000."""
    study = write_small(tmp_path)
    transform = from_origin(490_000, 3_500_000, 10, 10)
    form = {"driver": "GTiff", "width": 2000, "height": 2000, "count": 1, "dtype": "uint8"}
    with rasterio.open(
        tmp_path / "p.tif", "w", crs="EPSG:4549", transform=transform, compress="deflate", **form
    ) as file:
        file.write(np.zeros((1, 2000, 2000), np.uint8))
    text = study.read_text("utf-8")
    points = 'points = "homes.csv", value = "p60", crs = "EPSG:4549"'
    assert points in text
    study.write_text(text.replace(points, 'raster = "p.tif"'), "utf-8")
    needed = needed_bytes(circle15.load_study(study), tmp_path / "out") - 600_000_000
    assert needed / 4600 == pytest.approx(100 * 70, rel=0.1)


def test_there_is_some_memory():
    assert memory_here() > 100_000_000


def test_studies_are_read_once_and_names_are_their_own(tmp_path):
    first, second = write_district(tmp_path / "a", 1), write_district(tmp_path / "b", 2)
    same = write_district(tmp_path / "c", 3, name="D1")
    taken = write_district(tmp_path / "d", 4, name="homes")
    paths = [first, tmp_path / "b" / ".." / "b" / "study.toml", second, same, taken, tmp_path / "x"]
    found = given_studies(paths, "en")
    assert [one.exit_code for one in found] == [2, 0, 2, 2, 2]
    assert str(same) in (found[0].fault or "")
    assert "file of the batch" in (found[3].fault or "")
    assert found[4].settings is None
    with pytest.raises(InputDataError, match="no study is given"):
        given_studies([], "en")


def test_a_task_says_what_went_wrong_and_raises_nothing(tmp_path, monkeypatch):
    study = write_district(tmp_path / "a", 1)
    task = Task("d1", str(study), str(tmp_path / "out"), version="0.0.0")
    found = run_task(task)
    assert (found.state, found.exit_code) == ("failed", 3)
    assert "install the same version for both" in found.message

    def broken(*_arguments, **_options):
        raise KeyError("x")

    monkeypatch.setattr("circle15.workflow.batch.tasks.run", broken)
    found = run_task(Task("d1", str(study), str(tmp_path / "out")))
    assert (found.state, found.exit_code) == ("failed", 3)
    assert "internal error, please report it: KeyError: 'x' (test_batch_parts.py" in found.message
    monkeypatch.setattr("circle15.workflow.batch.tasks.run", out_of_memory)
    assert "not enough memory" in run_task(Task("d1", str(study), str(tmp_path / "out"))).message


def out_of_memory(*_arguments, **_options):
    raise MemoryError


def test_partitions_have_the_columns_of_all_and_are_the_same_bytes(tmp_path):
    one = gpd.GeoDataFrame(
        {"demand_id": ["a", "b"], "p60": [1.5, 0.000001], "in_area": [True, False]},
        geometry=gpd.points_from_xy([120, 121], [31, 32]),
        crs="EPSG:4326",
    )
    kinds = {"demand_id": "object", "p60": "float64", "in_area": "bool"}
    more = {**kinds, "p80": "float64", "all_state": "object"}
    columns = home_columns([kinds, more], [["p60"], ["p60", "p80"]])
    assert list(columns) == [
        *("demand_id", "p60", "p60_micro", "in_area", "p80", "p80_micro", "all_state"),
    ]
    for name in ("x", "y"):
        with place_part(tmp_path / f"study={name}", "part.parquet") as draft:
            write_homes(one, columns, ["p60"], draft)
    paths = [tmp_path / f"study={name}" / "part.parquet" for name in ("x", "y")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    read = gpd.read_parquet(tmp_path)
    assert read["p60_micro"].tolist() == [1_500_000, 1, 1_500_000, 1]
    assert read["p80"].isna().all()
    types = {field.name: str(field.type) for field in pq.read_schema(paths[0])}
    assert (types["p80_micro"], types["in_area"], types["p80"]) == ("int64", "bool", "double")
    assert "string" in types["all_state"]


def test_a_part_that_fails_leaves_the_earlier_one(tmp_path):
    folder = tmp_path / "study=a"
    with place_part(folder, "part.parquet") as draft:
        draft.write_bytes(b"one")
    (folder / ".circle15-left").write_bytes(b"by a batch that was killed")
    with pytest.raises(OutsideError, match="cannot be written"), place_part(folder, "part.parquet"):
        raise OSError(28, "No space left on device")
    assert [path.name for path in folder.iterdir()] == ["part.parquet"]
    (tmp_path / "study=b").mkdir()
    (tmp_path / "study=b" / "mine.txt").write_text("x", "utf-8")
    (tmp_path / "other").mkdir()
    remove_other_parts(tmp_path, ["c"])
    assert {path.name for path in tmp_path.iterdir()} == {"study=b", "other"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_for_each_study_and_a_heartbeat_between(language):
    said: list[str] = []
    with heartbeat(None, said.append, 2, language, every_s=0.05) as report:
        watch = Watch(2, report)
        watch.begun("1", Task("a", "", ""))
        watch.heard(Stage("1", "times"))
        time.sleep(0.2)
        watch.heard(Lost("1", "gone"))
        watch.heard(Ended("", Outcome("a", "failed", message="x", exit_code=2)))
        watch.heard(Ended("", Outcome("b", "kept")))
    assert "a (times)" in said[0]
    assert sum(line.startswith(("1/2 a", "2/2 b")) for line in said) == 2
    assert "a" not in state_line(BatchState(2), language).split(";")[-1]
