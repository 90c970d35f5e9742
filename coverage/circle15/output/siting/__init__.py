"""Answers to siting questions: lines for the terminal, and files that a study can read."""
