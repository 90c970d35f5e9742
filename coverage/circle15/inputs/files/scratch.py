"""A temporary folder for unpacking and sorting while an input is read."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import OutsideError, clause

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRIED: Final = bytes(100_000)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """
    Provide a temporary folder, which is removed at the end.

    Raises
    ------
    OutsideError
        If it cannot be created, or is full when the body fails, which is then the cause.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="circle15-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _cannot_be_written(error) from error
    with made as name:
        folder = Path(name)
        try:
            yield folder
        except Exception as error:
            try:
                (folder / "tried").write_bytes(_TRIED)
            except OSError as refused:
                raise _cannot_be_written(refused) from error
            raise


def _cannot_be_written(error: OSError) -> OutsideError:
    try:
        where = f", {tempfile.gettempdir()},"
    except OSError:
        where = ""
    return OutsideError(
        f"the folder for temporary files{where} cannot be written "
        f"({clause(error.strerror or error)}). "
        "Free space in it, or set another as TMPDIR."
    )
