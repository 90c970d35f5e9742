"""Write `coverage.parquet`: walking time and state of every demand point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.records import StudyResult


_COMPRESSION: Final = "zstd"
_GROUP_ROWS: Final = 1 << 20
"""Rows that are written, and kept in memory, at a time."""


def write_coverage(result: StudyResult, path: Path) -> None:
    """Write the coverage table, a row group at a time."""
    parts = map(_plain, result.coverage_blocks())
    first = next(parts, None)
    if first is None:
        write_table(pd.DataFrame(), path)
        return
    with pq.ParquetWriter(path, first.schema, compression=_COMPRESSION) as writer:
        waiting = first
        for part in parts:
            waiting = pa.concat_tables([waiting, part])
            while len(waiting) > _GROUP_ROWS:
                writer.write_table(waiting.slice(0, _GROUP_ROWS))
                waiting = waiting.slice(_GROUP_ROWS)
        writer.write_table(waiting)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; categorical columns are written as plain strings."""
    pq.write_table(_plain(frame), path, compression=_COMPRESSION)


def _plain(frame: pd.DataFrame) -> pa.Table:
    """Return a table of plain columns, its words as strings."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            column = table.column(place).cast(pa.string())
            table = table.set_column(place, field.name, column)
    # The pandas metadata would contain the pandas version and the categories.
    return table.replace_schema_metadata(None)
