"""Tables written for tests of their readers."""

from __future__ import annotations

ENCODING = ("ENCODING_GUESSED", None, None)
TEXT = "编号,名称,面积\nS1,一,300\n\nS2,二,\n"


def write(path, text, encoding="utf-8"):
    """Write a text; return its path."""
    path.write_bytes(text.encode(encoding))
    return path


def codes(table):
    """Code, row and column of the findings of a table."""
    return [(finding.code, finding.row, finding.column) for finding in table.findings]
