"""
Tiles of a map service under the map: a variant that needs the internet, in a file of its own.

Both services draw in Web Mercator on WGS 84. Tianditu states CGCS2000, which differs from it by
less than a metre: unlike the maps that follow GCJ-02, nothing is to be shifted.

Sources: OSM tile usage policy, https://operations.osmfoundation.org/policies/tiles/ (attribution
with a link, light use); Tianditu map API, http://lbs.tianditu.gov.cn/server/MapService.html (a
key of one's own for every request).
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
"""Environment variable in which the key of Tianditu is looked for."""

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
    A map service.

    Attributes
    ----------
    name
        `osm` or `tianditu`.
    host
        Scheme and host, all that the page may ask.
    layers
        Addresses of a tile with places for x, y and z, the lowest layer first.
    deepest
        Last zoom that the service draws; beyond it its tiles are enlarged.
    """

    name: str
    host: str
    layers: tuple[str, ...]
    deepest: int

    def described(self, language: Language) -> dict[str, Any]:
        """Return what the script of the map needs."""
        return {
            "layers": self.layers,
            "deepest": self.deepest,
            "attribution": say(f"map.tiles_{self.name}", language),
        }


def tiles_named(name: str, *, key: str | None = None) -> Tiles:
    """
    Find a map service by its name.

    Parameters
    ----------
    name
        `osm` or `tianditu`.
    key
        Key of Tianditu; without it the one in the environment. It ends in the online map, whose
        every request must name it, and nowhere else.

    Raises
    ------
    InputDataError
        If there is no such service, or Tianditu's key is missing or no key.
    """
    if name == "osm":
        return Tiles(name, _OSM, (f"{_OSM}/{{z}}/{{x}}/{{y}}.png",), 19)
    if name != "tianditu":
        message = f"There are no tiles '{name}'."
        raise InputDataError(message, mend="Use osm or tianditu.")
    key = key or os.environ.get(KEY_VARIABLE, "")
    if not _KEY.fullmatch(key):
        found = "is not set" if not key else "is no key: it is 16 to 64 letters and digits"
        message = f"The key of Tianditu {found}."
        raise InputDataError(
            message, mend=f"Set {KEY_VARIABLE}, or give --tiles-key, with a key of your own."
        )
    layers = tuple(_TIANDITU + _WMTS.format(layer=layer, key=key) for layer in ("vec", "cva"))
    return Tiles(name, _TIANDITU, layers, 18)
