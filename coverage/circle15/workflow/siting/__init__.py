"""Siting questions of a study: reading their inputs, and answering them."""
