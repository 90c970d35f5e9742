"""Stages of earlier runs, kept on disk and read again where nothing that they depend on changed."""
