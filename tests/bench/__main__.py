"""Print what whole runs take: `make bench`."""

from __future__ import annotations

from tests.bench.whole_runs import measure_runs


def main() -> None:
    for measured in measure_runs():
        print(measured.line())


if __name__ == "__main__":
    main()
