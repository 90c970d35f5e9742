"""Tables of PostGIS databases."""
