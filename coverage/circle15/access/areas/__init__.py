"""Residential land and buildings: how much of their area is covered."""
