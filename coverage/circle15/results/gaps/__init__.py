"""Gap areas: the people in the gap of a choice, their cells, and the areas these form."""
