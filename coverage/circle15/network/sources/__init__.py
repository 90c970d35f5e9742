"""Whatever a study names as its streets, opened and built into the walking network."""
