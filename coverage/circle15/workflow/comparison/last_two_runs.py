"""The last two runs of a study, as its results folder keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from circle15.errors import InputDataError, MissingFileError
from circle15.study.names import readable_name
from circle15.study.settings.reading import load_study
from circle15.workflow.folders.result_names import RECORD
from circle15.workflow.reruns.history import earlier_runs, is_unaltered

_AGAIN: Final = "Give the folders of two results."


def last_two(path: Path) -> tuple[Path, Path]:
    """
    Return the folders of the last run but one and of the last one.

    Parameters
    ----------
    path
        A results folder, or a `study.toml` whose results are in `maps/` of the current folder.

    Raises
    ------
    MissingFileError
        If there are no results, or no earlier run is kept.
    InputDataError
        If the results of one have been altered.
    """
    readable_name(path)
    folder = path if path.is_dir() else Path("maps") / load_study(path).name
    if not (folder / RECORD).is_file():
        raise MissingFileError(
            f"is not a results folder: it has no {RECORD}.",
            file=folder,
            mend="Run the study, or give the folder that `circle15 run STUDY --out DIR` wrote.",
        )
    kept = earlier_runs(folder)
    if not kept:
        raise MissingFileError(
            "keeps no earlier run to compare with.",
            file=folder,
            mend=f"One is kept when a run replaces results of other numbers. {_AGAIN}",
        )
    before = kept[0].folder
    for one in (before, folder):
        if not is_unaltered(one):
            raise InputDataError(
                "has been altered since its run.",
                file=one,
                mend=f"Run the study again if it is the last run. {_AGAIN}",
            )
    return before, folder
