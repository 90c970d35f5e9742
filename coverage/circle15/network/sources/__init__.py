"""Read the streets of a study from any source, and build the walking network of them."""
