"""Join homes, facilities and entrances to the streets, and report those that do not join."""
