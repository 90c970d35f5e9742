"""The command line as a program: the command `circle15`, and `python -m circle15`."""

from __future__ import annotations

import os
import sys

from circle15.cli import main


def start() -> None:
    """
    Run the command line as a program of its own.

    It leaves without taking apart every object in memory, which after a run takes half a second
    and does nothing that the system does not do at once.
    """
    try:
        main()
        code: str | int = 0
    except SystemExit as end:
        code = end.code or 0
    if not isinstance(code, int):
        sys.exit(code)
    os._exit(code)  # what was printed has been flushed


if __name__ == "__main__":
    start()
