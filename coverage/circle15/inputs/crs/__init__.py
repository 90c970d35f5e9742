"""Coordinate reference systems and datums: convert positions and check that they are plausible."""
