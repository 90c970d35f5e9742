"""Whether the streets of a study come from OpenStreetMap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from circle15.study.settings.records import Study

OSM_SUFFIXES: Final = (
    ".osm",
    ".osm.gz",
    ".osm.bz2",
    ".osh",
    ".osh.gz",
    ".osh.bz2",
    ".pbf",
    ".graphml",
)
"""Suffixes of files with OpenStreetMap streets, including OSMnx graphs."""


def is_osm(study: Study) -> bool:
    """Whether the streets come from OpenStreetMap; false for a synthetic study."""
    return not study.synthetic and study.network.file.name.lower().endswith(OSM_SUFFIXES)
