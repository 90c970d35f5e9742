"""The fields that columns of an edge layer may be assigned to."""

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
"""Fields of an edge layer, named by OpenStreetMap keys."""
EdgeField = Annotated[str, OneOf(EDGE_FIELDS)]
