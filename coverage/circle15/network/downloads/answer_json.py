"""Read the JSON of an answer item by item, so that no answer fills the memory."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from circle15.network.downloads.answer_faults import TryAgainError, not_readable, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn, TextIO

_PIECE: Final = 1 << 18
_MOST_KEYS: Final = 100  # of the outermost object; Overpass sends five
_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_BEGIN_VALUES: Final = '{["-0123456789'


def read_list(text: TextIO, longest: int) -> Iterator[Any]:
    """
    Yield the values of a JSON array.

    Parameters
    ----------
    text
        A file opened as UTF-8.
    longest
        Characters of one value.

    Raises
    ------
    TryAgainError
        If the text is no JSON or ends before the array does.
    UnusableError
        If it is other JSON, has a key twice, NaN, or a value that is too long or too deep.
    """
    source = _Source(text, longest)
    yield from _items(source)
    source.end()


def read_object(text: TextIO, longest: int, listed: str) -> Iterator[tuple[str, Any]]:
    """
    Yield the keys and values of a JSON object, with each value in the array `listed` by itself.

    Parameters and errors are those of `read_list`.
    """
    source = _Source(text, longest)
    source.take("{")
    keys: set[str] = set()
    more = not source.skip("}")
    while more:
        key = source.value()
        if not isinstance(key, str) or key in keys or len(keys) == _MOST_KEYS:
            raise not_readable(f"key {shown(key)} of {len(keys)}")
        keys.add(key)
        source.take(":")
        if key == listed:
            for item in _items(source):
                yield key, item
        else:
            yield key, source.value()
        more = not source.skip("}")
        if more:
            source.take(",")
    source.end()


def _items(source: _Source) -> Iterator[Any]:
    source.take("[")
    more = not source.skip("]")
    while more:
        yield source.value()
        more = not source.skip("]")
        if more:
            source.take(",")


class _Source:
    """A text of which only the part that is being read is in memory."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self._file = text
        self._longest = longest
        self._text = ""
        self._at = 0

    def take(self, sign: str) -> None:
        """Step over a sign that must come next."""
        found = self._next()
        if found != sign and found and found in _BEGIN_VALUES:
            raise not_readable(f"{found} where {sign} belongs")
        if found != sign:
            raise _broken()
        self._at += 1

    def skip(self, sign: str) -> bool:
        """Step over a sign if it comes next."""
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def end(self) -> None:
        """Require that nothing follows."""
        if self._next():
            raise _broken()

    def value(self) -> Any:
        """Step over a whole value and return it."""
        if not self._next():
            raise _broken()
        all_read = False
        while True:
            found, chars = self._decoded()
            seen = len(self._text) - self._at
            if (seen if chars is None else chars) > self._longest:
                raise not_readable(f"an item of over {self._longest:,} characters")
            # what ends with the text, as a number may, could go on
            if chars is not None and (all_read or chars < seen):
                self._at += chars
                return found
            if all_read:
                raise _broken()
            all_read = not self._more()

    def _decoded(self) -> tuple[Any, int | None]:
        """Decode the value that comes next; its length is None where the text breaks off in it."""
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError:
            return None, None
        except RecursionError:
            raise not_readable("brackets are nested too deep") from None
        except ValueError:  # Python reads no more digits
            raise not_readable("a number of thousands of digits") from None
        return value, end - self._at

    def _next(self) -> str:
        """Return the sign that comes next, after blanks; '' at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = self._at if blanks is None else blanks.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on; each time as much again as is still needed, so that it stays linear."""
        rest = self._text[self._at :]
        try:
            piece = self._file.read(max(_PIECE, len(rest)))
        except UnicodeDecodeError:
            raise not_readable("it is not in UTF-8") from None
        self._text, self._at = rest + piece, 0
        return bool(piece)


def _broken() -> TryAgainError:
    return TryAgainError("the answer is cut off or no JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise not_readable("a key is there twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise not_readable(f"{name} is no number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_doubles, parse_constant=_refuse_constant
)
