"""Links and opened gates of a scenario in a walking network."""
