"""Types of keys that name files or database tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from circle15.errors import InputDataError, MissingFileError
from circle15.study.database_tables import Source, database_table, is_address
from circle15.study.servers import FOUND, names_a_server
from circle15.study.variables import VARIABLE, expand_path

if TYPE_CHECKING:
    from pydantic import ValidationInfo

GEODATABASE: Final = ".gdb"
"""Suffix of file geodatabases, which are folders but count as one file."""

ZonesOfArea = Literal["streets", "communities"]
Coverage = Literal["boundary", "extent"]

_TEXT: Final = {"type": "string", "minLength": 1}
_TABLE: Final = {
    "anyOf": [
        _TEXT,
        *(
            {
                "type": "object",
                "properties": {"database": _TEXT, key: _TEXT},
                "required": ["database", key],
                "additionalProperties": False,
            }
            for key in ("table", "query")
        ),
    ]
}


@dataclass(frozen=True, slots=True)
class StudyPlace:
    """The file of a study, as named by the user, and the folder to which paths are relative."""

    file: Path
    folder: Path


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "no text")
    return value


def found_path(written: str, place: StudyPlace) -> Path:
    """
    Return the path of an existing file; messages show `${NAME}` as written, never its value.

    Raises
    ------
    MissingFileError
        If it does not exist.
    InputDataError
        If it is a folder or the address of a database, or contains a variable that is not set.
    """
    if is_address(written):  # it may contain a password, so it is not repeated
        raise InputDataError("cannot be read from a database.", mend="Name a file.")
    text = expand_path(written)
    if is_address(text):
        raise InputDataError(
            f"{written!r} stands for the address of a database.",
            mend="Write the address in the study: a variable may stand for its password only.",
        )
    path = place.folder / text
    shown = written if VARIABLE.search(written) else str(path)
    try:
        found, folder = path.exists(), path.is_dir()
    except OSError:  # the name is too long for a file
        found = folder = False
    if not found and names_a_server(text):  # nor this
        raise InputDataError(
            FOUND,
            mend="Download it and name the file; a table of PostGIS is named by "
            "postgresql://user@host/database?table=schema.name.",
        )
    if not found:
        raise MissingFileError(f"no such file: {shown}.", mend="Mend the path.")
    if folder and path.suffix.lower() != GEODATABASE:
        raise InputDataError(f"{shown} is a folder.", mend="Name a file in it.")
    return path.resolve()


def _file(value: object, info: ValidationInfo[StudyPlace]) -> Path:
    return found_path(_text(value), info.context)


def _source(value: object, info: ValidationInfo[StudyPlace]) -> Source:
    if isinstance(value, Mapping):
        return database_table(value)
    text = _text(value)
    return database_table(text) if is_address(text) else found_path(text, info.context)


def _ids_or_source(value: object, info: ValidationInfo[StudyPlace]) -> Source | tuple[str, ...]:
    """Return ids that are written as a list, else the file or database table with them."""
    if not isinstance(value, list | tuple):
        if isinstance(value, str) and not is_address(value) and not Path(value).suffix:
            mend = f'Write ids as a list, such as ["{value}"], or name a table.'
            raise InputDataError(f"{value!r} is not a file.", mend=mend)
        return _source(value, info)
    for one in value:
        if not isinstance(one, str) or not one.strip():
            raise InputDataError(f"{one!r} is not an id.", mend='Write ids as text: ["S-017"].')
    again = next((one for one, times in Counter(value).items() if times > 1), None)
    if again is not None:
        raise InputDataError(f"{again!r} occurs twice.", mend="Keep one.")
    return tuple(value)


def _source_or(words: Any) -> PlainValidator:
    """Return a validator for a keyword that stands for a layer, or a file or database table."""

    def read(value: object, info: ValidationInfo[StudyPlace]) -> Source | str:
        if isinstance(value, str) and value in get_args(words):
            return value
        return _source(value, info)

    return PlainValidator(read)


def _schema_or(words: Any) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"enum": list(get_args(words))}, *_TABLE["anyOf"]]})


FilePath = Annotated[Path, PlainValidator(_file), WithJsonSchema(_TEXT)]
"""An existing file."""
TableSource = Annotated[Source, PlainValidator(_source), WithJsonSchema(_TABLE)]
"""An existing file, or a database table."""
IdsOrTable = Annotated[
    Source | tuple[str, ...],
    PlainValidator(_ids_or_source),
    WithJsonSchema({"anyOf": [{"type": "array", "items": _TEXT}, *_TABLE["anyOf"]]}),
]
"""A list of ids, or an existing file or a database table with a column of them."""
ZonesSource = Annotated[Source | ZonesOfArea, _source_or(ZonesOfArea), _schema_or(ZonesOfArea)]
"""A zone layer: the name of one in `[area]`, or a file or database table."""
CoverageSource = Annotated[Source | Coverage, _source_or(Coverage), _schema_or(Coverage)]
"""Where a list is complete: the study's boundary or extent, or a file or database table."""
