"""Paths of downloads: in a folder of the study, named by place and distance beyond it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "data/cache"
EXTENT: Final = ".extent.geojson"
"""Suffix of the outline of the downloaded area."""
BOUNDARY: Final = ".boundary.geojson"
"""Suffix of the outline of the place itself."""
RECORD: Final = ".json"
"""Suffix of the record of the download: server, time and SHA-256."""

USUAL_REACH_M: Final = 1280
"""Default distance downloaded beyond a place: 15 min at 1.2 m/s and an access leg of 200 m."""

OSM_SUFFIXES: Final = (".osm.pbf", ".osm.gz", ".osm.bz2", ".pbf", ".osm")
_LONGEST = 40


def kept_place(folder: Path, place: str, reach_m: int) -> Path:
    """
    Return the path of the file with the downloaded streets of a place.

    Parameters
    ----------
    folder
        Folder of the study.
    place
        Name of the place as in the study.
    reach_m
        Distance beyond the place up to which streets are downloaded, metres.

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
    Return the path of a file that accompanies a download.

    Examples
    --------
    >>> from pathlib import Path
    >>> beside(Path("liangxi.osm.pbf"), EXTENT).name
    'liangxi.extent.geojson'
    """
    name = file.name
    suffix = next((end for end in OSM_SUFFIXES if name.lower().endswith(end)), "")
    return file.with_name(name[: len(name) - len(suffix)] + ending)
