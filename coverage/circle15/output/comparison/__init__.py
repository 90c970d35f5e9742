"""The comparison of two results, for the terminal and as files."""
