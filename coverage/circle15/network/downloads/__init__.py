"""Streets of a named place, downloaded from OpenStreetMap once and kept."""
