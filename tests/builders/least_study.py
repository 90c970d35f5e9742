"""The settings that a study must have."""

from __future__ import annotations

LEAST = """
[study]
name = "s"
as_of = 2025-12-31
[network]
file = "n.osm.pbf"
[demand]
layers = [{ group = "p60", raster = "p.tif" }]
"""
