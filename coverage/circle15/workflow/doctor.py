"""Examine the installation: versions, fonts for Chinese text, the sample."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

import pyogrio
import pyproj
import rasterio
import shapely

from circle15._version import __version__
from circle15.errors import OutsideError
from circle15.network.compiled import cache_place
from circle15.results.provenance import PACKAGES
from circle15.study.limits import ALL
from circle15.travel.engine.walking_chains import walk_chains
from circle15.workflow.cache.state import cache_state
from circle15.workflow.sample import sample_folder

CHINESE_FONTS = ("Noto Sans CJK", "Source Han Sans", "Microsoft YaHei", "SimHei", "PingFang")


def examine() -> dict[str, str]:
    """Return the state of each part of the installation; `missing` if a part is not there."""
    found = {
        "circle15": __version__,
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "GDAL (rasterio)": rasterio.__gdal_version__,
        "GDAL (pyogrio)": ".".join(map(str, pyogrio.__gdal_version__)),
        "PROJ": pyproj.proj_version_str,
        "GEOS": shapely.geos_version_string,
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    found["compiled code"] = cache_place(walk_chains) or (
        "not cached (no writable folder): every command compiles again"
    )
    found["cache"] = _cache()
    found["Chinese fonts"] = _chinese_fonts()
    try:
        found["sample"] = str(sample_folder())
    except OutsideError:
        found["sample"] = "missing"
    return found


def limits() -> list[dict[str, str]]:
    """Return the limits of inputs: name, limit, what it applies to, how to work around it."""
    return [
        {
            "name": one.name,
            "limit": one.value,
            "of": one.where("en"),
            "past": one.past("en"),
        }
        for one in ALL
    ]


def _cache() -> str:
    """Return the folder of the cache, or why there is none."""
    state = cache_state()
    if state.folder is None:
        return "off"
    if state.refusal is not None:
        return f"{state.folder} cannot be used ({state.refusal}): every run reads all of its inputs"
    return f"{state.folder}, {state.size / 1_000_000:,.1f} MB"


def _chinese_fonts() -> str:
    """Return the Chinese fonts known to fontconfig; without it browsers use their own list."""
    command = shutil.which("fc-list")
    if command is None:
        return "not checked (no fontconfig): browsers use their own fonts"
    listed = subprocess.run(
        [command, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    names = [font for font in CHINESE_FONTS if font in listed.stdout]
    return ", ".join(names) or "missing: install e.g. Noto Sans CJK"
