"""Read tables of PostGIS databases."""
