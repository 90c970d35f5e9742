"""Write JSON that is compact, readable, and compares line by line."""

from __future__ import annotations

import json
from typing import Any


def to_json(content: Any) -> str:
    """
    Encode JSON with keys in the given order, unescaped Chinese, and a final newline; no NaN.

    Each top-level key, and each item of a list below one, is on a separate line, so that a diff
    of two files shows which rows have changed.

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
    """Encode a value; down to `levels` levels each part is on a separate line."""
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
