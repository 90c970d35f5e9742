"""
The entries of the cache on disk: each a file with a hash, written aside and renamed into place.

An entry holds one line that names the form, a JSON text, arrays in the npy format and, last, the
SHA-256 of all of it. The JSON text repeats the key, so that an entry under the name of another is
found like one that was cut or altered: such entries are removed and made again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.lib import format as npy

from circle15.workflow.cache.packing import Packer, UnknownKindError, Unpacker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.workflow.cache.packing import Arrays

FORM: Final = b"circle15 cache 1\n"
"""First line of each entry, with the number of this form."""
ENDING: Final = ".stage"
MOST_BYTES: Final = 4_000_000_000
"""Together the entries are no larger; those that were not used for longest go first."""
LEFT_FREE: Final = 1_000_000_000
"""Bytes of the disk that the cache leaves free, for the results."""
_BESIDE: Final = ".writing"
"""Ending of entries that are being written."""
_ABANDONED_S: Final = 3600
"""Entries written for longer were left behind by a process that was killed."""
_ALIGNED: Final = 64
_DIGEST: Final = hashlib.sha256().digest_size
_OURS: Final = re.compile(
    r"[a-z_]+-[0-9a-f]{32}\.stage(\.[0-9a-f]{8}\.writing)?|[0-9a-f]{16}\.writing"
)
"""Names of entries, of those that are being written, and of a probe; other files are left alone."""


@dataclass(frozen=True)
class Entry:
    """An entry on disk: its stage, file, size in bytes, and when it was last used."""

    stage: str
    path: Path
    size: int
    used: float


@dataclass(frozen=True)
class Store:
    """
    A folder of entries. Faults of the disk never reach the caller: there is no entry then.

    Attributes
    ----------
    folder
        Where the entries are.
    most_bytes
        Largest size of all entries together.
    """

    folder: Path
    most_bytes: int = MOST_BYTES

    def read(self, stage: str, key: str) -> Any:
        """
        Return the value of an entry.

        Raises
        ------
        KeyError
            If there is none.
        DamagedError
            If there is one that cannot be used; it is gone now.
        """
        path = self._path(stage, key)
        try:
            content = _content(path)
        except FileNotFoundError:
            raise KeyError(key) from None
        except OSError:
            raise DamagedError(key) from None
        try:
            value = _value(content, stage, key)
        except Exception as error:  # of whatever kind: it is not what was written
            with suppress(OSError):
                path.unlink()
            raise DamagedError(key) from error
        with suppress(OSError):
            os.utime(path)
        return value

    def write(self, stage: str, key: str, value: Any) -> bool:
        """Write an entry, and remove old ones beyond the limit; return whether it is there."""
        packer = Packer()
        try:
            packed = packer.pack(value)
        except UnknownKindError:
            return False
        head = {"stage": stage, "key": key, "value": packed}
        beside = self.folder / f"{self._path(stage, key).name}.{secrets.token_hex(4)}{_BESIDE}"
        try:
            self._make_folder()
            pieces = list(_pieces(head, packer.arrays))
            size = sum(memoryview(piece).nbytes for piece in pieces)
            free = shutil.disk_usage(self.folder).free
            if size > self.most_bytes or size + LEFT_FREE > free:
                return False
            with beside.open("xb") as file:
                digest = hashlib.sha256()
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                file.write(digest.digest())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path(stage, key))
        except OSError:
            with suppress(OSError):
                beside.unlink()
            return False
        self.trim()
        return True

    def entries(self) -> list[Entry]:
        """Return all entries, the one used last first."""
        found = []
        for path in self._files():
            if path.name.endswith(ENDING):
                with suppress(OSError):
                    state = path.stat()
                    stage = path.name.partition("-")[0]
                    found.append(Entry(stage, path, state.st_size, state.st_mtime))
        return sorted(found, key=lambda one: (-one.used, one.path.name))

    def trim(self) -> None:
        """Remove the entries beyond the limit, and what killed processes left half-written."""
        total = 0
        for entry in self.entries():
            total += entry.size
            if total > self.most_bytes:
                with suppress(OSError):
                    entry.path.unlink()
        for path in self._files():
            if path.name.endswith(_BESIDE):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > _ABANDONED_S:
                        path.unlink()

    def clean(self) -> list[Entry]:
        """
        Remove all entries, and return them.

        Raises
        ------
        OSError
            If one cannot be removed.
        """
        found = self.entries()
        for path in self._files():
            if path.name.endswith((ENDING, _BESIDE)):
                path.unlink(missing_ok=True)
        with suppress(OSError):  # other files are in it
            self.folder.rmdir()
        return found

    def refusal(self) -> str | None:
        """Return why no entry can be written; None if one can."""
        try:
            self._make_folder()
            probe = self.folder / f"{secrets.token_hex(8)}{_BESIDE}"
            probe.touch(exist_ok=False)
            probe.unlink()
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            return error.strerror or str(error)
        return None if free > LEFT_FREE else f"only {free // 1_000_000:,} MB of the disk are free"

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.iterdir() if _OURS.fullmatch(path.name))
        except OSError:
            return []

    def _path(self, stage: str, key: str) -> Path:
        return self.folder / f"{stage}-{key[:32]}{ENDING}"


class DamagedError(KeyError):
    """There was an entry, but it was not what had been written."""


def _content(path: Path) -> bytearray:
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is not a file")  # a pipe would block
    with path.open("rb") as file:
        content = bytearray(os.fstat(file.fileno()).st_size)
        if file.readinto(content) != len(content):
            raise OSError("the file was cut while it was read")
        return content


def _value(content: bytearray, stage: str, key: str) -> Any:
    """Return the value of an entry, its arrays in the memory of `content`."""
    view = memoryview(content)
    if hashlib.sha256(view[:-_DIGEST]).digest() != content[-_DIGEST:]:
        raise ValueError("hash")
    start = len(FORM) + 8
    if content[: len(FORM)] != FORM:
        raise ValueError("form")
    end = start + int.from_bytes(content[len(FORM) : start])
    head = json.loads(view[start:end].tobytes())
    if (head["stage"], head["key"]) != (stage, key):
        raise ValueError("key")
    first = _aligned(end)
    arrays = [_array(view, first + place) for place in head["arrays"]]
    return Unpacker(arrays).unpack(head["value"])


def _array(view: memoryview, start: int) -> Any:
    head = io.BytesIO(view[start : start + 10_000])
    npy.read_magic(head)
    shape, by_columns, kind = npy.read_array_header_1_0(head)
    count = int(np.prod(shape, dtype=np.int64))
    flat = np.frombuffer(view, kind, count, start + head.tell()) if count else np.empty(0, kind)
    return flat.reshape(shape, order="F" if by_columns else "C")


def _pieces(head: dict[str, Any], arrays: Arrays) -> Iterator[Any]:
    """Yield the pieces of an entry without its hash."""
    heads, places, place = [], [], 0
    for array in arrays:
        written = io.BytesIO()
        npy.write_array_header_1_0(written, npy.header_data_from_array_1_0(array))
        heads.append(written.getvalue())
        places.append(place)
        place = _aligned(place + len(heads[-1]) + array.nbytes)
    text = json.dumps(head | {"arrays": places}, separators=(",", ":")).encode()
    begin = FORM + len(text).to_bytes(8) + text
    yield begin + bytes(_aligned(len(begin)) - len(begin))
    for k, array in enumerate(arrays):
        by_columns = array.flags.f_contiguous and not array.flags.c_contiguous
        yield heads[k]
        yield np.ascontiguousarray(array.T if by_columns else array).reshape(-1).view(np.uint8)
        end = places[k] + len(heads[k]) + array.nbytes
        yield bytes(_aligned(end) - end)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED
