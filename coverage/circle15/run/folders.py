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


def require_folder(target: Path) -> None:
    """
    Refuse a target that is no folder, before a run has cost time.

    Raises
    ------
    InputDataError
        If the target is a file.
    """
    if target.exists() and not target.is_dir():
        raise InputDataError("is a file.", file=target, mend="Give a folder with --out.")


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
        If the target is a file.
    OutsideError
        If the disk refuses: no room, no right, or a result is open in another program.
    """
    require_folder(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        repair(target)
        new = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    except OSError as error:
        raise OutsideError(f"{target} cannot be written ({error.strerror}).") from error
    try:
        yield new
        _swap(new, target, names)
    except OSError as error:
        raise OutsideError(
            f"{target} cannot be written ({error.strerror}: {error.filename}). Close programs "
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
        if entry.name not in names:
            copy = shutil.copytree if entry.is_dir() else shutil.copy2
            copy(entry, new / entry.name)
    old = _old(target)
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def _old(target: Path) -> Path:
    return target.with_name(f"{target.name}.old")
