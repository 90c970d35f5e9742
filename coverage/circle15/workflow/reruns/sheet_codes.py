"""Codes on sheets other than the report: of a check of residential zones, and of a comparison."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from circle15.results.summary.json_text import to_json
from circle15.workflow.folders.kept_json import read_kept
from circle15.workflow.reruns.run_record import short_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from circle15.results.difference.comparison_entries import Comparison

ZONES: Final = "zones.json"
ZONES_RECORD: Final = "zones.run.json"
"""Sealed: the inputs of a check of zones, and the hashes of its files."""
COMPARISON: Final = "compare.json"


def zones_code(numbers: bytes, inputs: Iterable[Mapping[str, Any]]) -> str:
    """
    Return the code of zone sheets.

    It is made of the numbers of all zones of the check and of name and SHA-256 of every file that
    was read, `study.toml` and the list of zones among them: whichever changes, the code does.

    Parameters
    ----------
    numbers
        Content of `zones.json`.
    inputs
        Entries with `path` and `sha256`.

    Examples
    --------
    >>> zones_code(b"[]", [{"path": "study.toml", "sha256": "ab"}])
    '4SR9-BB16'
    """
    read = [[one["path"], one["sha256"]] for one in inputs]
    return short_code(numbers + json.dumps(read, ensure_ascii=False).encode())


def comparison_code(found: Comparison | Mapping[str, Any]) -> str:
    """
    Return the code of a comparison: of all of `compare.json` but the paths of the two folders.

    The codes of the two results are in it, so that it is of these two alone.
    """
    sides = {side: {**found[side], "folder": ""} for side in ("a", "b")}
    return short_code(to_json({**found, **sides}).encode())


def comparison_in(folder: Path) -> dict[str, Any] | None:
    """Return the comparison in a folder; None if there is none or it cannot be read."""
    try:
        found = read_kept(folder / COMPARISON)
        ours = isinstance(found, dict) and all(isinstance(found.get(one), dict) for one in "ab")
        if not ours:
            return None
        comparison_code(found)
    except (OSError, ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found)
