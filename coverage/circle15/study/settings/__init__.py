"""`study.toml` as frozen records: read, checked, with every default in one place."""
