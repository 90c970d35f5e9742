"""What reading a table in parquet takes grows with its size, however many rows a group has."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 200_000
PROGRAM = """
import sys
from pathlib import Path
import pyarrow as pa
from circle15.inputs.formats.parquet import read_parquet

table = read_parquet(Path(sys.argv[1]))
print(len(table.rows), pa.default_memory_pool().max_memory())
"""


@pytest.mark.parametrize("kind", ["shapes", "names"])
def test_distinct_cells_are_held_a_few_times(tmp_path: Path, kind: str) -> None:
    """The reader repeats in each batch what it has met before; once 75 batches took 1.5 GB."""
    ends = np.random.default_rng(1).random((ROWS, 2, 2))
    cells = pa.array(shapely.to_wkb(shapely.linestrings(ends)), pa.binary())
    if kind == "names":
        cells = pa.array([f"a name of some length, number {k}" for k in range(ROWS)])
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"cell": cells}), path, row_group_size=ROWS)
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True
    )
    rows, most = map(int, ended.stdout.split())
    assert rows == ROWS
    assert most < 6 * cells.nbytes
