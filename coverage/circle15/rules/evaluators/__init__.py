"""Evaluators: from evidence to the answer of each rule of a pack."""
