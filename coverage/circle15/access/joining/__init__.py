"""Who has joined the streets: homes, facilities, entrances, and what has not."""
