"""Answers on new sites: lines for the terminal, and files that a study takes as they are."""
