"""The parts of an xlsx or ods: where its reader finds them, and how much they hold."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from circle15.errors import InputDataError, require_memory_for
from circle15.inputs.files.scratch import scratch_folder
from circle15.inputs.formats.packed import CHUNK, Markup, require_modest
from circle15.study.limits import CELLS, PART, SHEETS, TEXTS, WORKBOOK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BOOK: Final = "xl/workbook.xml"
CONTENT: Final = "content.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_FIRST_LINKS: Final = "_rels/.rels"
_DOCUMENT: Final = "/officeDocument"
_HELD: Final = {".xlsx": BOOK, ".xlsm": BOOK, ".ods": CONTENT, ".xls": None}
_NAMED: Final = {BOOK: "xlsx", CONTENT: "ods"}
_TEXTS: Final = "xl/sharedstrings.xml"
_PAGES: Final = ("xl/worksheets/", "xl/media/", "xl/drawings/", "content.xml", "pictures/")
_TEXT: Final = re.compile(rb"<(?:\w+:)?si\b")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b")
_OVERLAP: Final = 16
_AGAIN: Final = "Open it and save it again as xlsx."


def part_name(name: str) -> str:
    """Return the name by which a part is found, whatever its case and slashes."""
    return name.lower().replace("\\", "/")


def parts_by_name(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the written name of each part by the name that finds it."""
    return {part_name(name): name for name in parts.namelist()}


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
        names = Counter(part_name(info.filename) for info in infos)
        if (again := names.most_common(1)) and again[0][1] > 1:
            raise zipfile.BadZipFile(f"two of its parts are called {again[0][0]}")
        for info in infos:
            name = part_name(info.filename)
            if name == _TEXTS:
                if info.file_size > TEXTS.of(size):
                    found = f"holds {info.file_size // 1_000_000:,} MB of texts"
                    raise TEXTS.fault(found, file=path, size=size)
                if (texts := _count(path, parts, info, _TEXT)) > CELLS.of(size):
                    raise CELLS.fault(f"holds {texts:,} texts", file=path, size=size)
            elif not name.startswith(_PAGES) and info.file_size > PART.most:
                found = f"holds {info.file_size // 1_000_000:,} MB in its part {info.filename!r}"
                raise PART.fault(found, file=path)
            elif name == BOOK and (sheets := _count(path, parts, info, _SHEET)) > SHEETS.most:
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


def require_own_format(path: Path) -> None:
    """
    Refuse a packed workbook that is not of the format of its suffix.

    Each format is scanned in its own way before it is loaded, so one must not pass as another.

    Raises
    ------
    InputDataError
        If the part that makes it a workbook of its suffix is missing, or that of another format
        is there as well.
    """
    suffix = path.suffix.lower()
    with zipfile.ZipFile(path) as parts:
        names = parts_by_name(parts)
        held = [part for part in _NAMED if part in names]
        if held != [_HELD[suffix]]:
            kind = f"an {_NAMED[held[0]]} workbook" if len(held) == 1 else "no workbook"
            mend = f"Give it the suffix .{_NAMED[held[0]]}." if len(held) == 1 else _AGAIN
            raise InputDataError(
                f"is named {path.suffix}, but what it holds is {kind}.", file=path, mend=mend
            )
        if held == [BOOK]:
            _require_own_book(path, parts, names)
        elif names[CONTENT] != CONTENT:
            raise _not_found(path, CONTENT)


def _require_own_book(path: Path, parts: zipfile.ZipFile, names: dict[str, str]) -> None:
    """Refuse an xlsx whose first links lead to a list of sheets that is not scanned."""
    if _FIRST_LINKS not in names:
        return

    def take(link: dict[str, str]) -> None:
        target = part_name(link.get("Target", "")).lstrip("/")
        if link.get("Type", "").endswith(_DOCUMENT) and target != BOOK:
            raise _not_found(path, BOOK)

    _each(path, parts.read(names[_FIRST_LINKS]), "Relationship", take)


def page_parts(path: Path) -> tuple[str, ...]:
    """
    Return the names of the parts that hold the sheets of an xlsx, in their order.

    Raises
    ------
    InputDataError
        If one is not where the workbook says.
    """
    with zipfile.ZipFile(path) as parts:
        names = parts_by_name(parts)
        if _LINKS not in names:
            raise _not_found(path, _LINKS)
        targets: dict[str, str] = {}
        sheets: list[dict[str, str]] = []

        def take(link: dict[str, str]) -> None:
            targets[link.get("Id", "")] = part_name(link.get("Target", ""))

        _each(path, parts.read(names[_LINKS]), "Relationship", take)
        _each(path, parts.read(names[BOOK]), "sheet", sheets.append)
    pages = []
    for sheet in sheets:
        named = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        target = targets.get(named, "")
        page = target[1:] if target.startswith("/") else f"xl/{target}"
        if page not in names:
            raise _not_found(path, f"sheet {sheet.get('name', page)}")
        pages.append(names[page])
    return tuple(pages)


def _each(path: Path, text: bytes, wanted: str, take: Callable[[dict[str, str]], object]) -> None:
    """Hand over the attributes of each element of one name, with whatever prefix."""

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            take(attributes)

    def entity(name: str, *_: object) -> None:
        raise InputDataError(
            f"defines an entity of XML ({name}), which no spreadsheet program does.",
            file=path,
            mend="Open it and save it again.",
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EntityDeclHandler = start, entity
    try:
        parser.Parse(text, True)  # noqa: FBT003 - it takes no names
    except expat.ExpatError as error:
        require_memory_for(error)
        raise zipfile.BadZipFile(f"a list of its parts is damaged: {error}") from None


def _not_found(path: Path, part: str) -> InputDataError:
    return InputDataError(
        f"cannot be read as a workbook ({part!r} is not where it should be).",
        file=path,
        mend=_AGAIN,
    )


@contextmanager
def with_lower_suffix(path: Path) -> Iterator[Path]:
    """
    Provide the file under a name whose suffix is in lower case.

    The library that loads workbooks takes the format from the suffix in lower case; in upper case
    it tries all formats, also those that the file was not checked for.
    """
    suffix = path.suffix.lower()
    if path.suffix == suffix:
        yield path
        return
    with scratch_folder() as folder:
        yield shutil.copyfile(path, folder / f"workbook{suffix}")
