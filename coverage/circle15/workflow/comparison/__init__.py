"""Compare two results folders."""
