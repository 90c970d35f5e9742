"""Read `study.toml`; unknown keys are refused with the nearest known key as a hint."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15.errors import MissingFileError, StudyError, clause
from circle15.study.names import readable_name, require_plain_file
from circle15.study.settings.demand_keys import fault_of_demand, fault_of_zones
from circle15.study.settings.download_paths import EXTENT, beside, kept_place
from circle15.study.settings.files import StudyPlace
from circle15.study.settings.ranges import fault_of_numbers
from circle15.study.settings.records import NetworkSource, Study, StudyHead, StudyTables
from circle15.study.settings.study_faults import Wording
from circle15.study.settings.walkers import fault_of_walkers
from circle15.study.toml_text import parse_toml
from circle15.study.typed_toml.lines import Lines
from circle15.study.typed_toml.reader import TableFaults, read_table
from circle15.study.vocabulary.categories import fault_of_added, fault_of_words, known_categories
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    Found = tuple[str, str, str]


def load_study(path: Path | str) -> Study:
    """
    Read a study file.

    Parameters
    ----------
    path
        A `study.toml`. Relative paths in it are relative to the file; `${NAME}` in a path is
        read from the environment.

    Returns
    -------
    The settings, with every default filled in and every path absolute. The files named in the
    study exist, but have not been opened.

    Raises
    ------
    MissingFileError
        If the study, or a file named in it, does not exist.
    StudyError
        If the file is not TOML, a key is unknown or has the wrong type or value, a required key
        is missing, or an environment variable is not set.

    Examples
    --------
    >>> import circle15 as c15
    >>> c15.load_study("data/sample/study.toml").walk.cutoffs_min
    (5, 10, 15)
    >>> c15.load_study("nowhere/study.toml")
    Traceback (most recent call last):
    ...
    circle15.errors.MissingFileError: nowhere/study.toml: no such file. ...
    """
    path = readable_name(Path(path))
    try:
        require_plain_file(path)
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise MissingFileError(
            "no such file.", file=path, mend="Give the path of a study.toml."
        ) from None
    except IsADirectoryError:
        raise StudyError("is a folder.", file=path, mend="Give its study.toml.") from None
    except UnicodeDecodeError as error:
        raise StudyError(
            f"is not UTF-8 (byte {error.start}).", file=path, mend="Save it as UTF-8."
        ) from None
    try:
        raw = parse_toml(text)
    except ValueError as error:
        raise StudyError(f"is not valid TOML: {clause(error)}.", file=path) from None
    words = Wording(path, Lines.of(text))
    study = _study(raw, path, words)
    return replace(study, sha256=hashlib.sha256(content).hexdigest())


def _study(raw: dict[str, Any], path: Path, words: Wording) -> Study:
    place = StudyPlace(path, path.resolve().parent)
    try:
        tables = read_table(StudyTables, raw, place)
    except TableFaults as error:
        raise words.error(error.faults[0]) from None
    head = {field.name: getattr(tables.study, field.name) for field in fields(StudyHead)}
    found = {field.name: getattr(tables, field.name) for field in fields(StudyTables)}
    head["title"] = head["title"] if "title" in raw["study"] else head["name"]
    del found["study"]
    study = Study(file=path.resolve(), **head, **found)
    wrong = (
        fault_of_demand(study.demand)
        or fault_of_added(study.categories, COMBINED)
        or fault_of_words(study.category_words, study.categories)
        or fault_of_numbers(study)
        or fault_of_zones(study)
        or fault_of_walkers(study)
        or _fault_of_circle(study)
        or _fault_of_capacity(study)
        or _fault_of_siting(study)
    )
    if wrong is not None:
        raise words.fail(*wrong)
    return replace(study, network=_with_kept_place(study, place))


def _with_kept_place(study: Study, place: StudyPlace) -> NetworkSource:
    """Return the network settings with the paths of a place's download and its extent."""
    source = study.network
    if source.place is None:
        return source
    kept = kept_place(place.folder, source.place, study.walk.reach_m)
    return replace(source, file=kept, extent=source.extent or beside(kept, EXTENT))


def _fault_of_circle(study: Study) -> Found | None:
    known = [*known_categories(), *study.categories]
    for category in study.circle.require:
        if category not in known:
            mend = f"Known: {', '.join(known)}; add your own under [categories]."
            return "circle.require", f"{category!r} is not a category.", mend
    return None


def _fault_of_capacity(study: Study) -> Found | None:
    """Say which category of `[capacity]` does not fit the rest of the study."""
    known = [*known_categories(), *study.categories]
    cutoffs = study.walk.cutoffs_min
    for category, one in study.capacity.items():
        where = f"capacity.{category}"
        if category not in known:
            mend = f"Known: {', '.join(known)}; add your own under [categories]."
            return where, "is not a category.", mend
        if one.weights and len(one.weights) != len(cutoffs):
            found = f"are {len(one.weights)}, and walk.cutoffs_min has {len(cutoffs)} cutoffs."
            return f"{where}.weights", found, "Give each cutoff its weight."
    return None


def _fault_of_siting(study: Study) -> Found | None:
    """Return the fault of a siting question that does not fit the rest of the study."""
    known = [*known_categories(), *study.categories]
    for name, one in study.siting.items():
        where = f"siting.{name}"
        if one.category not in known:
            mend = f"Known: {', '.join(known)}; add your own under [categories]."
            return f"{where}.category", f"{one.category!r} is not a category.", mend
        asked = study.capacity.get(one.category)
        if one.objective == "served" and (asked is None or asked.per_person is None):
            found = "is 'served', and [capacity] does not say how much a person needs."
            mend = f"Add {one.category} with per_person under [capacity]."
            return f"{where}.objective", found, mend
        needed = {} if one.street_floor is None else {"street_floor": "streets"}
        if one.most_per is not None:
            needed["most_per"] = "streets" if one.most_per.level == "street" else "communities"
        for key, layer in needed.items():
            if getattr(study.area, layer) is None:
                found = f"is given, and the study has no {layer}."
                return f"{where}.{key}", found, f"Add area.{layer}, or take it out."
    return None
