"""Evaluators: compute the result of each rule of a pack from evidence."""
