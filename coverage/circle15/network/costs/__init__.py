"""What an edge costs on foot: length, slope, stairs, surfaces, waiting."""
