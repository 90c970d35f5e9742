"""The partitions of a data set: each file is replaced as a whole, those of others are removed."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError, OutsideError, clause
from circle15.workflow.batch.province_names import PART

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_OF_STUDY: Final = "study="


@contextmanager
def place_part(folder: Path, name: str) -> Iterator[Path]:
    """
    Yield a file to write, and move it into place at the end; readers of data sets skip its name.

    Raises
    ------
    OutsideError
        If the folder or the file cannot be written; an earlier file stays unchanged.
    """
    draft = folder / f".circle15-{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(".circle15-*"):  # by a batch that was killed
            left.unlink()
        yield draft
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        draft.replace(folder / name)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def remove_other_parts(folder: Path, studies: Collection[str]) -> None:
    """
    Remove the partitions of studies that are no longer in a batch, and nothing else.

    Raises
    ------
    OutsideError
        If one cannot be removed.
    """
    wanted = {f"{_OF_STUDY}{name}" for name in studies}
    try:
        for one in sorted(folder.glob(f"{_OF_STUDY}*")):
            if one.name in wanted or not one.is_dir() or one.is_symlink():
                continue
            (one / PART).unlink(missing_ok=True)
            with suppress(OSError):  # files of others stay
                one.rmdir()
    except OSError as error:
        raise _unwritable(folder, error) from error


def require_own_folder(folder: Path, *, ours: bool) -> None:
    """
    Refuse a folder for the data set that holds something else.

    Parameters
    ----------
    ours
        Whether a batch wrote beside it before.

    Raises
    ------
    InputDataError
        If it is a file, or was not written by a batch.
    """
    if not os.path.lexists(folder):
        return
    if folder.is_dir() and (ours or not any(folder.iterdir())):
        return
    raise InputDataError(
        "was not written by an earlier batch, and the data set of homes has that name.",
        file=folder,
        mend="Move or rename it, or choose another folder with --out.",
    )


def _unwritable(folder: Path, error: OSError) -> OutsideError:
    return OutsideError(f"{folder} cannot be written ({clause(error.strerror or error)}).")
