"""A bad study.toml: exit 2, one message that names the key, nothing touched.

Every case breaks one thing of a small study that runs, and says what the message must name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from tests.builders.bad_inputs import (
    assert_refused,
    base,
    case,
    in_study,
    write,
)
from tests.streets import EAST_M, NORTH_M

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["base"]  # the fixture


def dem_of(content: bytes | np.ndarray) -> Callable[[Path], None]:
    """Take an elevation model of these bytes, or of these bands of 300 m cells."""

    def change(folder: Path) -> None:
        path = folder / "dem.tif"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            bands, height, width = content.shape
            place = Affine(300, 0, EAST_M - 900, 0, -300, NORTH_M + 900)
            with rasterio.open(
                path,
                "w",
                driver="GTiff",
                dtype=content.dtype,
                count=bands,
                height=height,
                width=width,
                crs="EPSG:4549",
                transform=place,
            ) as target:
                target.write(content)
        in_study("min_component_m = 0", 'min_component_m = 0\ndem = "dem.tif"')(folder)

    return change


CASES = [
    case("missing study", lambda folder: (folder / "study.toml").unlink(), r"study\.toml: no such"),
    case(
        "study is no toml",
        write("study.toml", "[study\n"),
        r"study\.toml: is not valid TOML",
        "line 1",
    ),
    case("study is not utf-8", write("study.toml", b"# \xff\xfe"), r"study\.toml: is not UTF-8"),
    case(
        "missing section", in_study("[network]", "[netwerk]"), "netwerk", "Did you mean 'network'"
    ),
    case("missing key", in_study('name = "small"\n', ""), r"study\.name", "is missing"),
    case(
        "unknown key",
        in_study("[walk]", "[walk]\nspeed_ms = 1.0"),
        r"walk\.speed_ms",
        "'speed_m_s'",
    ),
    case(
        "unknown key of a layer",
        in_study('category = "meal_point"', 'categori = "meal_point"'),
        r"facilities\.categori",
        "'category'",
    ),
    case("unknown section", in_study("[walk]", "[parking]\n[walk]"), "parking", "Known keys"),
    case(
        "wrong type",
        in_study("[walk]", '[walk]\nmax_snap_m = "far"'),
        r"walk\.max_snap_m",
        "number",
    ),
    case(
        "a list for a text",
        in_study('name = "small"', "name = [1]"),
        r"study\.name",
        "must be text",
    ),
    case("true for a number", in_study("[walk]", "[walk]\nspeed_m_s = true"), r"walk\.speed_m_s"),
    case("a date that is none", in_study("2025-12-31", '"yesterday"'), r"study\.as_of", "date"),
    case(
        "a name that leaves the folder",
        in_study('"small"', '"../up"'),
        r"study\.name",
        "cannot name",
    ),
    case(
        "speed 0", in_study("[walk]", "[walk]\nspeed_m_s = 0"), r"walk\.speed_m_s", "greater than 0"
    ),
    case("speed nan", in_study("[walk]", "[walk]\nspeed_m_s = nan"), r"walk\.speed_m_s"),
    case(
        "negative sensitivity",
        in_study("[walk]", "[walk]\nsensitivity_m_s = [-1]"),
        r"walk\.sensitivity_m_s",
    ),
    case(
        "sensitivity nan",
        in_study("[walk]", "[walk]\nsensitivity_m_s = [0.8, nan]"),
        r"walk\.sensitivity_m_s",
    ),
    case(
        "too many decimals",
        in_study(
            "[walk]", "[walk]\nspeed_m_s = 1.1234567891234\naccess_speed_factor = 0.98765432198765"
        ),
        r"walk\.speed_m_s",
        "decimal",
    ),
    case(
        "cutoffs not rising",
        in_study("[walk]", "[walk]\ncutoffs_min = [15, 5]"),
        r"walk\.cutoffs_min",
        "rising",
    ),
    case("no cutoff", in_study("[walk]", "[walk]\ncutoffs_min = []"), r"walk\.cutoffs_min"),
    case(
        "cutoff beyond the hour",
        in_study("[walk]", "[walk]\ncutoffs_min = [61]"),
        r"walk\.cutoffs_min",
    ),
    case("half a minute", in_study("[walk]", "[walk]\ncutoffs_min = [7.5]"), r"walk\.cutoffs_min"),
    case(
        "calibrated to less than nobody",
        in_study('value = "p60",', 'value = "p60", calibrate_to = -5,'),
        "calibrate_to",
    ),
    case("unknown group", in_study('{ group = "p60"', '{ group = "p61"'), "p61", "Known groups"),
    case(
        "group without a layer",
        in_study('group = "p60"\nlayers', 'group = "p65"\nlayers'),
        r"demand\.group",
        "p65",
    ),
    case(
        "a scenario without changes",
        in_study("[walk]", "[scenarios.a]\nclose = []\n[walk]"),
        r"scenarios\.a",
        "changes nothing",
    ),
    case(
        "no elevation model",
        in_study("min_component_m = 0", 'min_component_m = 0\ndem = "dem.tif"'),
        r"network\.dem",
        r"no such file: .*dem\.tif",
    ),
    case("heights in a text", dem_of(b"x,y,z\n1,2,3\n"), r"dem\.tif", "cannot be read as a raster"),
    case("a picture of heights", dem_of(np.zeros((3, 9, 9), np.uint8)), r"dem\.tif", "3 bands"),
    case(
        "heights that are nodata",
        dem_of(np.full((1, 9, 9), -9999, np.int16)),
        r"dem\.tif",
        "-9999 m",
        "nodata",
    ),
    case(
        "unset variable",
        in_study('"homes.csv"', '"${CIRCLE15_NO_SUCH}/homes.csv"'),
        "CIRCLE15_NO_SUCH",
        "not set",
    ),
    case(
        "unknown category", in_study('"meal_point"', '"supermarket"'), "supermarket", "meal_point"
    ),
    case(
        "unknown required category",
        in_study("[walk]", '[circle]\nrequire = ["supermarket"]\n[walk]'),
        r"circle\.require",
        "supermarket",
    ),
    case(
        "unknown rule pack",
        in_study("[walk]", '[rules]\npacks = ["atlantis"]\n[walk]'),
        "atlantis",
        "liangxi-2025",
    ),
    case(
        "unknown crs",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:1"\n[area]'),
        r"study\.crs",
    ),
    case(
        "crs in degrees",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:4326"\n[area]'),
        r"study\.crs",
        "metres",
    ),
    case(
        "crs of another place",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:32633"\n[area]'),
        r"study\.crs",
        "off",
    ),
    case(
        "web mercator",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:3857"\n[area]'),
        r"study\.crs",
        r"1\.17",
    ),
]


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_bad_input(one, base, tmp_path, capfd):
    assert_refused(one, base, tmp_path, capfd)
