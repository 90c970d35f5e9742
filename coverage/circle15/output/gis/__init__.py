"""`results.gpkg` and its styles."""
