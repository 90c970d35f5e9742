"""Gap areas: cells joined by streets, split at the size of a circle, and their reasons."""
