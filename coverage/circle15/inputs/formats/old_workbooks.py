"""
Workbooks of the old format (xls), checked before they are loaded.

Their reader trusts the file: a cyclic chain of sectors, or a cell far from its table, would fill
the memory, and a truncated directory ends in a panic.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError, clause
from circle15.inputs.formats.sheet_marks import Extent
from circle15.study.limits import SHEET_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_HEADER: Final = 109
"""Sectors of the sector table that the header itself lists."""
_LAST: Final = 0xFFFFFFFA
"""Numbers from here on are not sectors."""
_ENTRY: Final = 128
_STREAM, _ROOT = 2, 5
_BEGINS: Final = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_ONE_CELL: Final = frozenset(
    {*range(0x0001, 0x0007), 0x00D6, 0x00FD, *range(0x0201, 0x0207), 0x0406, 0x027E}
)
_SEVERAL_CELLS: Final = frozenset({0x00BD, 0x00BE})


_SIZE, _SIZE_BYTES = 0x0200, 12


class _DamagedError(Exception):
    """The parts of the file are inconsistent."""


def is_compound(path: Path) -> bool:
    """Return whether a file is a compound file, as old and locked workbooks are."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def require_sound(path: Path) -> None:
    """
    Refuse an old workbook whose parts are inconsistent or whose cells would fill the memory.

    Raises
    ------
    InputDataError
        If it is damaged, or holds too many cells or one far from its table.
    """
    try:
        streams = _Compound(path.read_bytes()).streams()
        for name in ("workbook", "book"):
            if name in streams:
                _measure(path, streams[name])
    except (_DamagedError, struct.error) as error:
        reason = str(error) if isinstance(error, _DamagedError) else "it is truncated"
        raise InputDataError(
            f"cannot be read as a workbook ({clause(reason)}).",
            file=path,
            mend="Open it and save it again as xlsx.",
        ) from None


class _Compound:
    """The sectors of a compound file and the tables that chain them."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        shift, self.mini_shift = struct.unpack_from("<HH", raw, 0x1E)
        if shift not in {9, 12} or self.mini_shift != 6:
            raise _DamagedError("the size of its sectors is not valid")
        self.size = 1 << shift
        self.sectors = -(-(len(raw) - self.size) // self.size)
        self.small = struct.unpack_from("<I", raw, 0x38)[0]
        self.table = self._table()
        first_entry, first_mini = (struct.unpack_from("<I", raw, at)[0] for at in (0x30, 0x3C))
        self.entries = self._joined(first_entry)
        mini = self._joined(first_mini)
        self.mini_table = struct.unpack(f"<{len(mini) // 4}I", mini[: len(mini) // 4 * 4])

    def _table(self) -> tuple[int, ...]:
        """The next sector of each sector."""
        numbers = list(struct.unpack_from(f"<{_IN_HEADER}I", self.raw, 0x4C))
        at, seen = struct.unpack_from("<I", self.raw, 0x44)[0], set[int]()
        while at < _LAST:
            if at in seen:
                raise _DamagedError("its table of sectors is cyclic")
            seen.add(at)
            *more, at = struct.unpack(f"<{self.size // 4}I", self._sector(at))
            numbers += more
        whole = b"".join(self._sector(number) for number in numbers if number < _LAST)
        return struct.unpack(f"<{len(whole) // 4}I", whole)

    def _sector(self, number: int) -> bytes:
        if number >= self.sectors:
            raise _DamagedError("a part lies beyond the end of the file")
        start = (number + 1) * self.size
        return self.raw[start : start + self.size].ljust(self.size, b"\0")

    def _chain(self, at: int, table: tuple[int, ...], what: str) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if at >= _LAST:
                return
            if at >= len(table):
                raise _DamagedError(f"{what} leads beyond the end of the file")
            yield at
            at = table[at]
        raise _DamagedError(f"{what} is cyclic")

    def _joined(self, at: int) -> bytes:
        return b"".join(map(self._sector, self._chain(at, self.table, "a chain of its sectors")))

    def streams(self) -> dict[str, bytes]:
        """Contents by lower-case name; every chain has been followed to its end."""
        found: dict[str, bytes] = {}
        mini = b""
        for start in range(0, len(self.entries), _ENTRY):
            entry = self.entries[start : start + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            first, size = struct.unpack_from("<II", entry, 116)
            if kind not in {_STREAM, _ROOT}:
                continue
            if size > len(self.raw):
                raise _DamagedError("a part is longer than the file")
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if kind == _ROOT:
                mini = self._joined(first)
            elif size < self.small:
                chain = self._chain(first, self.mini_table, "a chain of its small sectors")
                pieces = [mini[n << self.mini_shift : (n + 1) << self.mini_shift] for n in chain]
                found.setdefault(name, b"".join(pieces)[:size])
            else:
                found.setdefault(name, self._joined(first)[:size])
        return found


def _measure(path: Path, stream: bytes) -> None:
    """Refuse sheets that hold too many cells, or one far from its table."""
    at = sheets = 0
    extent = Extent(path, "")
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind in _BEGINS:
            extent.check()
            extent = Extent(path, str(sheets))  # the first of them is not a sheet
            sheets += 1
        elif kind == _SIZE and length >= _SIZE_BYTES <= len(record):
            _, rows, _, columns = struct.unpack_from("<IIHH", record)
            if rows * columns > SHEET_CELLS.most:
                raise _DamagedError(f"a sheet claims {rows:,} rows and {columns:,} columns")
        elif kind in _ONE_CELL and len(record) >= 4:
            row, column = struct.unpack_from("<HH", record)
            extent.add(row, column, 1)
        elif kind in _SEVERAL_CELLS and len(record) >= 6:
            row, first = struct.unpack_from("<HH", record)
            last = struct.unpack_from("<H", record, len(record) - 2)[0]
            extent.add(row, max(first, last), max(1, last + 1 - first))
    extent.check()
