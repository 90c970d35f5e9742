"""Words and tables of what changed between two results."""
