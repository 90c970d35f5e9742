"""What a run has found, typed and computed once."""
