"""Where the next sites should go: a problem of arrays, its plan, and what the best could be."""
