"""Read facilities: a row per site and category, their status, and probable duplicates."""
