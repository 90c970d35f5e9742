"""Files as they lie on disk: which may be opened, their hashes, and room for what is unpacked."""
