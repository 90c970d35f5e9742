"""Read TOML tables into typed records, and report everything that is wrong with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import resources
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import ValidationError

from circle15.errors import InputDataError
from circle15.study.toml_text import parse_toml
from circle15.study.typed_toml.kinds import OTHER_WORD, Chosen, adapter

_T = TypeVar("_T")

Place = tuple[str | int, ...]
_UNKNOWN: Final = "unexpected_keyword_argument"
_OF_KEY: Final = "[key]"
"""Last part of a pydantic location if the key itself is wrong."""
_LONGEST_KEY: Final = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """
    One fault of a table.

    Attributes
    ----------
    place
        Path of keys and row numbers, such as `("rules", 0, "unit")`.
    kind
        `unknown` (key), `missing` (key), `choice` (value not in a list), `said` (with its own
        error), or pydantic's name of a wrong type, such as `string_type`.
    value
        The value found.
    allowed
        The known keys, for an unknown one, or the allowed values.
    error
        The error that explains a fault of kind `said`; None for the others.
    """

    place: Place
    kind: str
    value: object = None
    allowed: tuple[str, ...] = ()
    error: InputDataError | None = None

    @property
    def path(self) -> str:
        """
        The path as text.

        Examples
        --------
        >>> Fault(("rules", 0, "unit"), "missing").path
        'rules[0].unit'
        """
        return place_text(self.place)


class TableFaults(Exception):  # noqa: N818 - faults of a file, which its reader puts in words
    """A table that cannot be read, with all of its faults; unknown keys come first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.kind}" for fault in faults))
        self.faults = faults


def read_table(kind: type[_T], content: object, context: object = None) -> _T:
    """
    Read a table of `parse_toml` into a record.

    Parameters
    ----------
    kind
        A dataclass whose fields have types of `kinds`, or any type that pydantic knows.
    content
        The table.
    context
        Passed to the validators of values, for example the folder of the file or known ids.

    Raises
    ------
    TableFaults
        If anything is wrong with the table.
    """
    try:
        found: _T = adapter(cast("Any", kind)).validate_python(content, context=context)
    except ValidationError as error:
        faults = [_fault(kind, content, one) for one in error.errors(include_url=False)]
    else:
        return found
    # A misspelt key is also the cause of a missing key beside it.
    raise TableFaults(sorted(faults, key=lambda fault: fault.kind != "unknown"))


def place_text(place: Place) -> str:
    """
    Format a path of keys and row numbers as text.

    Examples
    --------
    >>> place_text(("demand", "layers", 1, "group"))
    'demand.layers[1].group'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in place)
    return text.removeprefix(".")


def _key(text: str) -> str:
    """Shorten and escape a key, so that messages stay one short line."""
    written = text if text.isprintable() else ascii(text)[1:-1]
    return written if len(written) <= _LONGEST_KEY else f"{written[:_LONGEST_KEY]}…"


def nearest(word: str, known: tuple[str, ...], *, cutoff: float) -> str | None:
    """Return the known word most similar to another; None if none is similar enough."""
    near = get_close_matches(word, known, n=1, cutoff=cutoff)
    return near[0] if near else None


def _fault(kind: Any, content: Any, error: Any) -> Fault:
    """Convert a pydantic error to a fault."""
    place: Place = error["loc"]
    value = error["input"]
    of_key = place[-1:] == (_OF_KEY,)
    place = place[:-1] if of_key else place
    if error["type"] == _UNKNOWN:
        return Fault(place, "unknown", value, tuple(keys_of(_at(kind, content, place[:-1]))))
    if error["type"] == "missing":
        return Fault(place, "missing")
    context = error.get("ctx", {})
    said = context.get("error")
    if isinstance(said, InputDataError):
        keys = () if said.column is None else (said.column,)
        return Fault((*place, *keys), "said", value, error=said)
    if error["type"] == OTHER_WORD:
        return Fault(place, "unknown" if of_key else "choice", value, context["allowed"])
    if error["type"] in {"literal_error", "enum"}:
        return Fault(place, "choice", value, _words(_at(kind, content, place)))
    return Fault(place, error["type"], value)


def keys_of(kind: Any) -> dict[str, Any]:
    """
    Return the keys of a table with the types of their values.

    Parameters
    ----------
    kind
        A record; the name of a field may differ from its key (`Field(alias=…)`).
    """
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for field in dataclasses.fields(kind):
        marks = marks_of(hints[field.name])
        alias = next((mark.alias for mark in marks if getattr(mark, "alias", None)), None)
        found[alias or field.name] = hints[field.name]
    return found


def _at(kind: Any, content: Any, place: Place) -> Any:
    """Return the type of the value at a path of a table."""
    for part in place:
        kind = bare(kind)
        if isinstance(part, int):
            kind = get_args(kind)[0]
        elif dataclasses.is_dataclass(kind):
            kind = keys_of(kind)[part]
            chosen = next((mark for mark in marks_of(kind) if isinstance(mark, Chosen)), None)
            kind = kind if chosen is None else chosen.kinds[content[chosen.key]]
        else:
            kind = get_args(kind)[-1]
        content = content[part] if isinstance(part, int) else content.get(part, {})
    return bare(kind)


def marks_of(kind: Any) -> tuple[Any, ...]:
    """Return the annotations of a type, also of an optional one."""
    if get_origin(kind) is Annotated:
        return get_args(kind)[1:]
    parts = get_args(kind) if type(None) in get_args(kind) else ()
    return tuple(mark for part in parts for mark in marks_of(part))


def bare(kind: Any) -> Any:
    """Return a type without annotations and without None."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
            continue
        parts = [part for part in get_args(kind) if part is not type(None)]
        if type(None) not in get_args(kind) or len(parts) != 1:
            return kind
        kind = parts[0]


def _words(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(map(str, get_args(kind)))
    return tuple(str(member.value) for member in kind)


def read_bundled(kind: type[_T], package: str, name: str) -> _T:
    """
    Read a TOML file of the package itself into a record; a fault in it is a bug in circle15.

    Parameters
    ----------
    kind
        The record.
    package
        Package that contains the file, such as `circle15.study.vocabulary`.
    name
        Name of the file.
    """
    text = resources.files(package).joinpath(name).read_text("utf-8")
    return read_table(kind, parse_toml(text))


def with_ids(rows: Mapping[str, Any]) -> dict[str, Any]:
    """
    Add the key of each table to it, as `id`.

    Examples
    --------
    >>> with_ids({"bath_point": {"zh": "助浴点"}})
    {'bath_point': {'zh': '助浴点', 'id': 'bath_point'}}
    """
    return {key: row | {"id": key} if isinstance(row, dict) else row for key, row in rows.items()}
