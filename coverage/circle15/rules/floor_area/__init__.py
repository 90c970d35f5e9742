"""The floor-area law: rooms, households, readings, pooling, and ways to meet it."""
