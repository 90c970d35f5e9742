"""Layers of files that hold several: `{ file = …, sheet = … }` where a study names a file."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

GEODATABASE: Final = ".gdb"
"""Suffix of the folders that are one file to whoever made them."""
_SHEET: Final = "_sheet"


def with_sheets(raw: dict[str, Any], kind: type[Any]) -> dict[str, Any]:
    """
    Write a file that is named with its layer as the two keys of its record.

    Parameters
    ----------
    kind
        A record of settings; a key `x` of it may have a layer where it also has `x_sheet`, and
        `file` where it has `sheet`.

    Examples
    --------
    >>> from circle15.study.settings.records import NetworkSource
    >>> with_sheets({"barriers": {"file": "b.gdb", "sheet": "walls"}}, NetworkSource)
    {'barriers': 'b.gdb', 'barriers_sheet': 'walls'}
    """
    names = {f.name for f in fields(kind)}
    found: dict[str, Any] = {}
    for key, value in raw.items():
        sheet = key + _SHEET if key + _SHEET in names else "sheet"
        if isinstance(value, dict) and set(value) == {"file", "sheet"} and sheet in names:
            found |= {key: value["file"], sheet: value["sheet"]}
        else:
            found[key] = value
    return found


def sheet_alone(raw: dict[str, Any]) -> str | None:
    """Name the key of a layer whose file is not named; None where there is none."""
    layers = (key for key in raw if key.endswith(_SHEET))
    return next((key for key in layers if key.removesuffix(_SHEET) not in raw), None)
