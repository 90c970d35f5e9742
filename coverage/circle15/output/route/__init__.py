"""One walk explained: as lines of text, for programs, and drawn."""
