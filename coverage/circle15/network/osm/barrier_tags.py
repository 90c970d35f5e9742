"""Which OpenStreetMap objects are barriers on foot, of what kind, and what opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.network.osm.walk_filter import is_bridge

if TYPE_CHECKING:
    from collections.abc import Mapping


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
