"""Results folders: held, replaced as a whole, and cleaned up after a kill."""
