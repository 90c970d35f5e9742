"""What scenarios change: their entries in `summary.json`."""
