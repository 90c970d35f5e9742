"""Coordinate reference systems and datums: where a position is, and whether that can be true."""
