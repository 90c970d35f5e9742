"""Folders for results: locked while written, replaced as a whole, cleaned up after a kill."""
