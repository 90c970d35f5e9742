"""Plans on the map: new sites and scenarios."""
