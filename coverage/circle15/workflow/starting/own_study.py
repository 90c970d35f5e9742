"""Write the `study.toml` of a new study from a bureau's own files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import Circle15Error, InputDataError, MissingFileError, OutsideError
from circle15.study.messages import say
from circle15.study.names import readable_name
from circle15.study.settings.reading import load_study
from circle15.workflow.starting.found_datums import examine, with_datum
from circle15.workflow.starting.found_layers import (
    FoundLayer,
    Note,
    path_from,
    table_lines,
    toml_text,
)
from circle15.workflow.starting.found_people import found_people
from circle15.workflow.starting.found_sites import (
    categories_given,
    found_sites,
    found_zones,
    in_order,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from circle15.study.languages import Language

_DRAFT: Final = "study-draft.toml"
_NETWORK: Final = "network.osm.pbf"
_PEOPLE: Final = "people.csv"
"""Names that stand for files that are missing."""


@dataclass(frozen=True)
class OwnFiles:
    """
    The files that a bureau has; None or empty for those it has not.

    `categories` are words for the category of all `facilities`, or of each in their order.
    """

    network: Path | None = None
    people: tuple[Path, ...] = ()
    facilities: tuple[Path, ...] = ()
    boundary: Path | None = None
    zones: tuple[Path, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def every(self) -> list[Path]:
        """All files."""
        single = [one for one in (self.network, self.boundary) if one is not None]
        return [*single, *self.people, *self.facilities, *self.zones]


@dataclass(frozen=True)
class StartedStudy:
    """A new study: its file, and all notes on what was found, guessed and is missing."""

    study: Path
    notes: Sequence[Note]


@dataclass(frozen=True)
class _Parts:
    """The layers of a new study and what they do not say."""

    people: list[FoundLayer]
    sites: list[FoundLayer]
    zones: list[FoundLayer]
    categories: list[str]
    words: dict[str, str]
    missing: list[Note]


def start_own_study(
    folder: Path,
    files: OwnFiles,
    *,
    as_of: dt.date,
    language: Language = "zh",
    overwrite: bool = False,
    report: Callable[[str], None],
) -> StartedStudy:
    """
    Write a `study.toml` that fits some files, which stay where they are.

    Parameters
    ----------
    folder
        The folder of the study; it may exist and hold the files.
    files
        What there is. What is missing is noted, and the study names a file to put there.
    as_of
        Date at which a facility must be open to count.
    language
        Of the results, and of the notes in the file.
    overwrite
        Whether an existing `study.toml` is replaced.
    report
        Called with the name of each stage as it begins.

    Raises
    ------
    InputDataError
        If the folder has a `study.toml`, or a file is of no use.
    MissingFileError
        If a file does not exist.
    OutsideError
        If the folder cannot be written.
    """
    readable_name(folder)
    study = folder / "study.toml"
    if study.exists() and not overwrite:
        mend = "Choose another folder, or add --force to replace it."
        raise InputDataError("there is a study already.", file=study, mend=mend)
    for file in files.every:
        if not file.exists():
            raise MissingFileError("no such file.", file=file, mend="Correct the path.")
    parts = _found(folder, files)
    complete = files.network is not None and bool(parts.people)
    draft = folder / _DRAFT
    try:
        if complete:
            _write(draft, _text(folder, files, parts, as_of, language))
            parts = _with_datums(draft, parts, report)
        _write(draft, _text(folder, files, parts, as_of, language))
        if complete:
            load_study(draft)  # the file must be one that the other commands take
        draft.replace(study)
    finally:
        draft.unlink(missing_ok=True)
    layers = [*parts.people, *parts.sites, *parts.zones]
    return StartedStudy(study, [*(n for one in layers for n in one.notes), *parts.missing])


def _found(folder: Path, files: OwnFiles) -> _Parts:
    people = found_people(files.people, folder) if files.people else _people_of(files.zones, folder)
    given = categories_given(files.categories, files.facilities)
    sites = [
        found_sites(file, folder, own) for file, own in zip(files.facilities, given, strict=True)
    ]
    categories = in_order(one for own in sites for one in own.categories)
    words = {word: meant for own in reversed(sites) for word, meant in own.words.items()}
    zones = [found_zones(file, folder) for file in files.zones]
    gaps = {
        "no_network": files.network is None,
        "no_people": not people,
        "no_boundary": files.boundary is None,
        "no_facilities": not files.facilities,
        "no_zones": not files.zones,
        "no_calibration": any("raster" in one.settings for one in people),
    }
    missing = [Note("missing", code) for code, is_missing in gaps.items() if is_missing]
    missing += [Note("missing", code) for code in ("no_subdistricts", "no_packs", "no_capacity")]
    return _Parts(people, [own.layer for own in sites], zones, categories, words, missing)


def _people_of(zones: Sequence[Path], folder: Path) -> list[FoundLayer]:
    """Return the people or households of lists of zones, for a study that has no other ones."""
    try:
        found = found_people(zones, folder)
    except InputDataError:
        return []
    told = Note("guessed", "people_of_zones")
    return [replace(layer, notes=[told, *layer.notes]) for layer in found]


def _with_datums(draft: Path, parts: _Parts, report: Callable[[str], None]) -> _Parts:
    """Return the layers with the datums that the streets speak for, or a note why not."""
    try:
        found = examine(load_study(draft), report)
    except Circle15Error as error:
        note = Note("missing", "not_tested", {"reason": str(error)})
        return replace(parts, missing=[note, *parts.missing])
    return replace(
        parts,
        people=[with_datum(one, found) for one in parts.people],
        sites=[with_datum(one, found) for one in parts.sites],
        zones=[with_datum(one, found) for one in parts.zones],
    )


def _text(folder: Path, files: OwnFiles, parts: _Parts, as_of: dt.date, language: Language) -> str:
    """Return the text of `study.toml`."""

    def words(*notes: Note) -> list[str]:
        return [note.words(language) for note in notes]

    name = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip(".-") or "my-study"
    head = {"name": name, "title": name, "as_of": as_of, "language": language}
    lines = [f"# {say('init.head', language)}", *table_lines("[study]", head, words(_AS_OF))]
    if files.boundary is not None:
        boundary = {"boundary": path_from(folder, files.boundary)}
        lines += table_lines("[area]", boundary)
    if files.network is None:
        lines += table_lines("[network]", {"file": _NETWORK}, words(Note("missing", "no_network")))
    else:
        lines += table_lines("[network]", {"file": path_from(folder, files.network)})
    groups = [one.settings["group"] for one in parts.people] or ["p60"]
    lines += table_lines("[demand]", {"group": groups[0]}, words(_JUDGED))
    if not parts.people:
        settings = {"group": "p60", "points": _PEOPLE, "value": "p60"}
        note = Note("missing", "no_people")
        lines += table_lines("[[demand.layers]]", settings, words(note))
    for key, layers in (
        ("demand.layers", parts.people),
        ("facilities", parts.sites),
        ("residential_zones", parts.zones),
    ):
        for one in layers:
            lines += table_lines(f"[[{key}]]", one.settings, words(*one.notes))
    if parts.words:
        meant = {toml_text(word): category for word, category in parts.words.items()}
        lines += table_lines("[category_words]", meant, words(Note("guessed", "category_meant")))
    if parts.categories:
        lines += table_lines("[circle]", {"require": parts.categories}, words(_REQUIRED))
    told = {"no_network", "no_people"}
    left = [note for note in parts.missing if note.code not in told]
    lines += [f"# {text}" for text in words(*left)]
    return "\n".join(lines) + "\n"


_AS_OF: Final = Note("guessed", "as_of")
_JUDGED: Final = Note("guessed", "judged")
_REQUIRED: Final = Note("guessed", "required")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutsideError(f"{path.parent} cannot be written ({error.strerror}).") from error
