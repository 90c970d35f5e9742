"""Residential land and buildings in `summary.json`."""
