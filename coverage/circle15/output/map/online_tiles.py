"""
Tile services for the online variant of the map, which is a separate file.

Both services use Web Mercator on WGS 84. Tianditu states CGCS2000, which differs by less than a
metre, so that no shift is needed, unlike for maps in GCJ-02.

Sources: OSM tile usage policy, https://operations.osmfoundation.org/policies/tiles/ (attribution
with a link, light use); Tianditu map API, http://lbs.tianditu.gov.cn/server/MapService.html (a
personal key for every request).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.study.messages import say

if TYPE_CHECKING:
    from circle15.study.languages import Language

KEY_VARIABLE: Final = "CIRCLE15_TIANDITU_KEY"
"""Environment variable that holds the Tianditu key."""

_KEY: Final = re.compile(r"[0-9A-Za-z]{16,64}")
_OSM: Final = "https://tile.openstreetmap.org"
_TIANDITU: Final = "https://t0.tianditu.gov.cn"
_WMTS: Final = (
    "/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)


@dataclass(frozen=True, slots=True)
class Tiles:
    """
    A tile service.

    Attributes
    ----------
    name
        `osm` or `tianditu`.
    host
        Scheme and host, the only address that the page may load from.
    layers
        Tile URLs with placeholders for x, y and z, the bottom layer first.
    deepest
        Highest zoom level of the service; beyond it tiles are enlarged.
    """

    name: str
    host: str
    layers: tuple[str, ...]
    deepest: int

    def described(self, language: Language) -> dict[str, Any]:
        """Return the record for the map's script: layers, highest zoom level, attribution."""
        return {
            "layers": self.layers,
            "deepest": self.deepest,
            "attribution": say(f"map.tiles_{self.name}", language),
        }


def tiles_named(name: str, *, key: str | None = None) -> Tiles:
    """
    Return a tile service by name.

    Parameters
    ----------
    name
        `osm` or `tianditu`.
    key
        Tianditu key; by default the one in the environment. It is written only into the online
        map, as every tile request must contain it.

    Raises
    ------
    InputDataError
        If there is no such service, or the Tianditu key is missing or malformed.
    """
    if name == "osm":
        return Tiles(name, _OSM, (f"{_OSM}/{{z}}/{{x}}/{{y}}.png",), 19)
    if name != "tianditu":
        message = f"The tile service '{name}' is unknown."
        raise InputDataError(message, mend="Use osm or tianditu.")
    key = key or os.environ.get(KEY_VARIABLE, "")
    if not _KEY.fullmatch(key):
        found = "is not set" if not key else "is not valid: it has 16 to 64 letters and digits"
        message = f"The Tianditu key {found}."
        raise InputDataError(
            message, mend=f"Set {KEY_VARIABLE}, or pass --tiles-key, with your own key."
        )
    layers = tuple(_TIANDITU + _WMTS.format(layer=layer, key=key) for layer in ("vec", "cva"))
    return Tiles(name, _TIANDITU, layers, 18)
