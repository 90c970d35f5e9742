"""OpenStreetMap files: which of their objects stand, and which ways can be walked."""
