"""Tables of the report as Word's: repeated heads, whole rows, columns as wide as their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element

from circle15.output.document.docx_text import PLAIN, SOFT, Look, classes, run, runs
from circle15.output.document.docx_widths import PADDING, UNIT, Measured, column_widths, width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TABLE_STYLE: Final = "Circle15Table"
ROWS_STYLE: Final = "Circle15Rows"
PLAIN_STYLE: Final = "Circle15Plain"
CELL_STYLES: Final = {"n": "TableNumber", "c": "TableCentred", "k": "TableKey"}
TEXT_STYLE, KEPT_STYLE = "TableText", "TableKept"

_SHORT, _FEW = 18, 4
"""Lists of more terms than these, with values no longer, stand in two columns."""

_TINTS: Final = {"rule": "F3F6F9"}
_KEPT: Final = frozenset({"rule", "summary", "noted"})
"""Rows that say something about the row below them."""

_HASH_SIZE: Final = 13
"""Half points of a hash: its 64 characters stay on one line."""


def table(
    element: Element, page: int, *, most: int | None = None,
    more: Callable[[int], str] = str,
) -> str:  # fmt: skip
    """
    Write a table.

    Parameters
    ----------
    element
        A table of `report_tables.table`.
    page
        Width of the text on a page, twentieths of a point.
    most
        Rows that are shown, without the head; None shows all. A row of sums is always shown.
    more
        What the row says that stands for those left out, by their number.
    """
    names = classes(element)
    heads = element.findall("thead/tr")
    body = element.findall("tbody/tr")
    rest = 0
    if most is not None and len(body) > most:
        shown = [*body[:most], *(body[-1:] if "summed" in names else [])]
        rest, body = len(body) - len(shown), shown
    summed = "summed" in names
    widths = column_widths(
        [["".join(one.itertext()) for one in row] for row in heads],
        [_measured(row, bold=summed and row is body[-1]) for row in body],
        page,
        fill="narrow" not in names,
    )
    rows = [_row(row, widths, names, head=True) for row in heads]
    rows += [_row(row, widths, names, sums=summed and row is body[-1]) for row in body]
    if rest:
        text = f"<w:p>{style(TEXT_STYLE)}{run(more(rest), Look(colour=SOFT))}</w:p>"
        rows.append(f"<w:tr>{_cell(text, sum(widths), span=len(widths))}</w:tr>")
    return assembled(rows, widths, TABLE_STYLE, head=bool(heads), summed=summed)


def assembled(
    rows: Sequence[str], widths: Sequence[int], name: str, *, head: bool, summed: bool = False
) -> str:
    """Put finished rows together; `head` and `summed` mark the first and the last row."""
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    bits = 0x0600 + 0x20 * head + 0x40 * summed
    look = f'w:val="{bits:04X}" w:firstRow="{int(head)}" w:lastRow="{int(summed)}"'
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{name}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {look} w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}'
        "</w:tbl>"
    )


def pairs(rows: Sequence[tuple[Element, Element]], page: int) -> str:
    """Write a list of terms and what they are: a row each, two abreast where all are short."""
    texts = [["".join(part.itertext()) for part in row] for row in rows]
    longest = [max((width(row[k]) for row in texts), default=0) for k in (0, 1)]
    abreast = 2 if longest[1] <= _SHORT and len(rows) > _FEW else 1
    room = page // abreast
    left = min(max(longest[0] * UNIT + PADDING, room // 6), room * (2 if abreast > 1 else 1) // 3)
    widths = [left, room - left] * abreast
    half = -(-len(rows) // abreast)
    written = [
        tr([one for k in range(n, len(rows), half) for one in _pair(*rows[k], widths)]
           + [cell([f"<w:p>{style(TEXT_STYLE)}</w:p>"], wide)
              for wide in widths * (n + half * (abreast - 1) >= len(rows))])
        for n in range(half)
    ]  # fmt: skip
    return assembled(written, widths, ROWS_STYLE, head=False)


def _pair(term: Element, value: Element, widths: Sequence[int]) -> list[str]:
    looks = (Look(bold=True), PLAIN)
    return [
        cell([f"<w:p>{style(TEXT_STYLE)}{''.join(runs(part, look))}</w:p>"], wide)
        for part, look, wide in zip((term, value), looks, widths, strict=False)
    ]


def style(name: str, *, kept: bool = False) -> str:
    """Give a paragraph a style; `kept` keeps it on the page of what follows."""
    return f'<w:pPr><w:pStyle w:val="{name}"/>{"<w:keepNext/>" * kept}</w:pPr>'


def tr(cells: Sequence[str], *, head: bool = False) -> str:
    """Write a row that no page break divides; a head is repeated on every page."""
    marks = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def cell(paragraphs: Sequence[str], wide: int, *, more: str = "") -> str:
    """Write a cell of finished paragraphs; `more` are further properties."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{more}</w:tcPr>'
        f"{''.join(paragraphs)}</w:tc>"
    )


def _cell(text: str, wide: int, *, span: int = 1, tint: str | None = None) -> str:
    more = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if tint:
        more += f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>'
    return cell([text], wide, more=more)


def _row(
    row: Element, widths: Sequence[int], names: Sequence[str], *, head: bool = False,
    sums: bool = False,
) -> str:  # fmt: skip
    kinds = classes(row)
    tint = next((_TINTS[kind] for kind in kinds if kind in _TINTS), None)
    kept = bool(_KEPT.intersection(kinds))
    cells, at = [], 0
    for one in row:
        span = int(one.get("colspan") or 1)
        wide = sum(widths[at : at + span])
        at += span
        named = KEPT_STYLE if kept else _style_of(one)
        look = Look(bold=True) if head or sums else _look(one, names, kinds)
        written = "".join(runs(_with_remark_below(one, wide=span > 1), look))
        cells.append(_cell(f"<w:p>{style(named)}{written}</w:p>", wide, span=span, tint=tint))
    return tr(cells, head=head)


def _style_of(element: Element) -> str:
    return next((CELL_STYLES[k] for k in classes(element) if k in CELL_STYLES), TEXT_STYLE)


def _look(element: Element, names: Sequence[str], kinds: Sequence[str]) -> Look:
    if "more" in kinds or "notes" in kinds:
        return Look(colour=SOFT)
    return Look(size=_HASH_SIZE) if "hashes" in names and "k" in classes(element) else PLAIN


def _with_remark_below(element: Element, *, wide: bool) -> Element:
    """Put a remark on a value into a line of its own."""
    at = next((k for k, part in enumerate(element) if part.tag == "small"), None)
    if at is not None and not wide:
        element.insert(at, Element("br"))
    return element


def _measured(row: Element, *, bold: bool) -> list[Measured]:
    return [Measured(_lines(one), whole="n" in classes(one), bold=bold) for one in row]


def _lines(element: Element) -> list[str]:
    """Split a cell's text where it begins a new line."""
    small = "".join("".join(one.itertext()) for one in element.findall("small"))
    whole = "".join(element.itertext())
    return [whole.removesuffix(small), small] if small else [whole]
