"""Walking cost of an edge: length, slope, stairs, surface and waiting."""
