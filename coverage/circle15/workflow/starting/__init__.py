"""Start a study from a bureau's own files: what they hold, as settings with notes."""
