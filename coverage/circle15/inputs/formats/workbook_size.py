"""How much a workbook holds, measured before a library loads it."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Final

from circle15.inputs.formats.packed import CHUNK, Markup, require_modest
from circle15.study.limits import CELLS, PART, SHEETS, TEXTS, WORKBOOK

if TYPE_CHECKING:
    from pathlib import Path

_BOOK: Final = "xl/workbook.xml"
_TEXTS: Final = "xl/sharedstrings.xml"
_PAGES: Final = ("xl/worksheets/", "xl/media/", "xl/drawings/", "content.xml", "pictures/")
_TEXT: Final = re.compile(rb"<(?:\w+:)?si\b")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b")
_OVERLAP: Final = 16


def require_modest_workbook(path: Path) -> None:
    """
    Refuse an xlsx or ods that holds far more than a file of its size.

    Raises
    ------
    InputDataError
        With what it holds, the limit and how to stay below it.
    BadZipFile
        If it is damaged.
    """
    size = path.stat().st_size
    with zipfile.ZipFile(path) as parts:
        infos = parts.infolist()
        require_modest(path, infos, WORKBOOK)
        names = Counter(info.filename.lower() for info in infos)
        if (again := names.most_common(1)) and again[0][1] > 1:
            raise zipfile.BadZipFile(f"two of its parts are called {again[0][0]}")
        for info in infos:
            name = info.filename.lower()
            if name == _TEXTS:
                if info.file_size > TEXTS.of(size):
                    found = f"holds {info.file_size // 1_000_000:,} MB of texts"
                    raise TEXTS.fault(found, file=path, size=size)
                if (texts := _count(path, parts, info, _TEXT)) > CELLS.of(size):
                    raise CELLS.fault(f"holds {texts:,} texts", file=path, size=size)
            elif not name.startswith(_PAGES) and info.file_size > PART.most:
                found = f"holds {info.file_size // 1_000_000:,} MB in its part {info.filename!r}"
                raise PART.fault(found, file=path)
            elif name == _BOOK and (sheets := _count(path, parts, info, _SHEET)) > SHEETS.most:
                raise SHEETS.fault(f"names {sheets:,} sheets", file=path)


def _count(
    path: Path, parts: zipfile.ZipFile, info: zipfile.ZipInfo, word: re.Pattern[bytes]
) -> int:
    """Count how often a word occurs in a part."""
    found, rest, markup = 0, b"", Markup(path)
    with parts.open(info) as stream:
        while chunk := stream.read(CHUNK):
            markup.take(chunk)
            text = rest + chunk
            cut = max(len(text) - _OVERLAP, 0)
            found += sum(1 for match in word.finditer(text) if match.start() < cut)
            rest = text[cut:]
    return found + sum(1 for _ in word.finditer(rest))
