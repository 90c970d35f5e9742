"""The scenarios of a study: the tables `[scenarios.NAME]`, each a list of changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import PlainValidator, WithJsonSchema

from circle15.errors import InputDataError, StudyError
from circle15.study.database_tables import Source
from circle15.study.names import names_folder
from circle15.study.settings.files import IdsOrTable, StudyPlace, TableSource
from circle15.study.settings.named_layers import LayeredTable, refuse_sheets_alone
from circle15.study.settings.study_faults import Wording
from circle15.study.settings.words import Datum
from circle15.study.typed_toml.lines import Lines
from circle15.study.typed_toml.reader import TableFaults, nearest, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALL_GATES: Final = "all"
_CHANGES: Final = ("add", "close", "change", "links", "open_gates", "homes")


def _gates(value: object) -> tuple[int, ...] | str:
    if value == ALL_GATES:
        return ALL_GATES
    mend = 'Write "all", or a list of ids of OpenStreetMap nodes, such as [4711].'
    if not isinstance(value, list | tuple):
        raise InputDataError(f"is {value!r}.", mend=mend)
    for one in value:
        if isinstance(one, bool) or not isinstance(one, int):
            raise InputDataError(f"{one!r} is not the id of a node.", mend=mend)
    again = next((one for one, times in Counter(value).items() if times > 1), None)
    if again is not None:
        raise InputDataError(f"{again} occurs twice.", mend="Keep one.")
    return tuple(value)


Gates = Annotated[
    tuple[int, ...] | Literal["all"],
    PlainValidator(_gates),
    WithJsonSchema(
        {"anyOf": [{"const": ALL_GATES}, {"type": "array", "items": {"type": "integer"}}]}
    ),
]
"""`all`, or ids of OpenStreetMap nodes."""


@dataclass(frozen=True, slots=True)
class Scenario(LayeredTable):
    """
    Changes of a study: sites added, closed and changed, new links, opened gates, new homes.

    `add`, `change` and `homes` are tables with the usual headings; `datum` and `crs` apply to
    their positions. `close` is a list of ids, or a table of them.
    """

    add: TableSource | None = None
    add_sheet: str | None = None
    close: IdsOrTable = ()
    close_sheet: str | None = None
    change: TableSource | None = None
    change_sheet: str | None = None
    links: TableSource | None = None
    links_sheet: str | None = None
    open_gates: Gates = ()
    homes: TableSource | None = None
    homes_sheet: str | None = None
    datum: Datum | None = None
    crs: str | None = None

    def check(self) -> None:
        """Refuse a scenario that changes nothing."""
        refuse_sheets_alone(self)
        if not any(getattr(self, key) for key in _CHANGES):
            raise InputDataError(
                "changes nothing.",
                mend=f"Name what it changes: {', '.join(_CHANGES)}; or take it out.",
            )

    @property
    def files(self) -> Iterator[Source]:
        """Files and database tables that the scenario names."""
        named: tuple[Any, ...] = (self.add, self.close, self.change, self.links, self.homes)
        yield from (one for one in named if isinstance(one, Source))


@dataclass(frozen=True, slots=True)
class Changes:
    """The scenario by which a study was changed, and its name."""

    name: str
    scenario: Scenario


def changes_of(
    name: str, changes: Mapping[str, Any], known: Mapping[str, Scenario], file: Path
) -> Changes:
    """
    Return a scenario of a study by its name, or read one from changes.

    Parameters
    ----------
    name
        Its name.
    changes
        Keys and values of its table, with paths relative to the current folder; empty for a
        scenario of the study.
    known
        The scenarios of the study.
    file
        The study file, for messages.

    Raises
    ------
    StudyError
        If the study has no such scenario, or a key is wrong.
    MissingFileError
        If a file does not exist.
    """
    return Changes(name, _read(name, changes, file) if changes else _named(name, known, file))


def _named(name: str, known: Mapping[str, Scenario], file: Path) -> Scenario:
    """Return a scenario of the study."""
    if name in known:
        return known[name]
    names = tuple(known)
    near = nearest(name, names, cutoff=0.5)
    have = f"The study has {', '.join(names)}." if names else "The study has no [scenarios.NAME]."
    raise StudyError(
        f"[scenarios.{name}] is not in the study. {have}",
        file=file,
        mend=f"Did you mean '{near}'?" if near else "Add the table, or name one that it has.",
    )


def _read(name: str, changes: Mapping[str, Any], file: Path) -> Scenario:
    """Read changes like a table of the study."""
    if not names_folder(name):
        mend = "Use letters, digits, '-', '_' and '.', 200 bytes at most."
        raise StudyError(f"{name!r} cannot name a folder.", file=file, mend=mend)
    words = {key: str(one) if isinstance(one, Path) else one for key, one in changes.items()}
    try:
        return read_table(Scenario, words, StudyPlace(file, Path.cwd()))
    except TableFaults as error:
        raise Wording(file, Lines({})).error(error.faults[0]) from None
