"""
Compile functions with numba.

numba imports coverage.py if it finds it, for the sake of code that is being measured. At the
repository root the source folder `coverage/` could be taken for it, and numba would fail on that
empty package. So numba is told that there is none, unless coverage.py is at work already.

Compiled code is kept on disk where there is a place for it: beside the source, else in the user's
cache folder. It is no result, so whatever is wrong with that place stops nothing.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HIDDEN = "coverage" not in sys.modules
if _HIDDEN:
    sys.modules["coverage"] = None  # type: ignore[assignment]  # "there is no such module"
try:
    import numba
    from numba.core.caching import FunctionCache, IndexDataCacheFile
finally:
    if _HIDDEN:
        del sys.modules["coverage"]

_DIGEST: Final = hashlib.sha256().digest_size


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call; it runs without the interpreter lock and is cached."""
    result: Any = numba.njit(nogil=True)(function)
    with suppress(RuntimeError, OSError):  # no place for compiled code, or one that is not ours
        result._cache = _Cache(function)
    return result  # type: ignore[no-any-return]  # numba has no types


def cache_place(function: Callable[..., Any]) -> str | None:
    """Folder in which the code of a compiled function is kept; None where there is none."""
    place: str | None = getattr(function, "_cache").cache_path  # noqa: B009 - numba's own name
    return place


class _CheckedFile(IndexDataCacheFile):
    """Compiled code on disk, each file with its hash: damaged code would end the process."""

    def _dump(self, obj: object) -> bytes:
        content: bytes = super()._dump(obj)  # type: ignore[no-untyped-call]  # numba has no types
        return hashlib.sha256(content).digest() + content

    def _load_index(self) -> dict[Any, str]:
        try:
            with Path(self._index_path).open("rb") as file:
                version = pickle.load(file)
                content = _checked(file.read())
            if version != self._version or content is None:
                return {}
            stamp, overloads = pickle.loads(content)
        except (OSError, *_DAMAGED):
            return {}
        found: dict[Any, str] = overloads
        return found if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> object:
        content = _checked(Path(self._cache_path, name).read_bytes())
        if content is None:
            raise OSError("the compiled code is damaged")  # numba compiles it anew
        return pickle.loads(content)


class _Cache(FunctionCache):
    """A cache that can fail in any way and costs no more than compiling anew."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]  # numba has no types
        file = self._cache_file
        self._cache_file = _CheckedFile(  # type: ignore[no-untyped-call]  # numba has no types
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=file._source_stamp,
        )

    @contextmanager
    def _guard_against_spurious_io_errors(self) -> Iterator[None]:
        with suppress(OSError, *_DAMAGED):
            yield


_DAMAGED: Final = (pickle.PickleError, EOFError, ValueError, TypeError, LookupError, MemoryError)
"""What pickle raises for a file that is no longer what was written."""


def _checked(content: bytes) -> bytes | None:
    """Take the hash off what was read; None if the rest is not what was written."""
    digest, rest = content[:_DIGEST], content[_DIGEST:]
    return rest if hashlib.sha256(rest).digest() == digest else None
