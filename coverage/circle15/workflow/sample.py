"""The bundled sample district: its folder, and copies of it to start a study from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from circle15.errors import InputDataError, OutsideError
from circle15.study.names import readable_name

_NAME = re.compile(r'^name = ".*"$', re.MULTILINE)
_LEFT_OUT = shutil.ignore_patterns("*.py", "__pycache__")


def sample_folder() -> Path:
    """
    Return the folder of the sample: in the installed package, or `data/sample` of the repository.

    Raises
    ------
    OutsideError
        If the sample is missing from the installation.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "sample", package.parents[1] / "data" / "sample"):
        if (folder / "study.toml").is_file():
            return folder
    raise OutsideError("the sample district is missing: reinstall circle15.")


def start_study(folder: Path) -> Path:
    """
    Copy the sample into a new folder, as a study to be changed file by file.

    The study is named after the folder, so that its results do not replace the sample's. It stays
    marked as synthetic until that line is removed.

    Returns
    -------
    Path of the new `study.toml`.

    Raises
    ------
    InputDataError
        If the folder exists and is not empty, as nothing is overwritten, or is the address of a
        server.
    """
    readable_name(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputDataError("exists and is not empty.", file=folder, mend="Choose a new folder.")
    try:
        shutil.copytree(sample_folder(), folder, dirs_exist_ok=True, ignore=_LEFT_OUT)
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written ({error.strerror}).") from error
    study = folder / "study.toml"
    text = study.read_text("utf-8")
    name = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip(".-") or "my-study"
    study.write_text(_NAME.sub(f'name = "{name}"', text, count=1), encoding="utf-8", newline="\n")
    return study
