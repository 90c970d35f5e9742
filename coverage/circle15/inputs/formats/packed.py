"""How much packed files hold, measured before any of it is kept."""

from __future__ import annotations

import bz2
import gzip
import re
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Final
from xml.parsers import expat

from circle15.errors import InputDataError, require_memory_for
from circle15.study.limits import MEMBERS, XML_DEPTH, XML_PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from circle15.study.limits import Limit

CHUNK: Final = 1 << 20
_LOCKED: Final = 1
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_DECLARES: Final = re.compile(rb"<[!?]")
_LONGEST_START: Final = 9
_MARKUP: Final = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">"))


def opened(file: Path) -> IO[bytes]:
    """Open a file that may be packed with gzip or bzip2, according to its suffix."""
    name = file.name.lower()
    if name.endswith(".gz"):
        return gzip.open(file)  # type: ignore[return-value]  # it reads bytes like any other
    return bz2.open(file) if name.endswith(".bz2") else file.open("rb")


def chunks_of(file: Path, limit: Limit) -> Iterator[bytes]:
    """
    Read a file that may be packed, piece by piece.

    Raises
    ------
    InputDataError
        If it holds more than a file of its size may.
    RuntimeError
        If the packed data is damaged.
    """
    size, held = file.stat().st_size, 0
    with opened(file) as stream:
        while chunk := _read(stream):
            held += len(chunk)
            if held > max(limit.of(size), size):
                found = f"holds more than {held // 1_000_000:,} MB when unpacked"
                raise limit.fault(found, file=file, size=size)
            yield chunk


def _read(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(CHUNK)
    except (EOFError, zlib.error) as error:
        raise RuntimeError(str(error)) from None
    except OSError as error:
        if error.errno is None:  # what gzip and bz2 raise for damaged data
            raise RuntimeError(str(error)) from None
        raise


class Markup:
    """
    Refuses XML with a tag, comment or text that does not end: parsers keep and scan it whole.

    It takes the pieces of a file one after the other.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._end = b""
        self._tail = b""
        self._run = 0

    def take(self, chunk: bytes) -> None:
        """
        Check the next piece.

        Raises
        ------
        InputDataError
            If a tag, comment or text is too long.
        """
        text, at = self._tail + chunk, 0
        self._tail = b""
        while at < len(text):
            if self._end:
                found = text.find(self._end, at)
                if found < 0:
                    self._tail = text[max(at, len(text) - 2) :]
                    self._run += len(chunk)
                    break
                at, self._end, self._run = found + len(self._end), b"", 0
                continue
            begin = _DECLARES.search(text, at)
            if begin is None:
                last = text.rfind(b"<", at)
                self._run = len(text) - last if last >= 0 else self._run + len(text) - at
                self._tail = text[last:] if last > len(text) - _LONGEST_START else b""
                break
            self._run, at = 0, begin.start()
            if len(text) - at < _LONGEST_START:  # the next piece shows what it is
                self._tail = text[at:]
                break
            self._end = next(end for start, end in _MARKUP if text.startswith(start, at))
            at += 2
        if self._run > XML_PIECE.most:
            raise XML_PIECE.fault(
                f"has a tag, comment or text of more than {XML_PIECE.most // 1000:,} kB",
                file=self.file,
            )


def require_few(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive with too many members, or with a member too deep in folders."""
    if len(infos) > MEMBERS.most:
        raise MEMBERS.fault(f"holds {len(infos):,} files", file=path)
    depth = max((info.filename.count("/") for info in infos), default=0)
    if depth > XML_DEPTH.most:
        raise XML_DEPTH.fault(f"holds folders {depth:,} levels deep", file=path)


def require_modest(path: Path, infos: Iterable[zipfile.ZipInfo], limit: Limit) -> None:
    """
    Refuse an archive whose members are too many, too large, or larger than declared.

    Other libraries read what a member holds, whatever size it declares.

    Raises
    ------
    InputDataError
        If it holds more than a file of its size may, or a member more than it declares.
    BadZipFile
        If a member is damaged.
    """
    size, held = path.stat().st_size, 0
    listed = list(infos)
    require_few(path, listed)
    says = sum(info.file_size for info in listed)
    if says > limit.of(size):
        found = f"holds {says // 1_000_000:,} MB when unpacked"
        raise limit.fault(found, file=path, size=size)
    with path.open("rb") as file:
        for info in listed:
            if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & _LOCKED:
                continue
            for piece in _inflated(file, info):
                held += piece
                if held > limit.of(size):
                    found = f"holds more than {held // 1_000_000:,} MB when unpacked"
                    raise limit.fault(found, file=path, size=size)


def _inflated(file: IO[bytes], info: zipfile.ZipInfo) -> Iterator[int]:
    """Sizes of the pieces of a member, whatever size it declares."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL_HEADER.size)
    if len(head) < _LOCAL_HEADER.size:
        raise zipfile.BadZipFile("a member begins beyond the end")
    _, name, extra = _LOCAL_HEADER.unpack(head)
    file.seek(name + extra, 1)
    left, unpacker = info.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not unpacker.eof:
        raw = file.read(min(left, CHUNK))
        if not raw:
            raise zipfile.BadZipFile("a member ends beyond the end")
        left -= len(raw)
        while raw and not unpacker.eof:
            try:
                yield len(unpacker.decompress(raw, CHUNK))
            except zlib.error as error:
                raise zipfile.BadZipFile(str(error)) from None
            raw = unpacker.unconsumed_tail


_EXPAT_KNOWS = {"utf-8", "utf-16", "utf-16be", "utf-16le", "us-ascii", "iso-8859-1"}


def encoding_checked(file: Path) -> Callable[[str, str | None, int], None]:
    """
    Return a check of the XML declaration, to run before anything is decoded.

    It raises InputDataError for an encoding that does not exist or takes several bytes per
    character: none of the parsers used here reads those, and their messages differ.
    """

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and not _is_decoded(encoding):
            raise InputDataError(
                f"declares the encoding {encoding[:40]!r}, which is not read in XML.",
                file=file,
                mend="Save it in UTF-8.",
            )

    return declared


def _is_decoded(encoding: str) -> bool:
    """Return whether the parser knows an encoding, or each byte of it is one character."""
    try:
        each = encoding.casefold() in _EXPAT_KNOWS or bytes(range(256)).decode(encoding, "replace")
    except (LookupError, ValueError):  # not an encoding, or not one of text
        return False
    return each is True or len(each) == 256


def require_plain_xml(file: Path, stream: IO[bytes], limit: int | None = None) -> None:
    """
    Refuse XML that defines entities, or whose elements lie too deep within each other.

    Damaged XML passes: its reader reports the fault.

    Parameters
    ----------
    limit
        The most bytes that are checked.

    Raises
    ------
    InputDataError
        If it defines an entity, nests too deeply, or declares an encoding that is not read.
    """
    depth = 0

    def entity(name: str, *_: object) -> None:
        raise InputDataError(
            f"defines an entity of XML ({name}), which no export does.",
            file=file,
            mend="Export it again.",
        )

    def start(_name: str, _attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > XML_DEPTH.most:
            raise XML_DEPTH.fault(f"has elements {depth} levels deep", file=file)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.XmlDeclHandler = encoding_checked(file)
    parser.EntityDeclHandler = entity
    parser.StartElementHandler, parser.EndElementHandler = start, end
    markup, left = Markup(file), limit
    try:
        while chunk := stream.read(CHUNK if left is None else min(left, CHUNK)):
            left = None if left is None else left - len(chunk)
            markup.take(chunk)
            parser.Parse(chunk)
    except expat.ExpatError as error:
        require_memory_for(error)
