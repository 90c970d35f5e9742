"""Drawings: bars, dots, and the picture of the map."""
