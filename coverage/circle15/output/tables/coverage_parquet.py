"""Write `coverage.parquet`: walking time and state of every demand point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle15.results.records import StudyResult


def write_coverage(result: StudyResult, path: Path) -> None:
    """Write the coverage table."""
    write_table(result.coverage, path)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; categorical columns are written as plain strings."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            column = table.column(place).cast(pa.string())
            table = table.set_column(place, field.name, column)
    # The pandas metadata would contain the pandas version and the categories.
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")
