"""Read the JSON of an answer item by item, so that memory use stays bounded."""

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
        Most characters that one value may have.

    Raises
    ------
    TryAgainError
        If the text is not JSON or ends before the array does.
    UnusableError
        If it is other JSON, repeats a key, has NaN, or a value that is too long or nested too deep.
    """
    source = _Source(text, longest)
    yield from _items(source)
    source.end()


def read_object(text: TextIO, longest: int, listed: str) -> Iterator[tuple[str, Any]]:
    """
    Yield the keys and values of a JSON object, and the items of the array `listed` one by one.

    Parameters
    ----------
    text
        A file opened as UTF-8.
    longest
        Most characters that one value may have.
    listed
        Key of the array whose items are yielded one by one, each with that key.

    Raises
    ------
    TryAgainError
        If the text is not JSON or ends before the object does.
    UnusableError
        If it is other JSON, repeats a key, has NaN, or a value that is too long or nested too deep.
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
    """A JSON text of which only the part being read is in memory."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self._file = text
        self._longest = longest
        self._text = ""
        self._at = 0

    def take(self, sign: str) -> None:
        """Consume a character that must come next."""
        found = self._next()
        if found != sign and found and found in _BEGIN_VALUES:
            raise not_readable(f"{found} where {sign} belongs")
        if found != sign:
            raise _broken()
        self._at += 1

    def skip(self, sign: str) -> bool:
        """Consume a character if it comes next; return whether it did."""
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def end(self) -> None:
        """Require that nothing but blanks follows."""
        if self._next():
            raise _broken()

    def value(self) -> Any:
        """Consume a whole value and return it."""
        if not self._next():
            raise _broken()
        all_read = False
        while True:
            found, chars = self._decoded()
            seen = len(self._text) - self._at
            if (seen if chars is None else chars) > self._longest:
                raise not_readable(f"an item of over {self._longest:,} characters")
            # a value that ends with the text read so far, such as a number, may continue
            if chars is not None and (all_read or chars < seen):
                self._at += chars
                return found
            if all_read:
                raise _broken()
            all_read = not self._more()

    def _decoded(self) -> tuple[Any, int | None]:
        """Decode the next value; its length is None where the text ends within it."""
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError:
            return None, None
        except RecursionError:
            raise not_readable("brackets are nested too deep") from None
        except ValueError:  # more digits than Python converts
            raise not_readable("a number of thousands of digits") from None
        return value, end - self._at

    def _next(self) -> str:
        """Return the next character after blanks; '' at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = self._at if blanks is None else blanks.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read more: each time as much as is still unread, so that the time stays linear."""
        rest = self._text[self._at :]
        try:
            piece = self._file.read(max(_PIECE, len(rest)))
        except UnicodeDecodeError:
            raise not_readable("it is not in UTF-8") from None
        self._text, self._at = rest + piece, 0
        return bool(piece)


def _broken() -> TryAgainError:
    return TryAgainError("the answer is cut off or not JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise not_readable("a key occurs twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise not_readable(f"{name} is not a number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_doubles, parse_constant=_refuse_constant
)
