"""Read layers in zip archives, which are unpacked to a temporary folder."""

from __future__ import annotations

import errno
import shutil
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from circle15.errors import InputDataError, clause
from circle15.inputs.files.scratch import scratch_folder
from circle15.inputs.formats.packed import require_few, require_modest
from circle15.study.limits import UNPACKED
from circle15.study.names import names_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle15.inputs.tables.cells import Table

ARCHIVES: Final = frozenset({".zip", ".shz"})
_LAYERS: Final = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".fgb")
_BESIDE_SHP: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GEODATABASE: Final = ".gdb"
_UTF8: Final = 0x800


@dataclass(frozen=True)
class _Member:
    """A layer of an archive: its name, its main file, and its files by their unpacked names."""

    name: str
    main: str
    files: dict[str, zipfile.ZipInfo]


@contextmanager
def unpacked(path: Path, sheet: str | None) -> Iterator[tuple[Path, str | None]]:
    """
    Unpack a layer of an archive while it is read.

    Parameters
    ----------
    sheet
        Name of one of several members, without folders and suffix, or of a layer within the only
        member.

    Yields
    ------
    The unpacked file, or geodatabase folder, and the layer to read from it.

    Raises
    ------
    InputDataError
        If it is not an archive, is locked, holds no layer, or several of which none is named.
    """
    try:
        with _archive(path) as archive, scratch_folder() as folder:
            require_few(path, archive.infolist())
            member, rest = _meant(path, _members(archive), sheet)
            require_modest(path, member.files.values(), UNPACKED)
            for name, info in member.files.items():
                target = Path(folder, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                with _member(archive, info) as packed, target.open("wb") as file:
                    shutil.copyfileobj(packed, file)
            yield Path(folder, member.main), rest
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # a full disk or a removed file is not a fault of the archive
        raise InputDataError(
            f"cannot be read as a zip archive ({clause(error)}).",
            file=path,
            mend="Unpack it yourself.",
        ) from None
    except RuntimeError as error:  # what zipfile raises for a password
        if "password" not in str(error):
            raise
        raise InputDataError(
            "is locked with a password.", file=path, mend="Unpack it, and name the layer in it."
        ) from None


def _archive(path: Path) -> zipfile.ZipFile:
    """Open an archive; one with names that are empty or not text is treated as damaged."""
    try:
        archive = zipfile.ZipFile(path)
    except UnicodeDecodeError as error:
        raise zipfile.BadZipFile(str(error)) from error
    if "" in archive.namelist():
        archive.close()
        raise zipfile.BadZipFile("a member has no name")
    return archive


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member of an archive, whose local header repeats its name."""
    try:
        return archive.open(info)
    except UnicodeDecodeError as error:
        raise zipfile.BadZipFile(str(error)) from error


def as_of_archive(path: Path, read: Callable[[], Table]) -> Table:
    """Read an unpacked file, naming the archive in its findings and errors."""
    try:
        table = read()
    except InputDataError as error:
        raise InputDataError(
            error.found, mend=error.mend, file=path, row=error.row, column=error.column
        ) from None
    found = tuple(replace(finding, file=path.name) for finding in table.findings)
    return replace(table, file=path, findings=found)


def _meant(path: Path, members: list[_Member], sheet: str | None) -> tuple[_Member, str | None]:
    """Return the member to read, and the layer within it."""
    if not members:
        raise InputDataError(
            "holds no layer.", file=path, mend="Zip a shapefile with its .shx, .dbf and .prj."
        )
    names = [member.name for member in members]
    named = [member for member in members if member.name == sheet]
    if len(named) == 1:
        return named[0], None
    if len(members) == 1:
        return members[0], sheet
    listed = ", ".join(names)
    if len(named) > 1:
        raise InputDataError(
            f"holds {len(named)} layers {sheet!r}.", file=path, mend="Unpack it yourself."
        )
    if sheet is not None:
        raise InputDataError(f"has no layer {sheet!r}.", file=path, mend=f"Layers: {listed}.")
    raise InputDataError(
        f"holds {len(names)} layers: {listed}.",
        file=path,
        mend="Name one as `sheet` of the layer, or save it alone.",
    )


def _members(archive: zipfile.ZipFile) -> list[_Member]:
    """Return the layers of an archive in the order of their names."""
    infos = {_name(info): info for info in archive.infolist() if not info.is_dir()}
    infos = {
        place: info
        for place, info in infos.items()
        if "__MACOSX" not in place.parts and not place.name.startswith("._")
    }
    found: list[_Member] = []
    folders = {
        parent
        for place in infos
        for parent in place.parents
        if parent.suffix.lower() == _GEODATABASE
    }
    for folder in folders:
        inside = {p: info for p, info in infos.items() if folder in p.parents}
        found.append(_Member(folder.stem, "layer.gdb", _of_geodatabase(folder, inside)))
        infos = {p: info for p, info in infos.items() if p not in inside}
    for place, info in infos.items():
        suffix = place.suffix.lower()
        if suffix == ".shp":
            beside = {p.suffix.lower(): i for p, i in infos.items() if _same(p, place)}
            files = {f"layer{s}": i for s, i in beside.items() if s in _BESIDE_SHP}
            found.append(_Member(place.stem, "layer.shp", files))
        elif suffix in _LAYERS:
            found.append(_Member(place.stem, f"layer{suffix}", {f"layer{suffix}": info}))
    return sorted(found, key=lambda member: member.name)


def _of_geodatabase(
    folder: PurePosixPath, inside: dict[PurePosixPath, zipfile.ZipInfo]
) -> dict[str, zipfile.ZipInfo]:
    """
    Return the files of a geodatabase by their unpacked names.

    Only files with plain names directly in the folder are unpacked, not `..`, device names or those
    of file managers.

    Raises
    ------
    zipfile.BadZipFile
        If two names differ only in case, which is one file on some systems.
    """
    plain = {
        place.name: info
        for place, info in inside.items()
        if place.parent == folder and names_folder(place.name)
    }
    if len({name.casefold() for name in plain}) < len(plain):
        raise zipfile.BadZipFile(f"names of files in {folder.name!r} differ only in case")
    return {f"layer.gdb/{name}": info for name, info in plain.items()}


def _same(one: PurePosixPath, other: PurePosixPath) -> bool:
    """Return whether two files are parts of one shapefile."""
    return one.parent == other.parent and one.stem.casefold() == other.stem.casefold()


def _name(info: zipfile.ZipInfo) -> PurePosixPath:
    """Return the name of a file in an archive; Chinese Windows writes names in GBK."""
    name = info.filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        for encoding in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return PurePosixPath(name.replace("\\", "/"))
