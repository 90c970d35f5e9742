"""Find the people in rasters and tables: which group each file or column counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.inputs.crs.points import has_positions
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.headings import unit_of
from circle15.inputs.tables.values import PERSONS, clean, parse_quantity
from circle15.study.vocabulary.categories import normalise
from circle15.workflow.starting.found_layers import FoundLayer, Note, path_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.inputs.table_sources import Table

RASTERS: Final = frozenset({".tif", ".tiff"})
_AGES: Final = (60, 65, 70, 80)
_OLDEST_FIRST: Final = ("p80", "p70", "p65", "p60")
_OTHERS: Final = {
    "p0_3": re.compile(r"p0_3|0[-~至]3岁|婴幼儿|infants?$"),
    "households": re.compile(r"户数|戶數|households"),
    "total": re.compile(r"total|人口|人数|人數|population|persons|people|residents|pop|ppp"),
}
_BY_SEX: Final = re.compile(r"(?:^|_)(?:[fm]_(\d{1,2})|(\d{1,2})_[fm])(?=_|$)")
"""Rasters of one sex and five years of age, such as chn_f_60_2020."""
JUDGED: Final = ("p60", "p65", "p70", "p80", "total", "p0_3", "households")
"""Groups in the order in which one is proposed to be judged."""


def group_of(name: str) -> str | None:
    """
    Return the group of people that a heading or a file name means; None if it is none.

    Examples
    --------
    >>> group_of("60岁及以上人口"), group_of("population_60plus_core"), group_of("population")
    ('p60', 'p60', 'total')
    >>> group_of("schools") is None
    True
    """
    text = normalise(name)
    for group in _OLDEST_FIRST:
        age = group[1:]
        if re.search(rf"p{age}(?!\d)|(?<!\d){age}(?:\+|plus|岁|歲|以上|over)|over{age}", text):
            return group
    return next((group for group, pattern in _OTHERS.items() if pattern.search(text)), None)


def found_people(files: Sequence[Path], folder: Path) -> list[FoundLayer]:
    """
    Find the groups of people in rasters and tables with positions.

    Raises
    ------
    InputDataError
        If a table cannot be read, has no positions, or no column counts people.
    """
    rasters = [file for file in files if file.suffix.lower() in RASTERS]
    layers = _of_rasters(rasters, folder)
    for file in files:
        if file not in rasters:
            layers += _of_table(file, folder)
    return _one_of_each_group(layers)


def _of_rasters(files: Sequence[Path], folder: Path) -> list[FoundLayer]:
    by_sex = {file: match for file in files if (match := _BY_SEX.search(file.stem.lower()))}
    layers = [_raster(file, folder) for file in files if file not in by_sex]
    ages = {file: int(match[1] or match[2]) for file, match in by_sex.items()}
    if not ages:
        return layers
    least = min(age for age in (*ages.values(), 80) if age in _AGES or age > _AGES[0])
    used = sorted((age, file) for file, age in ages.items() if age >= least)
    left = [file.name for file in ages if (ages[file], file) not in used]
    group = f"p{least}" if least in _AGES else "p60"
    detail = {"group": group, "ages": ", ".join(str(age) for age in sorted({a for a, _ in used}))}
    notes = [Note("guessed", "people_ages", detail)]
    if left:
        notes.append(Note("missing", "people_left", {"files": ", ".join(left)}))
    names = [path_from(folder, file) for _, file in used]
    return [*layers, FoundLayer(used[0][1], {"group": group, "raster": names}, notes)]


def _raster(file: Path, folder: Path) -> FoundLayer:
    group = group_of(file.stem)
    code = "people_of_file" if group else "people_unknown"
    found = group or "total"
    note = Note("guessed", code, {"file": file.name, "group": found})
    return FoundLayer(file, {"group": found, "raster": [path_from(folder, file)]}, [note])


def _of_table(file: Path, folder: Path) -> list[FoundLayer]:
    table = read_table(file)
    columns = find_columns(table, "demand", {})
    if not has_positions(table, columns):
        raise InputDataError(
            "has people but no positions.",
            file=file,
            mend="Give a raster, or points or polygons with people; for counts of zones see "
            "docs/inputs.md.",
        )
    found: dict[str, str] = {}
    for heading in map(str, table.cells.columns):
        group = group_of(heading)
        if group is None or group in found or heading in columns.values():
            continue
        if _counts(table, heading):
            found[group] = heading
    if not found:
        raise InputDataError(
            "no column counts people.",
            file=file,
            mend="Call one of them 60岁及以上, 65+, p60 or population.",
        )
    return [
        FoundLayer(
            file,
            {"group": group, "points": path_from(folder, file), "value": heading},
            [
                Note(
                    "guessed",
                    "people_of_column",
                    {"column": heading, "file": file.name, "group": group},
                )
            ],
        )
        for group, heading in found.items()
    ]


def _counts(table: Table, heading: str) -> bool:
    """Return whether every cell of a column is a number of people, and one is above 0."""
    numbers = []
    for cell in table.column(heading):
        try:
            number = parse_quantity(cell, PERSONS, unit_of(heading))
        except ValueError:
            return False
        if clean(cell) is not None and number is None:
            return False
        numbers.append(number or 0)
    return any(number > 0 for number in numbers)


def _one_of_each_group(layers: Sequence[FoundLayer]) -> list[FoundLayer]:
    """
    Keep the layers of the people's first file of each group.

    Raises
    ------
    InputDataError
        If two files count the same group.
    """
    found: dict[str, FoundLayer] = {}
    for layer in layers:
        group = layer.settings["group"]
        if group in found:
            raise InputDataError(
                f"counts the same people ({group}) as {found[group].file.name}.",
                file=layer.file,
                mend="Give one of them, or rename the file or column after its group.",
            )
        found[group] = layer
    return [found[group] for group in JUDGED if group in found]
