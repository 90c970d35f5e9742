"""Put results in place as a whole: a run that fails leaves the earlier results untouched."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.errors import InputDataError, OutsideError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def repair(target: Path) -> None:
    """
    Finish or undo a swap that was cut off.

    The old results come back if the new ones had not taken their place; leftovers go.
    """
    old = _old(target)
    if old.exists():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)
    for left in target.parent.glob(f".{target.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)


def require_folder(target: Path) -> Path:
    """
    Refuse a target that is no folder of its own, before a run has cost time.

    Returns
    -------
    The folder itself where the target is a link to it.

    Raises
    ------
    InputDataError
        If the target is a file, or the working folder or one above it: what is swapped is gone
        for a moment, and whoever stands in it is left nowhere.
    """
    folder = target.resolve()
    if folder.exists() and not folder.is_dir():
        raise InputDataError("is a file.", file=target, mend="Give a folder with --out.")
    if Path.cwd().is_relative_to(folder):
        raise InputDataError(
            "is the working folder or above it.",
            file=target,
            mend="Give a folder of its own with --out.",
        )
    return folder


@contextmanager
def replaced(target: Path, names: Collection[str]) -> Iterator[Path]:
    """
    Give a folder to write new results into, and swap it for the target at the end.

    Whatever else is in the target is carried over. If the body raises, the target stays as it
    was.

    Parameters
    ----------
    names
        Files that the caller writes: an earlier one is replaced, or goes if it is not written.

    Raises
    ------
    InputDataError
        If the target is a file, or the working folder or one above it.
    OutsideError
        If the disk refuses: no room, no right, or a result is open in another program.
    """
    target = require_folder(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        repair(target)
        new = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    except OSError as error:
        raise OutsideError(f"{target} cannot be written ({error.strerror or error}).") from error
    try:
        yield new
        _swap(new, target, names)
    except OSError as error:
        raise OutsideError(
            f"{target} cannot be written ({_said(error)}). Close programs "
            "that have its files open; the earlier results are untouched."
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _swap(new: Path, target: Path, names: Collection[str]) -> None:
    new.chmod(0o755)
    if not target.exists():
        new.rename(target)
        return
    for entry in target.iterdir():
        if entry.name in names:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:  # a link stays a link, wherever it leads
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)
    old = _old(target)
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def _old(target: Path) -> Path:
    """Where the earlier results wait during a swap; a name that nobody gives to a copy."""
    return target.with_name(f".{target.name}.old")


def _said(error: OSError) -> str:
    return f"{error.strerror}: {error.filename}" if error.strerror else str(error)
