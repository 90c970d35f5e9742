"""Which OpenStreetMap ways can be walked, and which take snaps, by `walk_filter.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

UNLISTED: Final = "unlisted"
ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class FilterRule:
    """One row of the table; `where` all match and `unless` none, then `keep` decides."""

    reason: str
    keep: bool
    where: dict[str, frozenset[str]]
    unless: dict[str, frozenset[str]]

    def matches(self, tags: Mapping[str, str]) -> bool:
        """Tell whether this row decides a way with these tags."""
        return all(_has(tags, k, v) for k, v in self.where.items()) and not any(
            _has(tags, k, v) for k, v in self.unless.items()
        )


def _has(tags: Mapping[str, str], key: str, values: frozenset[str]) -> bool:
    value = tags.get(key)
    return value is not None and (ANY in values or value in values)


@cache
def _table() -> dict[str, Any]:
    text = resources.files("circle15.network.osm").joinpath("walk_filter.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def walk_rules() -> tuple[FilterRule, ...]:
    """Read the table, in the order in which its rules are tried."""
    return tuple(
        FilterRule(
            row["reason"],
            row["keep"],
            {k: frozenset(v) for k, v in row["where"].items()},
            {k: frozenset(v) for k, v in row.get("unless", {}).items()},
        )
        for row in _table()["rule"]
    )


def is_looked_at(tags: Mapping[str, str]) -> bool:
    """
    Tell whether the table is for a way or relation with these tags.

    Examples
    --------
    >>> is_looked_at({"highway": "no"}), is_looked_at({"railway": "platform"})
    (True, True)
    >>> is_looked_at({"railway": "rail"})
    False
    """
    looked_at: dict[str, list[str]] = _table()["looked_at"]
    return any(key in tags and (ANY in v or tags[key] in v) for key, v in looked_at.items())


def is_area(tags: Mapping[str, str]) -> bool:
    """
    Tell whether a way that closes is an area: streets only where `area` says so.

    Examples
    --------
    >>> is_area({"highway": "pedestrian"}), is_area({"highway": "pedestrian", "area": "yes"})
    (False, True)
    >>> is_area({"man_made": "pier"})
    True
    """
    return tags.get("area", "no" if "highway" in tags else "yes") == "yes"


def kind_of(tags: Mapping[str, str]) -> str:
    """Return the value of `highway`, or the one that fits a platform or pier best."""
    return tags.get("highway") or ("platform" if "railway" in tags else "path")


def decide(tags: Mapping[str, str]) -> tuple[bool, str]:
    """
    Decide whether a way that is looked at can be walked.

    Returns
    -------
    Whether it is kept, and the reason that the table gives.

    Examples
    --------
    >>> decide({"highway": "footway"}), decide({"highway": "motorway"})
    ((True, 'path'), (False, 'motorway'))
    >>> decide({"highway": "primary", "foot": "no"})
    (False, 'foot_forbidden')
    """
    return _decide_once(tuple(map(tags.get, _filter_keys())))


@cache
def _filter_keys() -> tuple[str, ...]:
    """Tags that the table looks at."""
    return tuple(dict.fromkeys(k for rule in walk_rules() for k in (*rule.where, *rule.unless)))


@cache
def _decide_once(values: tuple[str | None, ...]) -> tuple[bool, str]:
    """Try the rules on the values of the tags that matter: a file has few different ones."""
    pairs = zip(_filter_keys(), values, strict=True)
    tags = {key: value for key, value in pairs if value is not None}
    for rule in walk_rules():
        if rule.matches(tags):
            return rule.keep, rule.reason
    return False, UNLISTED


def is_bridge(tags: Mapping[str, str]) -> bool:
    """Tell whether a way is carried over something."""
    return tags.get("bridge", "no") != "no"


def is_tunnel(tags: Mapping[str, str]) -> bool:
    """Tell whether a way is underground; a passage through a building is not."""
    return tags.get("tunnel", "no") not in {"no", "building_passage"}


def takes_snaps(tags: Mapping[str, str]) -> bool:
    """
    Tell whether homes and facilities may join a way.

    Not on bridges, in tunnels, on motorways; nor on ways `apart_from_the_street`.
    """
    return not (_never_joined(tags) or apart_from_the_street(tags))


def takes_last_snaps(tags: Mapping[str, str]) -> bool:
    """Tell whether homes and facilities join a way where nothing else is in reach."""
    return apart_from_the_street(tags) and not _never_joined(tags)


def _never_joined(tags: Mapping[str, str]) -> bool:
    motorway = tags.get("highway") in {"motorway", "motorway_link"}
    return is_bridge(tags) or is_tunnel(tags) or motorway


def apart_from_the_street(tags: Mapping[str, str]) -> bool:
    """
    Tell whether a way lies indoors or under ground: lifts, escalators and corridors do.

    One that touches the ground (`level=-1;0`) lies there. What `level` says is stronger than
    `layer`, which only orders what lies over each other; in a passage through a building it says
    nothing of the ground.

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
    Return the highest of the levels that a tag lists; None where it says none.

    Examples
    --------
    >>> highest_level("-2--1"), highest_level("-1;0"), highest_level("0-3"), highest_level("B2")
    (-1.0, 0.0, 3.0, -2.0)
    >>> highest_level("mezzanine") is None
    True
    """
    highest: float | None = None
    plain = text.replace("\N{MINUS SIGN}", "-").replace(" ", "").upper().replace(",", ";")
    for part in plain.split(";"):
        found = _LEVELS.fullmatch(re.sub(r"\bB(?=\d)", "-", part))
        if found is not None:
            top = max(float(one) for one in found.groups() if one is not None)
            highest = top if highest is None else max(highest, top)
    return highest


def directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """
    Tell whether people may walk along and against a way.

    `oneway` is for vehicles; only `oneway:foot`, `foot:forward` and `foot:backward` bind people
    on foot, and the direction in which an escalator runs. One whose direction is not said, or
    changes, is taken both ways.
    """
    oneway, conveying = tags.get("oneway:foot", "no"), tags.get("conveying")
    forward = oneway not in {"-1", "reverse"} and tags.get("foot:forward") != "no"
    backward = oneway not in {"yes", "true", "1"} and tags.get("foot:backward") != "no"
    return forward and conveying != "backward", backward and conveying != "forward"


BARRIERS: Final[dict[str, frozenset[str]]] = {
    "waterway": frozenset({"river", "canal", "riverbank"}),
    "natural": frozenset({"water", "coastline"}),
    "railway": frozenset({"rail", "light_rail", "narrow_gauge", "subway", "monorail"}),
    "highway": frozenset({"motorway", "motorway_link"}),
    "barrier": frozenset({"wall", "fence", "city_wall", "hedge"}),
}
LOW: Final = frozenset({"wall", "fence", "hedge", "city_wall"})
"""Kinds of barriers that a home may lie behind without being cut off."""
GIVEN: Final = "given"
"""Kind of a barrier that is not known."""
_GATES: Final = frozenset(
    {
        "gate",
        "entrance",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "kissing_gate",
        "hampshire_gate",
        "wicket_gate",
        "stile",
        "turnstile",
        "full-height_turnstile",
        "gap",
        "bollard",
        "block",
        "cycle_barrier",
        "motorcycle_barrier",
        "chain",
        "sally_port",
        "toll_booth",
        "border_control",
        "bump_gate",
        "cattle_grid",
        "horse_stile",
    }
)
_BARRIER_TAGS: Final = frozenset((key, v) for key, values in BARRIERS.items() for v in values)


def is_barrier(tags: Mapping[str, str]) -> bool:
    """Tell whether nobody steps across a way; one in a tunnel or on a bridge is no barrier."""
    return names_barrier(tags) and _at_ground(tags)


def names_barrier(tags: Mapping[str, str]) -> bool:
    """Tell whether the tags name a kind of barrier, wherever it lies."""
    return not _BARRIER_TAGS.isdisjoint(tags.items())


def barrier_kind(tags: Mapping[str, str]) -> str:
    """
    Name what a barrier is: water before a railway, a motorway, and a wall.

    Examples
    --------
    >>> barrier_kind({"waterway": "canal"}), barrier_kind({"barrier": "hedge"})
    ('canal', 'hedge')
    >>> barrier_kind({"railway": "rail", "barrier": "fence"})
    'railway'
    """
    for key, values in BARRIERS.items():
        value = tags.get(key)
        if value in values:
            if key in {"railway", "highway"}:
                return "railway" if key == "railway" else "motorway"
            return "river" if value == "riverbank" else str(value)
    return "water"


def is_opening(tags: Mapping[str, str]) -> bool:
    """Tell whether a node lets people through the barrier on which it lies."""
    return tags.get("barrier") in _GATES and tags.get("foot", tags.get("access")) != "no"


def _at_ground(tags: Mapping[str, str]) -> bool:
    try:
        layer = int(tags.get("layer", "0"))
    except ValueError:
        layer = 0
    tunnel = tags.get("tunnel", "no") != "no"
    return not (is_bridge(tags) or tunnel or tags.get("covered") == "yes" or layer < 0)


def is_water_area(tags: Mapping[str, str]) -> bool:
    """Tell whether the members of a relation are the banks of water."""
    water = tags.get("natural") == "water" or tags.get("waterway") == "riverbank"
    return tags.get("type") == "multipolygon" and water and _at_ground(tags)
