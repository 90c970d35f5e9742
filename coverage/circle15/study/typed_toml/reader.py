"""Read tables of TOML into typed records, and name everything that is wrong with them."""

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
"""How pydantic ends the place of a key, where it is the key that is wrong."""
_LONGEST_KEY: Final = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing that is wrong with a table.

    Attributes
    ----------
    place
        Keys and numbers of rows on the way to it, as in `("rules", 0, "unit")`.
    kind
        `unknown` (a key), `missing` (a key), `choice` (no word of a list), `said` (a message of
        its own), or pydantic's name of a wrong type, such as `string_type`.
    value
        What stands there.
    allowed
        The known keys beside an unknown one, or the words that may stand there.
    error
        What says itself what is wrong; None for the others.
    """

    place: Place
    kind: str
    value: object = None
    allowed: tuple[str, ...] = ()
    error: InputDataError | None = None

    @property
    def path(self) -> str:
        """
        The place as text.

        Examples
        --------
        >>> Fault(("rules", 0, "unit"), "missing").path
        'rules[0].unit'
        """
        return place_text(self.place)


class TableFaults(Exception):  # noqa: N818 - faults of a file, which its reader puts in words
    """A table that cannot be read, with all of its faults; misspelt keys come first."""

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
    context
        What checks of single values need: the folder of the file, ids that are known.

    Raises
    ------
    TableFaults
        If anything is wrong with it.
    """
    try:
        found: _T = adapter(cast("Any", kind)).validate_python(content, context=context)
    except ValidationError as error:
        faults = [_fault(kind, content, one) for one in error.errors(include_url=False)]
    else:
        return found
    # A misspelt key is the cause of the missing one beside it.
    raise TableFaults(sorted(faults, key=lambda fault: fault.kind != "unknown"))


def place_text(place: Place) -> str:
    """
    Write a place as a path of keys.

    Examples
    --------
    >>> place_text(("demand", "layers", 1, "group"))
    'demand.layers[1].group'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in place)
    return text.removeprefix(".")


def _key(text: str) -> str:
    """Write a key so that a message stays one short line, whatever the key holds."""
    written = text if text.isprintable() else ascii(text)[1:-1]
    return written if len(written) <= _LONGEST_KEY else f"{written[:_LONGEST_KEY]}…"


def nearest(word: str, known: tuple[str, ...], *, cutoff: float) -> str | None:
    """Return the known word that is most like another; None where none is like it enough."""
    near = get_close_matches(word, known, n=1, cutoff=cutoff)
    return near[0] if near else None


def _fault(kind: Any, content: Any, error: Any) -> Fault:
    """Put a fault that pydantic has found in the words of this module."""
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
    Return the keys of a table with the types of what they hold.

    Parameters
    ----------
    kind
        A record; a field may have another name than its key (`Field(alias=…)`).
    """
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for field in dataclasses.fields(kind):
        marks = marks_of(hints[field.name])
        alias = next((mark.alias for mark in marks if getattr(mark, "alias", None)), None)
        found[alias or field.name] = hints[field.name]
    return found


def _at(kind: Any, content: Any, place: Place) -> Any:
    """Find the type of what stands at a place of a table."""
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
    """Return what a type is annotated with, also one that may be left out."""
    if get_origin(kind) is Annotated:
        return get_args(kind)[1:]
    parts = get_args(kind) if type(None) in get_args(kind) else ()
    return tuple(mark for part in parts for mark in marks_of(part))


def bare(kind: Any) -> Any:
    """Take off what stands around a type: its checks, and that it may be left out."""
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
    Read a file of the package itself into a record; a fault in it is a fault of circle15.

    Parameters
    ----------
    package
        Package in which the file lies, as `circle15.study.vocabulary`.
    """
    text = resources.files(package).joinpath(name).read_text("utf-8")
    return read_table(kind, parse_toml(text))


def with_ids(rows: Mapping[str, Any]) -> dict[str, Any]:
    """
    Write the key of each table into it, as its id.

    Examples
    --------
    >>> with_ids({"bath_point": {"zh": "助浴点"}})
    {'bath_point': {'zh': '助浴点', 'id': 'bath_point'}}
    """
    return {key: row | {"id": key} if isinstance(row, dict) else row for key, row in rows.items()}
