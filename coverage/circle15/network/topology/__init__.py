"""Connectivity of streets: junctions, squares, compounds, divided roads, separate pieces."""
