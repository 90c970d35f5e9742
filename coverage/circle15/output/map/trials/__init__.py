"""Data with which the page judges sites that are tried on it."""
