"""Column widths of Word tables; the automatic widths of word processors are poor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT: Final = 94
"""Width of a half-width character in a table, twentieths of a point; allows for wide % signs."""

PADDING: Final = 140
_LEAST: Final = 3
_LONGEST_WORD: Final = 18
_CHINESE_WORD: Final = 10
_LONGEST_TEXT: Final = 90
_LONGEST_HEAD: Final = 14


@dataclass(frozen=True, slots=True)
class Measured:
    """The lines of a table value; `whole` keeps the first one unbroken."""

    lines: Sequence[str]
    whole: bool = False
    bold: bool = False


def column_widths(
    heads: Sequence[Sequence[str]],
    body: Sequence[Sequence[Measured]],
    page: int,
    *,
    fill: bool = True,
) -> list[int]:
    """
    Return column widths, twentieths of a point: longest words and numbers stay on one line.

    Two thirds of the remaining width go to the columns that need least, the rest to long texts in
    proportion. Rows with fewer values than the table has columns are ignored.

    Parameters
    ----------
    heads
        Rows of column headings.
    body
        Rows of values.
    page
        Width of the text area, twentieths of a point.
    fill
        Whether a table that needs less is widened to the whole width.
    """
    columns = max(len(row) for row in (*heads, *body))
    least, most, above = ([_LEAST] * columns for _ in range(3))
    for row in heads:
        for k, text in enumerate(row):
            least[k] = max(least[k], _bold(_longest_word(text)))
            above[k] = max(above[k], least[k], min(width(text), _LONGEST_HEAD))
    for cells in body:
        if len(cells) != columns:
            continue
        for k, one in enumerate(cells):
            word = max(map(_longest_word, one.lines))
            line = width(one.lines[0]) if one.whole else 0
            if one.bold:
                word, line = _bold(word), _bold(line)
            least[k] = max(least[k], word, line)
            most[k] = max(most[k], word, min(max(map(width, one.lines)), _LONGEST_TEXT))
    roomy = [max(pair) for pair in zip(most, above, strict=True)]
    if sum(roomy) * UNIT + columns * PADDING <= page:  # heads on one line
        return _divided(least, roomy, page, fill=fill)
    return _divided(least, [max(pair) for pair in zip(most, least, strict=True)], page, fill=fill)


def _divided(least: Sequence[int], most: Sequence[int], page: int, *, fill: bool) -> list[int]:
    taken = [n * UNIT + PADDING for n in least]
    wanted = [n * UNIT + PADDING for n in most]
    if sum(wanted) <= page:
        spare = page - sum(wanted) if fill else 0
        return [w + spare * w // sum(wanted) for w in wanted]
    if sum(taken) >= page:
        return [t * page // sum(taken) for t in taken]
    taken = _served(taken, wanted, 2 * (page - sum(taken)) // 3)
    lacking = [w - t for w, t in zip(wanted, taken, strict=True)]
    rest = page - sum(taken)
    return [t + rest * n // sum(lacking) for t, n in zip(taken, lacking, strict=True)]


def _served(taken: list[int], wanted: list[int], spare: int) -> list[int]:
    """Widen columns towards their wanted widths, those that need least first."""
    given = list(taken)
    order = sorted(range(len(taken)), key=lambda k: wanted[k] - taken[k])
    for n, k in enumerate(order):
        part = min(wanted[k] - taken[k], spare // (len(order) - n))
        given[k] += part
        spare -= part
    return given


def _bold(characters: int) -> int:
    """Widen for bold type, enough for the widest substitute font."""
    return characters + 1 + characters // 6 if characters else 0


def _longest_word(text: str) -> int:
    """Width of the longest word; Chinese text may break, but not into single characters."""
    return max(map(_word, text.split()), default=0)


def _word(word: str) -> int:
    wide = width(word)
    if word[1:].isascii():  # a shape may stand before a verdict
        return min(wide + (not word.isascii()), _LONGEST_WORD)
    return -(-wide // -(-wide // _CHINESE_WORD)) + 1 if wide > _CHINESE_WORD else wide


def width(text: str) -> int:
    """Approximate width of a text in half-width characters; East Asian characters count two."""
    if text.isascii():
        return len(text)
    return len(text) + (len(text.encode("utf-8", "replace")) - len(text)) // 2
