"""Areas from which a facility is reached, drawn by the same rule by which people are counted."""
