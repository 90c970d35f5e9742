"""The output of `circle15 check`: terminal, HTML page and JSON."""
