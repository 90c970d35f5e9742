"""The check of residential zones: their verdicts, distances, dossiers and routes."""
