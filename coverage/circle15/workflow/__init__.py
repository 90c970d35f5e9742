"""The order of the stages, and the public functions."""
