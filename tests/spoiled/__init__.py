"""Files spoiled as bureaus' files are, each with what circle15 must say of it."""
