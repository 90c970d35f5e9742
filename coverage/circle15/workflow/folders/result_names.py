"""Names of the files that a run writes."""

from __future__ import annotations

from typing import Final

RECORD: Final = "run.json"
"""Clock, host, and the hashes of what went into a run and came out of it."""

SUMMARY: Final = "summary.json"
"""All numbers."""

FILES: Final = (
    "map.html",
    "report.html",
    "report.xlsx",
    "report.docx",
    SUMMARY,
    "coverage.parquet",
    "accessibility.parquet",
    "issues.csv",
    "results.gpkg",
    RECORD,
)
"""Files that a run writes, in the order in which they are listed."""

ONLINE_MAP: Final = "map_online.html"
"""File that a run also writes if a tile service is requested."""

GEODATABASE: Final = "results.gdb.zip"
DRAWING: Final = "results.dxf"
"""Files that a run also writes if the study asks for them."""

OPTIONAL: Final = (ONLINE_MAP, GEODATABASE, DRAWING)
"""Files that some runs write; an earlier one that is not written again is removed."""

LOG: Final = "run.log"
"""What a run read and found, and how long it took, for people; no result, as it has a clock."""

NAMES: Final = (*OPTIONAL, *FILES[:-1], LOG, RECORD)
"""All files in the order in which they are moved into place; `run.json`, which lists them, last."""
