"""What changed since the last run."""
