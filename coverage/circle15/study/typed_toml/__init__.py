"""Read TOML tables into typed records: one reader for settings, rule packs and vocabulary."""
