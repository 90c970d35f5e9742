"""`summary.json`: all numbers of a run, unrounded, and the types that define its schema."""
