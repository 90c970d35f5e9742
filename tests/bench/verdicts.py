"""Whether a row of the benchmark keeps its limits."""

from __future__ import annotations


def verdict(*within: bool) -> str:
    """Return what stands at the end of the row."""
    return "ok" if all(within) else "OVER"
