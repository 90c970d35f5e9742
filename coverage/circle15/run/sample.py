"""The bundled sample district: where it lies, and copies of it to start from."""

from __future__ import annotations

import shutil
from pathlib import Path

from circle15.errors import InputDataError, OutsideError

_LEFT_OUT = shutil.ignore_patterns("*.py", "__pycache__")


def sample_folder() -> Path:
    """
    Find the sample: inside an installed package, or in `data/sample` of the repository.

    Raises
    ------
    OutsideError
        If the installation has lost it.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "sample", package.parents[1] / "data" / "sample"):
        if (folder / "study.toml").is_file():
            return folder
    raise OutsideError("the sample district is missing: install circle15 again.")


def start_study(folder: Path) -> Path:
    """
    Copy the sample into a new folder, as a study to change file by file.

    Returns
    -------
    Path of the new `study.toml`.

    Raises
    ------
    InputDataError
        If the folder exists and is not empty: nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputDataError("exists and is not empty.", file=folder, mend="Name a new folder.")
    try:
        shutil.copytree(sample_folder(), folder, dirs_exist_ok=True, ignore=_LEFT_OUT)
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written ({error.strerror}).") from error
    return folder / "study.toml"
