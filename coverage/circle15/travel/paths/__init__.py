"""The way behind one time: the shortest path, its steps, and the record of a route."""
