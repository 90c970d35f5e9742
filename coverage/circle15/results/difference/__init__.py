"""The difference of two results, as exact parts."""
