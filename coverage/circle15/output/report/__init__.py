"""The report: its sections, rendered as HTML and as a Word file."""
