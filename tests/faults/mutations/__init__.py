"""A seeded mutator over every reader: bytes, structure and values of the files of small studies."""
