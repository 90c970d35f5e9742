"""Whose the streets of a study are."""

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
"""Endings of files that hold OpenStreetMap's streets, OSMnx's graphs among them."""


def is_osm(study: Study) -> bool:
    """Tell whether the streets are OpenStreetMap's; those of a synthetic study are nobody's."""
    return not study.synthetic and study.network.file.name.lower().endswith(OSM_SUFFIXES)
