"""Run a stage, or read what it returned when everything that it gets was the same."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from circle15.study.database_tables import DatabaseTable
from circle15.workflow.cache.entries import DamagedError, Store
from circle15.workflow.cache.notes import noted_apart
from circle15.workflow.cache.place import cache_folder
from circle15.workflow.reruns.fingerprint import loaded_program, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.inputs.files.source_files import SourceFiles
    from circle15.study.settings.records import Study
    from circle15.workflow.reruns.program_state import ProgramState

SETTINGS: Final = "circle15.study."
"""Room of the records of settings."""
_Made = TypeVar("_Made")
_DEEPEST: Final = 3
"""Results of stages are known as arguments of later ones down to this depth."""


class NotKnownError(TypeError):
    """A stage gets something that is neither settings nor what an earlier stage returned."""


@dataclass
class Kept:
    """
    The stages of one run that are kept on disk.

    The key of a stage is made of everything that it gets: settings, each file in them by the
    content of the file and of its parts, and results of earlier stages by their keys; of the
    program with its libraries; and of the stage's own name. So a stage that learns a new parameter
    has it in its key.

    Attributes
    ----------
    log
        What became of each stage: `read`, `made`, or `made again` where an entry was damaged.
    """

    _store: Store | None = None
    _program: str = ""
    _sources: SourceFiles | None = None
    _accepted: bool = False
    log: dict[str, str] = field(default_factory=dict)
    _known: dict[int, tuple[str, Any]] = field(default_factory=dict)
    _fresh: list[tuple[str, str, Any]] = field(default_factory=list)

    def begun(self, study: Study, sources: SourceFiles) -> Kept:
        """Return this after noting the study that is read and its files, hashed before that."""
        self._sources = sources
        self._accepted = study.unknown_shift == "accept"
        return self

    def made(self, stage: str, work: Callable[..., _Made], *given: Any) -> _Made:
        """
        Return what a stage returns for what it gets.

        Parameters
        ----------
        stage
            Its name.
        work
            The function that is the stage; it must depend on nothing else.
        given
            Its arguments: settings, and results of earlier stages or parts of them.
        """
        key = self._key(stage, given)
        if key is None or self._store is None:
            return work(*given)
        said = "made"
        try:
            result, notes = self._store.read(stage, key)
            said = "read"
        except KeyError as error:
            if isinstance(error, DamagedError):
                said = "made again"
            with noted_apart(accepted=self._accepted) as notes:
                result = work(*given)
            self._fresh.append((stage, key, (result, notes)))
        self.log[stage] = said
        notes.repeat()
        self._know(result, key)
        made: _Made = result
        return made

    def write(self) -> None:
        """Write the stages that were made, once it is certain that no file changed meanwhile."""
        for stage, key, value in self._fresh:
            if self._store is not None and not self._store.write(stage, key, value):
                self.log[stage] = "made, not kept"
        self._fresh.clear()

    def _key(self, stage: str, given: tuple[Any, ...]) -> str | None:
        """Return the key of a stage; None where what it gets is not known."""
        if self._store is None or self._sources is None:
            return None
        try:
            whole = [self._program, stage, self._accepted, [self._text(one) for one in given]]
        except NotKnownError:
            return None
        text = json.dumps(whole, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def _text(self, value: Any) -> Any:
        if id(value) in self._known:
            return ["stage", self._known[id(value)][0]]
        _refuse_tables(value)
        try:
            return plain(value, self._named)
        except TypeError as error:
            raise NotKnownError from error

    def _named(self, path: Path) -> Any:
        """Return what stands for a file: its path, as results and messages hold it, and content."""
        assert self._sources is not None
        if path == self._sources.of_study[0]:
            return str(path)  # whose settings the stages get one by one
        content = self._sources.content(path)
        if not content and os.path.lexists(path):
            raise NotKnownError(path)  # a file that was not hashed
        return [str(path), content]

    def _know(self, value: Any, key: str, deep: int = 0) -> None:
        """Remember results of a stage with their key, so that later stages may get them."""
        if type(value).__module__.startswith(SETTINGS):
            return  # which are compared by what they say
        if is_dataclass(value) or isinstance(value, pd.DataFrame):
            self._known.setdefault(id(value), (key, value))
        if deep == _DEEPEST or isinstance(value, pd.DataFrame):
            return
        parts: dict[Any, Any] = {}
        if isinstance(value, dict):
            parts = value
        elif isinstance(value, tuple):
            parts = dict(enumerate(value))
        elif is_dataclass(value):
            parts = {one.name: getattr(value, one.name) for one in fields(value)}
        for name, part in parts.items():
            self._know(part, f"{key}/{name}", deep + 1)


def kept_stages() -> Kept:
    """Return the cache of this user; one that keeps nothing where there is none."""
    folder, program = cache_folder(), loaded_program()
    if folder is None or program is None:
        return Kept()
    return Kept(Store(folder), _program_text(program))


def _program_text(program: ProgramState) -> str:
    parts = (program.code, program.python, *program.libraries, program.environment)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _refuse_tables(value: Any) -> None:
    """Refuse settings with tables of a database, of which only reading says what they hold."""
    if isinstance(value, DatabaseTable):
        raise NotKnownError
    if isinstance(value, dict | tuple | list):
        for one in value.values() if isinstance(value, dict) else value:
            _refuse_tables(one)
    elif is_dataclass(value) and type(value).__module__.startswith(SETTINGS):
        for part in fields(value):
            _refuse_tables(getattr(value, part.name))
