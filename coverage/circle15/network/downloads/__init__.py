"""Streets of a place, downloaded once and kept."""
