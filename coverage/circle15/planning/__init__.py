"""Planning: gap areas, and the search for new sites."""
