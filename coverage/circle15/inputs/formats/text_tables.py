"""Tables of text: encoding and separator are found by trial, and reported where uncertain."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError, clause
from circle15.inputs.tables.heading_rows import table_of_rows
from circle15.study.limits import COLUMNS, ROWS
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from circle15.inputs.tables.cells import Table

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS: Final = ",\t;|"
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 200_000
_HAN: Final = re.compile(r"[\u2e80-\u9fff]")
_HAN_RUN: Final = re.compile(r"[^\x00-\x7f]+")
_HAN_IN_A_WORD: Final = re.compile(r"[a-z][^\x00-\x7f]{1,2}|[^\x00-\x7f]{1,2}[a-z]")
_HAN_AT_A_LETTER: Final = re.compile(r"[A-Za-z][^\x00-\x7f]{1,2}|[^\x00-\x7f]{1,2}[A-Za-z]")


def read_text_table(path: Path) -> Table:
    """
    Read a table of text: csv, tsv or txt.

    Raises
    ------
    InputDataError
        If the encoding cannot be found, or the text is not a table.
    """
    text, encoding = decode(path.read_bytes(), path)
    # The end mark of DOS after the last line, and a mark written twice, are not cells.
    text = text.lstrip("\ufeff").rstrip("\x1a\r\n ")
    rows = _rows(text, path)
    found = [] if encoding.startswith("utf") else [guessed_encoding(path, encoding)]
    return table_of_rows(path, rows, findings=found)


def _rows(text: str, path: Path) -> list[list[str]]:
    """
    Split a text into the cells of its rows.

    Misplaced quotes are accepted within a line, and refused where they would join lines: rows
    would disappear in a cell.
    """
    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _modest(reader, path)
    except csv.Error as error:
        line, found = reader.line_num, error
    lenient = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = _modest(lenient, path)
    except csv.Error as error:
        line, found = lenient.line_num, error
    else:
        if len(rows) == lenient.line_num:
            return rows
    raise InputDataError(
        f"cannot be read as csv (line {line}: {clause(found)}).",
        file=path,
        mend="A quote may be open in that line or above it.",
    )


def _modest(reader: Iterator[list[str]], path: Path) -> list[list[str]]:
    """
    Read all rows.

    Raises
    ------
    InputDataError
        If there are more rows, or wider ones, than a table may have.
    """
    size, filled, blank = path.stat().st_size, 0, [""]
    rows: list[list[str]] = []
    most = ROWS.of(size)
    for row in reader:
        if len(row) > COLUMNS.most:
            number = len(rows) + 1
            raise COLUMNS.fault(f"has {len(row):,} columns", file=path, row=number)
        is_filled = any(row)
        filled += is_filled
        if filled > most:
            raise ROWS.fault(f"has more than {most:,} rows", file=path, size=size)
        rows.append(row if is_filled else blank)
    return rows


def guessed_encoding(path: Path, encoding: str) -> Finding:
    """Report that a file does not name its encoding and was not read as UTF-8."""
    detail = {"encoding": encoding.upper()}
    return Finding("ENCODING_GUESSED", "note", path.name, detail=detail)


def decode(raw: bytes, path: Path) -> tuple[str, str]:
    """
    Decode a text file: by its byte-order mark, else as strict UTF-8, else as GB18030.

    Nothing is replaced: a file with a byte that fits no encoding is refused.

    Returns
    -------
    The text and the name of its encoding.

    Raises
    ------
    InputDataError
        If it fits no encoding, with the position of the first byte that does not, or looks like
        Big5, or if its rows are in two encodings.
    """
    mark, marked = next(((m, name) for m, name in _MARKS if raw.startswith(m)), (b"", None))
    if marked is None and b"\0" in raw:
        raise _undecodable(path, raw.index(b"\0"), "holds a zero byte and is not text")
    places = []
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = raw[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8":
                _refuse_two_encodings(raw[len(mark) :], path)
            places.append(len(mark) + error.start)
            continue
        if encoding == "gb18030":
            _refuse_others(raw, text, path)
        return text, encoding
    names = marked.upper() if marked else "UTF-8 nor GB18030"
    raise _undecodable(path, max(places), f"is {'not' if marked else 'neither'} {names} text")


def _refuse_two_encodings(raw: bytes, path: Path) -> None:
    """Refuse text of which some rows are UTF-8 and others are not: files that were joined."""
    utf8 = other = 0
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            other = other or (number if _chinese(line) is not None else 0)
        else:
            utf8 = utf8 or (number if _is_surely_utf8(line, text) else 0)
        if utf8 and other:
            raise InputDataError(
                f"holds two encodings: row {utf8} is UTF-8, row {other} is not.",
                file=path,
                row=other,
                mend="Two files were joined: save each as UTF-8 and join them again.",
            )


def _is_surely_utf8(line: bytes, text: str) -> bool:
    """Return whether valid UTF-8 is more plausible than Chinese in an older encoding."""
    chinese = _chinese(line)
    if chinese is None:
        return True
    if _HAN.search(text) is None:
        return looks_western(chinese)
    return _common(text, "gb2312") > _common(chinese, "gb2312")


def _chinese(line: bytes) -> str | None:
    try:
        return line.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _undecodable(path: Path, place: int, found: str) -> InputDataError:
    return InputDataError(
        f"{found} (byte {place + 1}).", file=path, mend="Save it as UTF-8 from its source."
    )


def _refuse_others(raw: bytes, text: str, path: Path) -> None:
    """Refuse Western text and Big5, which may be valid GB18030 but are nonsense in it."""
    if looks_western(text):
        raise InputDataError(
            "looks like Western text in an older encoding.", file=path, mend="Save it as UTF-8."
        )
    try:
        other = raw.decode("big5")
    except UnicodeDecodeError:
        return
    if _common(text, "gb2312") < 0.8 < _common(other, "big5"):
        raise InputDataError(
            "looks like Big5 text.", file=path, mend="Open it as Big5 and save it as UTF-8."
        )


def looks_western(text: str) -> bool:
    """
    Return whether text that was decoded as Chinese has its Chinese characters in Latin words.

    Examples
    --------
    >>> looks_western("São Luís".encode("latin-1").decode("gb18030")), looks_western("A区,B区")
    (True, False)
    """
    half = len(_HAN_RUN.findall(text)) / 2
    if half == 0:
        return False
    if len(_HAN_IN_A_WORD.findall(text)) >= half:
        return True
    return len(_HAN_AT_A_LETTER.findall(text)) >= half and _common(text, "gb2312") < 0.5


def _common(text: str, encoding: str) -> float:
    """Share of the Chinese characters that are common in an encoding."""
    last_lead: Callable[[bytes], bool] = (
        (lambda code: 0xA4 <= code[0] <= 0xC6) if encoding == "big5" else bool
    )
    found = _HAN.findall(text)
    codes = [character.encode(encoding, "ignore") for character in found]
    return sum(1 for code in codes if code and last_lead(code)) / max(len(found), 1)


def separator_of(text: str) -> str:
    r"""
    Find the separator that gives most lines the same number of cells.

    A title above the heading, a decimal comma or a comma in quotes does not mislead it; among
    equally good separators the one that makes more cells is taken.

    Examples
    --------
    >>> separator_of("a;b\n1,5;2,5\n"), separator_of("台账\na\tb\n1\t2\n")
    (';', '\t')
    """
    sample = text[:_SAMPLE_CHARACTERS]

    def fitness(separator: str) -> tuple[float, int]:
        lines = io.StringIO(sample, newline="")
        widths = []
        try:
            for row in csv.reader(lines, delimiter=separator):
                if any(cell.strip() for cell in row):
                    broken = any(cell.count('"') % 2 for cell in row)  # a quote was cut in two
                    widths.append(0 if broken else len(row))
                if len(widths) == _SAMPLE_LINES:
                    break
        except csv.Error:
            return 0, 0
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            return 0, 0
        width, count = wide.most_common(1)[0]
        return count / len(widths), width

    return max(_SEPARATORS, key=fitness)
