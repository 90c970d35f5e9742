"""Decide which OpenStreetMap ways can be walked (`walk_filter.toml`), and which take snaps."""

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
    """One row of the table: `keep` applies where all of `where` match and none of `unless`."""

    reason: str
    keep: bool
    where: dict[str, frozenset[str]]
    unless: dict[str, frozenset[str]]

    def matches(self, tags: Mapping[str, str]) -> bool:
        """Return whether this row applies to a way with these tags."""
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
    """Return the rules of the table, in the order in which they are tried."""
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
    Return whether the table applies to a way or relation with these tags.

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
    Return whether a closed way is an area: streets only with `area=yes`.

    Examples
    --------
    >>> is_area({"highway": "pedestrian"}), is_area({"highway": "pedestrian", "area": "yes"})
    (False, True)
    >>> is_area({"man_made": "pier"})
    True
    """
    return tags.get("area", "no" if "highway" in tags else "yes") == "yes"


def kind_of(tags: Mapping[str, str]) -> str:
    """Return the value of `highway`, or `platform` or `path` for a platform or pier."""
    return tags.get("highway") or ("platform" if "railway" in tags else "path")


def decide(tags: Mapping[str, str]) -> tuple[bool, str]:
    """
    Decide whether a way to which the table applies can be walked.

    Returns
    -------
    Whether it is kept, and the reason code of the table.

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
    """Return the keys that occur in the table."""
    return tuple(dict.fromkeys(k for rule in walk_rules() for k in (*rule.where, *rule.unless)))


@cache
def _decide_once(values: tuple[str | None, ...]) -> tuple[bool, str]:
    """Try the rules on the values of the keys of the table, which repeat often in a file."""
    pairs = zip(_filter_keys(), values, strict=True)
    tags = {key: value for key, value in pairs if value is not None}
    for rule in walk_rules():
        if rule.matches(tags):
            return rule.keep, rule.reason
    return False, UNLISTED


def is_bridge(tags: Mapping[str, str]) -> bool:
    """Return whether a way is a bridge."""
    return tags.get("bridge", "no") != "no"


def is_tunnel(tags: Mapping[str, str]) -> bool:
    """Return whether a way is underground; a passage through a building is not."""
    return tags.get("tunnel", "no") not in {"no", "building_passage"}


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


def directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """
    Return whether people may walk along and against a way.

    `oneway` applies to vehicles; only `oneway:foot`, `foot:forward`, `foot:backward` and the
    direction of an escalator apply to people on foot. An escalator without a direction, or with a
    reversible one, is walked both ways.
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
"""Kinds of barriers that legs may pass, ignore or stop at, by `network.walls`."""
GIVEN: Final = "given"
"""Kind of a barrier whose kind is not stated."""
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
    """Return whether a way is a barrier on foot; in a tunnel or on a bridge it is not."""
    return names_barrier(tags) and _at_ground(tags)


def names_barrier(tags: Mapping[str, str]) -> bool:
    """Return whether the tags name a kind of barrier, even in a tunnel or on a bridge."""
    return not _BARRIER_TAGS.isdisjoint(tags.items())


def barrier_kind(tags: Mapping[str, str]) -> str:
    """
    Return the kind of a barrier; of several, water before a railway, a motorway and a wall.

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
    """Return whether a node is an opening in the barrier on which it lies."""
    return tags.get("barrier") in _GATES and tags.get("foot", tags.get("access")) != "no"


def _at_ground(tags: Mapping[str, str]) -> bool:
    try:
        layer = int(tags.get("layer", "0"))
    except ValueError:
        layer = 0
    tunnel = tags.get("tunnel", "no") != "no"
    return not (is_bridge(tags) or tunnel or tags.get("covered") == "yes" or layer < 0)


def is_water_area(tags: Mapping[str, str]) -> bool:
    """Return whether the members of a relation are the banks of water."""
    water = tags.get("natural") == "water" or tags.get("waterway") == "riverbank"
    return tags.get("type") == "multipolygon" and water and _at_ground(tags)
