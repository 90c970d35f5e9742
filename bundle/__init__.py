"""Zips of circle15 for computers without a network, one for each platform (`make bundle`)."""
