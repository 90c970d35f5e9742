"""Figures by which the page tries sites."""
