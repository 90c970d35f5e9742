"""Tables of `study.toml` that say what is required."""
