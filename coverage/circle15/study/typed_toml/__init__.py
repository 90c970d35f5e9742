"""Tables of TOML as typed records: one reader for settings, rule packs and vocabulary."""
