"""Run a study from its files to its results."""
