"""Tables in a Word file: repeated heads, unbroken rows, columns sized to their text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.output.document.model import Row, WideRow
from circle15.output.document.texts import Badge, Look, Span
from circle15.output.document.word.text import (
    LINE_BREAK,
    PLAIN,
    SOFT,
    RunLook,
    lines_of,
    parts_of,
    run,
    runs,
)
from circle15.output.document.word.widths import PADDING, UNIT, Measured, column_widths, width
from circle15.output.text.numbers import NOTHING, area, numbers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from circle15.output.document.model import Cell, Kind, Line, Table
    from circle15.output.document.texts import Text

TABLE_STYLE: Final = "Circle15Table"
ROWS_STYLE: Final = "Circle15Rows"
PLAIN_STYLE: Final = "Circle15Plain"
CELL_STYLES: Final = {"n": "TableNumber", "c": "TableCentred", "k": "TableKey"}
TEXT_STYLE: Final = "TableText"

MOST_ROWS: Final = 60
"""Most rows of a table in a Word file if a worksheet of `report.xlsx` has all of them."""

_SHORT, _FEW = 18, 4
"""Definitions are set in two columns if values are at most this wide and terms more than this."""

_TINTS: Final = {"rule": "F3F6F9"}
_KEPT: Final = frozenset({"rule", "summary", "noted"})
"""Roles of rows that must stay on the page of the row below them."""

_HASH_SIZE: Final = 13
"""Font size of a hash in half points, so that its 64 characters fit on one line."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as drawn; with some roles it is one cell across the whole width."""

    cells: Sequence[Text]
    role: str | None = None
    is_sum: bool = False

    @property
    def wide(self) -> bool:
        return self.role not in {None, "noted"}


def table(table: Table, page: int, *, more: Callable[[int, str], str]) -> str:
    """
    Render a table.

    Parameters
    ----------
    page
        Width of the text area, twentieths of a point.
    more
        Makes the text of the row that replaces omitted rows, from their number and the worksheet
        that has them. A row of sums is always shown.
    """
    lines = [line for row in table.rows for line in _lines(row)]
    if table.summed and lines:
        lines[-1] = _Line(lines[-1].cells, lines[-1].role, is_sum=True)
    rest = 0
    if table.sheet is not None and len(lines) > MOST_ROWS:
        shown = [*lines[:MOST_ROWS], *(lines[-1:] if table.summed else [])]
        rest, lines = len(lines) - len(shown), shown
    kinds = [kind for _, kind in table.columns]
    widths = column_widths(
        [[heading for heading, _ in table.columns]],
        [_measured(line, kinds) for line in lines],
        page,
        fill=not table.narrow,
    )
    rows = [_head(table, widths), *(_row(line, kinds, widths) for line in lines)]
    if rest:
        text = _paragraph(run(more(rest, table.sheet or ""), RunLook(colour=SOFT)), TEXT_STYLE)
        rows.append(f"<w:tr>{_cell(text, sum(widths), span=len(widths))}</w:tr>")
    return assembled(rows, widths, TABLE_STYLE, head=True, summed=table.summed)


def _lines(row: Line) -> Iterator[_Line]:
    match row:
        case WideRow():
            yield _Line([row.text], row.role)
        case Row():
            yield _Line(_texts(row.cells), "noted")
            yield _Line([row.note], "notes")
        case _:
            yield _Line(_texts(row))


def _texts(cells: Sequence[Cell]) -> list[Text]:
    """Format the values of a row; numbers that differ are printed differently."""
    beside = numbers_of(cells)
    found: list[Text] = []
    for cell in cells:
        match cell:
            case None:
                found.append(NOTHING)
            case Decimal() | Fraction():
                found.append(area(cell, apart_from=beside))
            case _:
                found.append(cell)
    return found


def _measured(line: _Line, kinds: Sequence[Kind]) -> list[Measured]:
    if line.wide:
        return []
    return [
        Measured(
            lines_of(text, remarks_below=True),
            whole=kind == "n" or _is_hash(text, kind),
            bold=line.is_sum or _has_badge(text),
        )
        for text, kind in zip(line.cells, kinds, strict=True)
    ]


def _has_badge(text: Text) -> bool:
    """Whether a text holds a badge, which is bold."""
    parts = text if isinstance(text, tuple) else (text,)
    return any(isinstance(part, Badge) for part in parts)


def _is_hash(text: Text, kind: Kind) -> bool:
    return kind == "k" and isinstance(text, Span) and text.look == Look.CODE


