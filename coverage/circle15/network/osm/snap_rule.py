"""The snap rule: which OpenStreetMap ways homes and facilities may join."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.network.osm.walk_filter import is_bridge, is_tunnel

if TYPE_CHECKING:
    from collections.abc import Mapping


def takes_snaps(tags: Mapping[str, str]) -> bool:
    """
    Return whether homes and facilities may join a way.

    They never join bridges, tunnels and motorways, nor ways `apart_from_the_street`.
    """
    return not (_never_joined(tags) or apart_from_the_street(tags))


def takes_last_snaps(tags: Mapping[str, str]) -> bool:
    """Return whether homes and facilities may join a way only where no other is in reach."""
    return apart_from_the_street(tags) and not _never_joined(tags)


def _never_joined(tags: Mapping[str, str]) -> bool:
    motorway = tags.get("highway") in {"motorway", "motorway_link"}
    return is_bridge(tags) or is_tunnel(tags) or motorway


def apart_from_the_street(tags: Mapping[str, str]) -> bool:
    """
    Return whether a way lies indoors or under ground, as lifts, escalators and corridors do.

    A way that touches the ground (`level=-1;0`) does not. `level` overrides `layer`, which only
    orders ways that lie over each other and is ignored in a passage through a building.

    Examples
    --------
    >>> apart_from_the_street({"highway": "footway", "level": "-2--1"})
    True
    >>> apart_from_the_street({"highway": "steps", "level": "-1;0", "layer": "-1"})
    False
    """
    highway, indoor = tags.get("highway"), tags.get("indoor")
    location = tags.get("location", "")
    if highway == "elevator" or tags.get("conveying", "no") != "no":
        return True
    if (indoor or ("yes" if highway == "corridor" else "no")) != "no":
        return True
    if location in _NOT_OUTDOORS:
        return True
    level = highest_level(tags.get("level", ""))
    if level is None and tags.get("tunnel") != "building_passage":
        level = highest_level(tags.get("layer", ""))
    return level is not None and level < 0


_NOT_OUTDOORS: Final = frozenset({"underground", "indoor", "subway"})


_LEVELS: Final = re.compile(r"(-?\d+(?:\.\d+)?)(?:-(-?\d+(?:\.\d+)?))?")


def highest_level(text: str) -> float | None:
    """
    Return the highest of the levels that a tag lists; None where it lists none.

    Examples
    --------
    >>> highest_level("-2--1"), highest_level("-1;0"), highest_level("0-3"), highest_level("B2")
    (-1.0, 0.0, 3.0, -2.0)
    >>> highest_level("mezzanine") is None
    True
    """
    highest: float | None = None
    if not text:
        return highest
    plain = text.replace("\N{MINUS SIGN}", "-").replace(" ", "").upper().replace(",", ";")
    for part in plain.split(";"):
        found = _LEVELS.fullmatch(re.sub(r"\bB(?=\d)", "-", part))
        if found is not None:
            top = max(float(one) for one in found.groups() if one is not None)
            highest = top if highest is None else max(highest, top)
    return highest
