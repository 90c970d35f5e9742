"""Equity as the report and the map print it."""
