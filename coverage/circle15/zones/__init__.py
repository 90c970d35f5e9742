"""The check of residential zones: verdicts, distances between zones, dossiers and routes."""
