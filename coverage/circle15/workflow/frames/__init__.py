"""Frames in, frames out: the stages of a study as functions for notebooks."""
