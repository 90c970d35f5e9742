"""Write a page to a file named by the user: completely, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from circle15.errors import OutsideError, clause
from circle15.study.names import readable_name, require_plain_file

if TYPE_CHECKING:
    from pathlib import Path


def write_page(path: Path, text: str) -> None:
    """
    Write text as UTF-8 with newline line ends; an existing file is replaced once all is written.

    Raises
    ------
    InputDataError
        If the path is a pipe or a socket without a reader, or the address of a server.
    OutsideError
        If it cannot be written; an existing file stays unchanged.
    """
    content = text.encode()
    readable_name(path)
    try:
        file = path.resolve()  # a link stays a link
        if file.is_symlink():  # a loop of links, which newer Python does not resolve
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))  # noqa: TRY301
        if path.exists() and not path.is_file() and not path.is_dir():
            _into_stream(path, content)  # the target of /dev/stdout has no name of its own
        else:
            _replace(file, content)
    except (OSError, RuntimeError) as error:  # also a loop of links
        said = (error.strerror if isinstance(error, OSError) else None) or error
        raise OutsideError(f"{path} cannot be written ({clause(said)}).") from error


def remove_page(path: Path, *, ending: str) -> None:
    """
    Remove a file that an earlier command wrote, if there is one and its first line ends so.

    Raises
    ------
    OutsideError
        If it cannot be read or removed.
    """
    try:
        if not path.is_file():
            return
        with path.open("rb") as file:
            ours = file.readline().rstrip(b"\r\n").endswith(ending.encode())
        if ours:
            path.unlink()
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be removed ({clause(error.strerror or error)})."
        ) from error


def _into_stream(file: Path, content: bytes) -> None:
    """Write into a device, such as standard output, or a pipe with a reader."""
    try:
        stream = os.open(file, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        require_plain_file(file)  # opening it would wait for a reader
        raise
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(stream, True)
    with os.fdopen(stream, "wb") as opened:
        opened.write(content)


def _replace(file: Path, content: bytes) -> None:
    draft = file.with_name(f".circle15-{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        if file.exists():
            draft.chmod(file.stat().st_mode & 0o7777)
        draft.replace(file)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