def _head(table: Table, widths: Sequence[int]) -> str:
    cells = [
        _cell(_paragraph(run(heading, RunLook(bold=True)), CELL_STYLES.get(kind, TEXT_STYLE)), wide)
        for (heading, kind), wide in zip(table.columns, widths, strict=True)
    ]
    return tr(cells, head=True)


def _row(line: _Line, kinds: Sequence[Kind], widths: Sequence[int]) -> str:
    kept = line.role in _KEPT
    if line.wide:
        look = RunLook(colour=SOFT) if line.role in {"more", "notes"} else PLAIN
        written = _paragraph(runs(line.cells[0], look), TEXT_STYLE, kept=kept)
        tint = _TINTS.get(line.role or "")
        return tr([_cell(written, sum(widths), span=len(widths), tint=tint)])
    cells = []
    for text, kind, wide in zip(line.cells, kinds, widths, strict=True):
        look = RunLook(bold=line.is_sum, size=_HASH_SIZE if _is_hash(text, kind) else None)
        styled = CELL_STYLES.get(kind, TEXT_STYLE)
        cells.append(_cell(_paragraph(_with_remark_below(text, look), styled, kept=kept), wide))
    return tr(cells)


def _with_remark_below(text: Text, look: RunLook) -> str:
    """Put a remark on a separate line below the value."""
    parts = parts_of(text)
    at = next(
        (k for k, p in enumerate(parts) if isinstance(p, Span) and p.look == Look.REMARK), None
    )
    if not at:
        return runs(text, look)
    return runs(tuple(parts[:at]), look) + LINE_BREAK + runs(tuple(parts[at:]), look)


def assembled(
    rows: Sequence[str], widths: Sequence[int], name: str, *, head: bool, summed: bool = False
) -> str:
    """Assemble rows into a table; `head` and `summed` mark the first and the last row."""
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    bits = 0x0600 + 0x20 * head + 0x40 * summed
    look = f'w:val="{bits:04X}" w:firstRow="{int(head)}" w:lastRow="{int(summed)}"'
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{name}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {look} w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}'
        "</w:tbl>"
    )


def pairs(rows: Sequence[tuple[Text, Text]], page: int) -> str:
    """Render terms and values: a row each, or two per row if all values are short."""
    texts = [["".join(lines_of(part, remarks_below=False)) for part in row] for row in rows]
    longest = [max((width(row[k]) for row in texts), default=0) for k in (0, 1)]
    abreast = 2 if longest[1] <= _SHORT and len(rows) > _FEW else 1
    room = page // abreast
    left = min(max(longest[0] * UNIT + PADDING, room // 6), room * (2 if abreast > 1 else 1) // 3)
    widths = [left, room - left] * abreast
    half = -(-len(rows) // abreast)
    written = [
        tr(
            [one for k in range(n, len(rows), half) for one in _pair(*rows[k], widths)]
            + [
                cell([_paragraph("", TEXT_STYLE)], wide)
                for wide in widths * (n + half * (abreast - 1) >= len(rows))
            ]
        )
        for n in range(half)
    ]
    return assembled(written, widths, ROWS_STYLE, head=False)


def _pair(term: Text, value: Text, widths: Sequence[int]) -> list[str]:
    looks = (RunLook(bold=True), PLAIN)
    return [
        cell([_paragraph(runs(part, look), TEXT_STYLE)], wide)
        for part, look, wide in zip((term, value), looks, widths, strict=False)
    ]


def style(name: str, *, kept: bool = False, new_page: bool = False) -> str:
    """Return paragraph properties; `kept` keeps the paragraph on the page of the next one."""
    marks = "<w:keepNext/>" * kept + "<w:pageBreakBefore/>" * new_page
    return f'<w:pPr><w:pStyle w:val="{name}"/>{marks}</w:pPr>'


def _paragraph(written: str, named: str, *, kept: bool = False) -> str:
    return f"<w:p>{style(named, kept=kept)}{written}</w:p>"


def tr(cells: Sequence[str], *, head: bool = False) -> str:
    """Return a row that does not break across pages; a head is repeated on every page."""
    marks = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def cell(paragraphs: Sequence[str], wide: int, *, more: str = "") -> str:
    """Return a cell of rendered paragraphs; `more` are further cell properties."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{more}</w:tcPr>'
        f"{''.join(paragraphs)}</w:tc>"
    )


def _cell(text: str, wide: int, *, span: int = 1, tint: str | None = None) -> str:
    more = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if tint:
        more += f'<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>'
    return cell([text], wide, more=more)
