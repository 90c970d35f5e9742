"""Read and check `study.toml` as frozen records, with every default in one place."""
