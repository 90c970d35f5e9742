"""Open OpenStreetMap files for reading, in the format of their suffix in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import osmium

if TYPE_CHECKING:
    from pathlib import Path

_NAMES: Final = frozenset({"osm", "osh", "pbf", "opl", "gz", "bz2"})
"""Parts of suffixes of which osmium makes a format; it knows them in lower case only."""


def osm_input(file: Path) -> osmium.io.File:
    """Return a file for osmium together with its format, whatever the case of its suffix."""
    parts = [part[1:].lower() for part in file.suffixes[-2:]]
    return osmium.io.File(str(file), ".".join(part for part in parts if part in _NAMES))
