"""Compare a run with the last one of its study that has other numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.results.difference.comparison import comparison_of
from circle15.results.difference.since_last_run import SinceLastRun
from circle15.workflow.comparison.results_folder import read_results

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.workflow.reruns.history import EarlierRun


def since_last_run(folder: Path, earlier: EarlierRun) -> SinceLastRun:
    """
    Return what changed since an earlier run.

    Parameters
    ----------
    folder
        Folder with the files of the new run that `compare` reads.
    earlier
        The earlier run, unaltered. If it cannot be compared, being of another version or in another
        CRS, or having nothing in common, the difference is None.
    """
    after = read_results(folder)
    try:
        change = comparison_of(read_results(earlier.folder), after)
    except InputDataError:
        return SinceLastRun(earlier.finished, None)
    return SinceLastRun(earlier.finished, change)
