"""
Compile functions with numba.

numba imports coverage.py if it finds it. At the repository root it would find the source folder
`coverage/` instead and fail on that empty package. So the name is hidden while numba is imported,
unless coverage.py is loaded already.

Compiled code is cached on disk: beside the source where that can be written, else in the user's
cache folder. A fault of the cache never stops a run; the code is compiled again.
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
    """Compile a function at its first call, without the interpreter lock and with a cache."""
    return _cached(function, numba.njit(nogil=True)(function))


def compiled_leaf(function: Callable[..., Any]) -> Callable[..., Any]:
    """
    Compile a small function that a loop calls and that makes no arrays.

    Its references to the arrays that it is given are not counted: two atomic operations for each
    array of a tuple take longer than what such a function does. numba refuses one that makes an
    array.
    """
    njit: Any = numba.njit  # whose stubs do not know `_nrt`: whether references are counted
    return _cached(function, njit(nogil=True, _nrt=False)(function))


def _cached(function: Callable[..., Any], result: Any) -> Callable[..., Any]:
    with suppress(RuntimeError, OSError):  # no folder for compiled code, or one we may not use
        result._cache = _Cache(function)
    return result  # type: ignore[no-any-return]  # numba has no types


def cache_place(function: Callable[..., Any]) -> str | None:
    """Return the cache folder of a compiled function; None where there is none."""
    place: str | None = getattr(function, "_cache").cache_path  # noqa: B009 - numba's own name
    return place


class _CheckedFile(IndexDataCacheFile):
    """Compiled code on disk, each file with its hash: running damaged code ends the process."""

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
    """A cache whose faults only cause the code to be compiled again."""

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
    """Return the content without its leading hash; None if it does not match the hash."""
    digest, rest = content[:_DIGEST], content[_DIGEST:]
    return rest if hashlib.sha256(rest).digest() == digest else None
