"""What each site is worth: who depends on it, and what its closing would do."""
