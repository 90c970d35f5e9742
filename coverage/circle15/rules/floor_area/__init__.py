"""The floor-area law: rooms, households, readings, pooling, and what would meet it."""
