"""Read OpenStreetMap files: the current version of each object, and the walkable ways."""
