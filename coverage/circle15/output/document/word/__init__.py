"""Render documents as Word files with native paragraphs, tables and pictures."""
