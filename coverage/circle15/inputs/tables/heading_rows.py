"""Make a table from rows of cells: find its heading, leave out and report what is not a record."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import LEVEL, is_known, keys_of
from circle15.inputs.tables.values import clean
from circle15.study.limits import SHEET_CELLS
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Row = Sequence[Any]
    Merge = tuple[tuple[int, int], tuple[int, int]]
    Filled = list[tuple[int, Row]]

TOTAL_WORDS: Final = frozenset(
    {"合计", "合計", "小计", "小計", "总计", "總計", "共计", "共計", "总和", "累计", "累計"}
    | {"total", "subtotal", "sum", "grandtotal"}
)
_TOTAL_CELL: Final = re.compile(r".{0,10}(合计|合計|小计|小計|总计|總計|共计|共計)[::]?")
_NOTE_CELL: Final = re.compile(
    r"(注|备注|備註|说明|說明|附注|填表|填报|填報|制表|製表|审核|審核|数据来源|單位|单位|日期|时间|時間)"
    r"[^::]{0,8}[::].*"
)
_COORDINATES: Final = frozenset(
    {"lon", "lng", "longitude", "经度", "經度", "x", "x_m"}
    | {"location", "坐标", "坐標", "经纬度", "經緯度", "lonlat", "lnglat"}
)
_TITLE_LINES = 12
_HEADING_LINES = 3
_LOST: Final = re.compile(r"\ufffd|[\u2e80-\u9fff]\?\S")


def table_of_rows(
    path: Path,
    rows: Sequence[Row],
    *,
    merged: Sequence[Merge] = (),
    findings: Sequence[Finding] = (),
) -> Table:
    """
    Make a table from rows of cells.

    Parameters
    ----------
    rows
        All rows of the file, blank ones too, so that rows count as a spreadsheet shows them.
    merged
        Merged cells: first and last (row, column), from 0.
    findings
        Earlier findings.

    Raises
    ------
    InputDataError
        If there is no row, a heading occurs twice, or a row is longer than the heading.
    """
    rows, numbers_merged = _with_merged_texts(path, rows, merged)
    found = [*findings, *numbers_merged]
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(map(is_filled, row))]
    if not filled:
        raise InputDataError("is empty.", file=path, mend="Give a layer with rows.")
    above = _titles(filled)
    if above:
        detail = {"rows": str(above), "row": str(filled[above][0])}
        found.append(Finding("TITLE_ROWS", "note", path.name, filled[0][0], detail=detail))
    filled = filled[above:]
    depth = _depth(filled, merged)
    names = _flattened([row for _, row in filled[:depth]])
    _refuse_repeats(path, filled[0][0], names)
    columns, numbers, unnamed = _records(path, names, filled[depth:])
    found += unnamed
    frame = pd.DataFrame(columns, columns=list(columns), index=range(len(numbers)), dtype=object)
    return without_totals(Table(path, frame, numbers, findings=tuple(found)))


def is_filled(cell: Any) -> bool:
    """Return whether a cell holds anything but whitespace."""
    return cell is not None and (cell.__class__ is not str or cell.strip() != "")


def _texts(row: Row) -> list[str]:
    return [str(cell).strip() for cell in row if is_filled(cell)]


def _looks_like_heading(row: Row) -> bool:
    """Return whether all its cells are words; known words such as 65+ are not numbers."""
    return all(
        isinstance(cell, str)
        and (re.fullmatch(r"[\d.,%+\-\s:/]*", clean(cell) or "") is None or is_known(cell))
        for cell in row
        if is_filled(cell)
    )


def _titles(filled: Filled) -> int:
    """Count the lines above the heading: titles and notes alone in their row."""
    above = 0
    for here, (_, row) in enumerate(filled[:_TITLE_LINES]):
        words = _texts(row)
        alone = len(words) == 1 and not is_known(words[0])
        noted = all(_NOTE_CELL.fullmatch(clean(word) or "") for word in words)
        if not (alone or noted):
            break
        above = here + 1
    if above == 0 or above >= len(filled):
        return 0
    heading = filled[above][1]
    return above if len(_texts(heading)) > 1 and _looks_like_heading(heading) else 0


def _depth(filled: Filled, merged: Sequence[Merge]) -> int:
    """Count the lines of the heading, by merged cells or by words under its empty cells."""
    first = filled[0][0] - 1
    depth = 1
    for (top, left), (last, right) in merged:
        if top == first:
            depth = max(depth, last - top + 1, 2 if right > left else 1)
    depth = min(depth, _HEADING_LINES, len(filled))
    while depth < min(_HEADING_LINES, len(filled)) and _goes_on(
        filled[depth - 1][1], filled[depth][1]
    ):
        depth += 1
    return depth if all(_looks_like_heading(row) for _, row in filled[:depth]) else 1


def _goes_on(heading: Row, following: Row) -> bool:
    """Return whether a row is a second line: words, with a known one under an empty cell."""
    under_empty = [
        str(cell)
        for above, cell in zip(heading, following, strict=False)
        if is_filled(cell) and not is_filled(above)
    ]
    return _looks_like_heading(following) and any(map(is_known, under_empty))


def _flattened(lines: Sequence[Row]) -> list[str]:
    """Join the lines of a heading; an upper cell also covers the empty cells right of it."""
    width = max(len(line) for line in lines)
    joined: list[list[str]] = [[] for _ in range(width)]
    for depth, line in enumerate(lines):
        upper = ""
        for column in range(width):
            cell = line[column] if column < len(line) else None
            word = " ".join(str(cell).split()) if is_filled(cell) else ""
            below = any(
                column < len(later) and is_filled(later[column]) for later in lines[depth + 1 :]
            )
            upper = word or (upper if below else "")
            if upper and upper not in joined[column][-1:]:
                joined[column].append(upper)
    return [LEVEL.join(words) for words in joined]


def _refuse_repeats(path: Path, row: int, names: list[str]) -> None:
    twice = sorted(name for name, number in Counter(names).items() if name and number > 1)
    faults = Faults(path)
    for name in twice:
        faults.add("the heading occurs twice", row=row, column=name, mend="Rename one of them.")
    faults.stop()


def _records(
    path: Path, names: list[str], filled: Filled
) -> tuple[dict[str, list[Any]], list[int], list[Finding]]:
    """Cells by heading, the number of each row, and the columns without a heading."""
    width = len(names)
    faults, mend = Faults(path), "Quote cells that contain the separator."
    for number, row in filled:
        if len(row) > width and any(map(is_filled, row[width:])):
            faults.add(f"has {len(row)} cells under {width} headings", row=number, mend=mend)
    faults.stop()
    rows = (row for _, row in filled)
    padded = (list(islice(chain(row, repeat(None)), width)) for row in rows)
    cells = [
        [None if cell.__class__ is str and not cell.strip() else cell for cell in column]
        for column in zip(*padded, strict=True)
    ] or [[] for _ in names]
    columns: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    for i, name in enumerate(names):
        if name:
            columns[name] = cells[i]
        elif any(cell is not None for cell in cells[i]):
            detail = {"number": str(i + 1)}
            findings.append(Finding("UNNAMED_COLUMN", "note", path.name, detail=detail))
    return columns, [number for number, _ in filled], findings


def without_totals(table: Table) -> Table:
    """
    Leave out rows that are not records: totals, notes below the table, repeated headings.

    Each is reported, and so is a text in which characters were lost earlier. A row with a
    position of its own is a record, whatever it holds.
    """
    names = [str(name) for name in table.cells.columns]
    columns = {name: table.cells[name].tolist() for name in names}
    headings = frozenset(normalise(part) for name in names for part in (name, *name.split(LEVEL)))
    left_out: dict[int, Finding] = {}
    lost = []
    for name in names:
        cells = columns[name]
        suspected = _suspected({cell for cell in cells if isinstance(cell, str)}, headings)
        for i, cell in enumerate(cells) if suspected else ():
            code = suspected.get(cell) if isinstance(cell, str) else None
            if code is None:
                continue
            finding = table.finding(code, table.rows[i], name, value=cell)
            if code == "LOST_CHARACTERS":
                lost.append(finding)
            elif _is_no_record(table, columns, i, code, headings):
                left_out.setdefault(i, finding)
    keep = [i for i in range(len(table.rows)) if i not in left_out]
    kept = table.take(keep) if left_out else table
    rows = [left_out[i] for i in sorted(left_out)]
    return replace(kept, findings=(*table.findings, *lost, *rows))


def _suspected(texts: set[str], headings: frozenset[str]) -> dict[str, str]:
    """Find the texts by which a row may not be a record; most are plain numbers or codes."""
    found = dict.fromkeys(texts & headings, "REPEATED_HEADING")
    for text in texts:
        if not text.isascii() or text.strip().isalpha():
            code = _suspicion(text, headings)
            if code is not None:
                found[text] = code
    return found


def _suspicion(cell: str, headings: frozenset[str]) -> str | None:
    """Code of the finding that a text suggests for its row."""
    word = normalise(cell)
    if word.rstrip(":") in TOTAL_WORDS or _TOTAL_CELL.fullmatch(word):
        return "TOTAL_ROW"
    if _NOTE_CELL.fullmatch(word):
        return "NOTE_ROW"
    if word in headings:
        return "REPEATED_HEADING"
    return "LOST_CHARACTERS" if _LOST.search(cell) else None


def _is_no_record(
    table: Table,
    columns: dict[str, list[Any]],
    index: int,
    code: str,
    headings: frozenset[str],
) -> bool:
    """Return whether the rest of a row agrees with what one of its cells suggests."""
    shapes = None if table.geometry is None else table.geometry.to_numpy()[index : index + 1]
    if shapes is not None and not (shapely.is_missing(shapes) | shapely.is_empty(shapes)).all():
        return False
    filled = {name: column[index] for name, column in columns.items()}
    filled = {name: cell for name, cell in filled.items() if cell is not None}
    if code == "TOTAL_ROW":
        return not any(_is_coordinate(name) for name in filled)
    words = [str(cell) for cell in filled.values()]
    if code == "NOTE_ROW":
        return len(words) == 1
    return len(words) > 1 and all(normalise(word) in headings for word in words)


@lru_cache(maxsize=1000)
def _is_coordinate(heading: str) -> bool:
    return not _COORDINATES.isdisjoint(keys_of(heading))


def _with_merged_texts(
    path: Path,
    rows: Sequence[Row],
    merged: Sequence[Merge],
) -> tuple[Sequence[Row], list[Finding]]:
    """
    Copy a text in cells merged downwards to each of their rows.

    A number is not repeated, so that people or m² are not counted twice: it stays in the first
    row, and the others are reported as merged.
    """
    tall = [m for m in merged if m[1][0] > m[0][0]]
    if not tall:
        return rows, []
    height = sum(min(last + 1, len(rows)) - top for (top, _), (last, _) in tall)
    if height > SHEET_CELLS.most:
        raise SHEET_CELLS.fault(f"has merged ranges of {height:,} rows", file=path)
    copy = [list(row) for row in rows]
    findings: list[Finding] = []
    for (top, left), (last, _) in tall:
        cell = copy[top][left] if top < len(copy) and left < len(copy[top]) else None
        for below in range(top + 1, min(last + 1, len(copy))):
            if isinstance(cell, str) and left < len(copy[below]):
                copy[below][left] = cell
            elif is_filled(cell):
                detail = {"value": str(cell), "first": str(top + 1)}
                findings.append(
                    Finding("MERGED_NUMBER", "warning", path.name, below + 1, detail=detail)
                )
    return copy, findings
