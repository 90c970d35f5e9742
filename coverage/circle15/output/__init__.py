"""What people open: the map, the reports, the tables."""
