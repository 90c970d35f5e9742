"""The tables `[scenarios.NAME]` of a study."""
