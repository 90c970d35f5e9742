"""JSON that is short enough to read, and whose differences show which rows have changed."""

from __future__ import annotations

import json
from typing import Any


def to_json(content: Any) -> str:
    """
    Write JSON with sorted-as-given keys, Chinese as it is, and a final line end; no NaN.

    Every key of the content, and every row of a list below one, has a line of its own: short
    enough to read, and a comparison of two files shows which rows have changed.

    Examples
    --------
    >>> rows = [{"id": "a", "n": 1}, {"id": "b"}]
    >>> print(to_json({"schema": 1, "rows": rows, "none": []}), end="")
    {
     "schema": 1,
     "rows": [
      {"id": "a", "n": 1},
      {"id": "b"}
     ],
     "none": []
    }
    """
    return _lines(content, 2, 0) + "\n"


def _lines(value: Any, levels: int, indent: int) -> str:
    """Write a value, its parts a line each down to some levels."""
    if not levels or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    start = "\n" + " " * (indent + 1)
    if isinstance(value, dict):
        parts = (
            f"{json.dumps(key, ensure_ascii=False)}: {_lines(part, levels - 1, indent + 1)}"
            for key, part in value.items()
        )
    else:
        parts = (_lines(part, levels - 1, indent + 1) for part in value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{start}{f',{start}'.join(parts)}\n{' ' * indent}{closing}"
