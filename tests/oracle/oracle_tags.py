"""
What the oracle makes of tags: what can be walked and joined, what stops a leg.

The table of the walk filter is that of circle15 (data); its rules are applied anew.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Tags = Mapping[str, str]

WALK_FILTER = Path(__file__).parents[2] / "coverage/circle15/network/osm/walk_filter.toml"
GATES = frozenset(
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
BARRIERS: dict[str, frozenset[str]] = {
    "waterway": frozenset({"river", "canal", "riverbank"}),
    "natural": frozenset({"water", "coastline"}),
    "railway": frozenset({"rail", "light_rail", "narrow_gauge", "subway", "monorail"}),
    "highway": frozenset({"motorway", "motorway_link"}),
    "barrier": frozenset({"wall", "fence", "city_wall", "hedge"}),
}
"""Tags of lines that the access leg of a point may not touch."""


def read_rules(path: Path = WALK_FILTER) -> list[dict[str, Any]]:
    """Ordered rules of the walk filter."""
    rules: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return rules


def is_looked_at(tags: Tags, path: Path = WALK_FILTER) -> bool:
    """Whether the walk filter applies to a way or relation with these tags."""
    table = _looked_at(path)
    return any(_is_any(tags, key, values) for key, values in table.items())


@functools.cache
def _looked_at(path: Path) -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))["looked_at"]
    return table


def _is_any(tags: Tags, key: str, values: Sequence[str]) -> bool:
    return key in tags and ("*" in values or tags[key] in values)


def walkable(tags: Tags, rules: Sequence[Mapping[str, Any]]) -> tuple[bool, str]:
    """Whether a way is kept, and the reason; the first rule that matches decides."""
    if not is_looked_at(tags):
        return False, "not_looked_at"
    for rule in rules:
        if not all(_is_any(tags, key, values) for key, values in rule["where"].items()):
            continue
        if any(_is_any(tags, key, values) for key, values in rule.get("unless", {}).items()):
            continue
        return bool(rule["keep"]), str(rule["reason"])
    return False, "unlisted"


def foot_directions(tags: Tags) -> tuple[bool, bool]:
    """Whether people may walk along the way and against it: foot one-ways and escalators bind."""
    only_on = ("oneway:foot", "yes"), ("foot:backward", "no"), ("conveying", "forward")
    only_back = ("oneway:foot", "-1"), ("foot:forward", "no"), ("conveying", "backward")
    against, along = (
        any(tags.get(key) == value for key, value in pairs) for pairs in (only_on, only_back)
    )
    return not along, not against


def tags_take_snaps(tags: Tags) -> bool:
    """No snaps on bridges, in tunnels, on motorways, indoors or under ground."""
    return is_joined_at_all(tags) and not is_indoors_or_below(tags)


def takes_last_snaps(tags: Tags) -> bool:
    """Ways indoors and underground take snaps where nothing else is in reach."""
    return is_joined_at_all(tags) and is_indoors_or_below(tags)


def is_joined_at_all(tags: Tags) -> bool:
    """No bridge, no tunnel (except passages through buildings), no motorway."""
    return (
        tags.get("bridge", "no") == "no"
        and tags.get("tunnel", "no") in ("no", "building_passage")
        and tags.get("highway") not in ("motorway", "motorway_link")
    )


def levels(text: str) -> list[float]:
    """All levels that a tag names: lists with ; or , and ranges such as -2--1."""
    found: list[float] = []
    for part in text.replace("\N{MINUS SIGN}", "-").replace(",", ";").replace(" ", "").split(";"):
        if part[:1] in "Bb" and part[1:].isdigit():
            found.append(-float(part[1:]))
            continue
        ends = [part]
        for k in range(1, len(part)):
            if part[k] == "-" and part[k - 1].isdigit():
                ends = [part[:k], part[k + 1 :]]
                break
        try:
            found += [float(end) for end in ends]
        except ValueError:
            continue
    return found


def is_indoors_or_below(tags: Tags) -> bool:
    """
    Lifts, escalators, corridors, ways indoors, and those wholly below level 0.

    `level` takes precedence over `layer`; a passage through a building is on the ground, whatever
    its `layer`.
    """
    if tags.get("highway") == "elevator" or tags.get("conveying") not in (None, "no"):
        return True
    if tags.get("indoor", "yes" if tags.get("highway") == "corridor" else "no") != "no":
        return True
    if tags.get("location") in ("underground", "indoor", "subway"):
        return True
    said = levels(tags.get("level", ""))
    if not said and tags.get("tunnel") != "building_passage":
        said = levels(tags.get("layer", ""))
    return bool(said) and max(said) < 0


def is_on_the_ground(tags: Tags) -> bool:
    """Whether a line lies where people walk: no tunnel, bridge or cover, no layer below 0."""
    try:
        layer = int(tags.get("layer", "0"))
    except ValueError:
        layer = 0
    return (
        tags.get("tunnel", "no") == "no"
        and tags.get("bridge", "no") == "no"
        and tags.get("covered") != "yes"
        and layer >= 0
    )


def is_barrier(tags: Tags) -> bool:
    """Whether a line stops a straight leg."""
    return is_on_the_ground(tags) and any(tags.get(k) in values for k, values in BARRIERS.items())


def is_low(tags: Tags) -> bool:
    """Whether a barrier is only a wall, a fence or a hedge."""
    return not any(tags.get(k) in BARRIERS[k] for k in BARRIERS if k != "barrier") and (
        tags.get("barrier") in BARRIERS["barrier"]
    )


def is_water_relation(tags: Tags) -> bool:
    """Whether the member ways of a relation are the banks of a water surface."""
    water = tags.get("natural") == "water" or tags.get("waterway") == "riverbank"
    return tags.get("type") == "multipolygon" and water and is_on_the_ground(tags)
