"""A small study that runs, changes that break it, and what must be said of each."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from tests.commands import call
from tests.streets import EAST_M, NORTH_M, write_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
ZONES = '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"'
ZONE_ROW = "x_m,y_m,zone_id,kind,households\n500000,3490000,Z1,new,100\n"
PEOPLE = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'
EARLIER = "an earlier result"
HOMES = "x_m,y_m,demand_id,p60\n"
SITES = "x_m,y_m,facility_id,name,floor_area_m2,position_unsure\n"
ONES = np.ones((3, 3))


def base_study(folder: Path) -> Path:
    box = shapely.box(-200, -200, 800, 500)
    study = write_study(
        folder,
        NODES,
        ["ABCD"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10), "f2": (600, 200)},
        boundary=box,
        streets={"S1": box},
        more=ZONES,
    )
    (folder / "zones.csv").write_text(ZONE_ROW, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    base_study(folder)
    return folder


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace the one occurrence of a text in a file of the study."""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(name: str, content: str | bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(raw)

    return change


def in_study(old: str, new: str) -> Callable[[Path], None]:
    return edit("study.toml", old, new)


def both(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def raster(cells: np.ndarray, **options) -> Callable[[Path], None]:
    """Take people from a raster of these cells; options go to the file's profile."""

    def change(folder: Path) -> None:
        profile = {
            "crs": "EPSG:4549",
            "transform": Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300),
            "dtype": "float32",
            "count": 1,
            "height": cells.shape[0],
            "width": cells.shape[1],
        } | options
        profile = {k: v for k, v in profile.items() if v is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(folder / "p.tif", "w", driver="GTiff", **profile) as target:
                target.write(cells.astype("float32"), 1)
        in_study(PEOPLE, '{ group = "p60", raster = "p.tif" }')(folder)

    return change


@dataclass(frozen=True)
class Case:
    """What is broken, and what the message must say (regular expressions)."""

    name: str
    change: Callable[[Path], None]
    says: tuple[str, ...]


def case(name: str, change: Callable[[Path], None], *says: str) -> Case:
    return Case(name, change, says)


def prepared(tmp_path: Path, base: Path, *, pbf: Path | None = None) -> tuple[Path, Path]:
    """Copy of the study that runs, and a folder of earlier results."""
    folder = tmp_path / "study"
    shutil.copytree(base, folder)
    if pbf is not None:
        shutil.copy(pbf, folder / "whole.osm.pbf")
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.json").write_text(EARLIER, encoding="utf-8")
    return folder, out


def the_message(errors: str) -> str:
    lines = errors.splitlines()
    assert len(lines) == 1, errors
    assert lines[0].startswith("circle15: ")
    assert "Traceback" not in errors
    return lines[0]


def assert_untouched(out: Path) -> None:
    assert [entry.name for entry in out.iterdir()] == ["summary.json"]
    assert (out / "summary.json").read_text("utf-8") == EARLIER
    assert sorted(entry.name for entry in out.parent.iterdir()) == ["out", "study"]


def assert_refused(
    one: Case,
    base: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    *,
    pbf: Path | None = None,
) -> None:
    """Check that `run` and `check` refuse a study with one message, and that nothing is touched."""
    folder, out = prepared(tmp_path, base, pbf=pbf)
    one.change(folder)
    code = call("run", folder / "study.toml", "--out", out)
    answer = capfd.readouterr()
    assert (code, answer.out) == (2, ""), answer.err
    message = the_message(answer.err)
    assert call("check", folder / "study.toml", "--json") == 2
    checked = capfd.readouterr()
    if not checked.err:  # a finding that stops a run stands among the others
        wrong = [i for i in json.loads(checked.out)["issues"] if i["severity"] == "error"]
        assert wrong[0]["file"] in message
    else:
        assert checked.err == answer.err
    for pattern in one.says:
        assert re.search(pattern, message), f"{pattern!r} is not in {message!r}"
    assert_untouched(out)
