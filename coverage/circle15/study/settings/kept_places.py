"""Where downloads are kept: beside the study, under a name that says place and reach."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "data/cache"
EXTENT: Final = ".extent.geojson"
"""Ending of the outline of what was downloaded."""
BOUNDARY: Final = ".boundary.geojson"
"""Ending of the outline of the place itself."""
RECORD: Final = ".json"
"""Ending of the record: from where and when, with the SHA-256."""

USUAL_REACH_M: Final = 1280
"""How far beyond a place a study walks that says nothing: 15 min at 1.2 m/s and a leg of 200 m."""

OSM_SUFFIXES: Final = (".osm.pbf", ".osm.gz", ".osm.bz2", ".pbf", ".osm")
_LONGEST = 40


def kept_place(folder: Path, place: str, reach_m: int) -> Path:
    """
    Name the file in which the streets of a place are kept.

    Parameters
    ----------
    folder
        Folder of the study.
    reach_m
        How far beyond the place the streets go, metres.

    Examples
    --------
    >>> from pathlib import Path
    >>> kept_place(Path("mycity"), "梁溪区, 无锡市", 1280).as_posix()
    'mycity/data/cache/梁溪区-无锡市-1280m-8dd4d755.osm.pbf'
    """
    words = re.sub(r"[^\w]+", "-", place).strip("-")[:_LONGEST]
    mark = hashlib.sha256(f"{place.strip()}|{reach_m}".encode()).hexdigest()[:8]
    return folder / FOLDER / f"{words}-{reach_m}m-{mark}.osm.pbf"


def beside(file: Path, ending: str) -> Path:
    """
    Name a file that belongs to a download.

    Examples
    --------
    >>> from pathlib import Path
    >>> beside(Path("liangxi.osm.pbf"), EXTENT).name
    'liangxi.extent.geojson'
    """
    name = file.name
    suffix = next((end for end in OSM_SUFFIXES if name.lower().endswith(end)), "")
    return file.with_name(name[: len(name) - len(suffix)] + ending)
