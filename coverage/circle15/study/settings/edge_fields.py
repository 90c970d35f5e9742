"""What the columns of a layer of edges may hold."""

from __future__ import annotations

from typing import Annotated, Final

from circle15.study.typed_toml.kinds import OneOf

EDGE_FIELDS: Final = (
    "highway",
    "name",
    "foot",
    "access",
    "bridge",
    "tunnel",
    "layer",
    "oneway:foot",
    "motorroad",
    "service",
    "sidewalk",
    "sidewalk:both",
    "indoor",
    "conveying",
    "construction",
    "abandoned",
    "surface",
    "smoothness",
    "incline",
    "footway",
    "crossing",
    "crossing:signals",
    "wheelchair",
    "ramp:wheelchair",
    "ramp:stroller",
    "railway",
    "man_made",
    "disused",
    "level",
    "location",
    "barrier",
    "waterway",
    "natural",
)
"""What the columns of a layer of edges may say, in the words of OpenStreetMap's keys."""
EdgeField = Annotated[str, OneOf(EDGE_FIELDS)]
