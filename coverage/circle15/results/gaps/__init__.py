"""The gap of a choice: its cells, its people, and the areas that their homes form."""
