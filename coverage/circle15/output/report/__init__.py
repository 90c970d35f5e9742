"""The report: its sections, as html and as a Word file."""
