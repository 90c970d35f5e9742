"""Whether results still stand: what went into a run, and whether its files are whole."""
