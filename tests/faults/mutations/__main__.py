"""
Try one input again: `python -m tests.faults.mutations READER SEED [FOLDER]`.

With a folder its files are left there, to be looked at.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faults.mutations.readers import input_of
from tests.faults.mutations.trial import shut_off, tried, written


def main() -> None:
    reader, seed = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) > 3:
        print(written(input_of(reader, seed), Path(sys.argv[3])))
    shut_off()
    with tempfile.TemporaryDirectory() as folder:
        outcome = tried(reader, seed, Path(folder) / "study")
    print(outcome)
    print(f"exit {outcome.code}, {outcome.bytes / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
