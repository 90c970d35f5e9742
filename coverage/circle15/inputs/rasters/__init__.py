"""Rasters: their grid, the size of their cells, and what their numbers mean."""
