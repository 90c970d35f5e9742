"""The public functions, the order of the stages, and the folders for results."""
