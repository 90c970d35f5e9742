"""The route of a walking time: the shortest path, its steps, and the record of a route."""
