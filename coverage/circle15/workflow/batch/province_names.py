"""Names of the files that a batch writes beside the results of its studies."""

from __future__ import annotations

from typing import Final

PROVINCE: Final = "province.json"
"""All numbers of the province; moved into place last."""
PAGE: Final = "province.html"
WORKBOOK: Final = "province.xlsx"
FILES: Final = (PAGE, WORKBOOK, PROVINCE)
"""In the order in which they are moved into place."""

HOMES: Final = "homes"
"""Folder of the data set of homes, with a folder `study=NAME` for each study."""
PART: Final = "part.parquet"
"""File in each of these."""
