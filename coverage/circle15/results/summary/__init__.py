"""`summary.json`: every number of a run, unrounded, and the types that make its schema."""
