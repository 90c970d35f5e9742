"""The stages of a study as functions on (Geo)DataFrames, for notebooks."""
