"""The results of a run, typed and computed once; `output` only formats them."""
