"""Decide which OpenStreetMap ways can be walked (`walk_filter.toml`)."""

from __future__ import annotations

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
