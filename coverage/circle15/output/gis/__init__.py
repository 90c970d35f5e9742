"""The GeoPackage `results.gpkg` and its QGIS styles."""
