"""Input files: which may be opened, their hashes, and a scratch folder for unpacking."""
