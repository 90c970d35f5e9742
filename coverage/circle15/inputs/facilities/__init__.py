"""Facilities: a row per site and category, whether they are open, and what is probably one."""
