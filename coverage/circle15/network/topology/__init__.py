"""How streets hang together: junctions, squares, compounds, divided roads, pieces."""
