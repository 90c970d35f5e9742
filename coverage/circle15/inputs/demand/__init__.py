"""People and households at demand points, conserved to the micro-person."""
