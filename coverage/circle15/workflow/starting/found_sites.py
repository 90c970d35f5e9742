"""Find the columns and categories of tables of sites, and the columns of residential zones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.inputs.facilities.site_categories import parts_of_word
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.values import clean
from circle15.study.vocabulary.categories import category_of, known_categories, normalise
from circle15.workflow.starting.found_layers import FoundLayer, Note, path_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from circle15.inputs.table_sources import Table

_AUTO: Final = "auto"
_MOST_SHOWN: Final = 5
_SHORTEST: Final = 2
"""Shorter names of categories are not looked for within other words."""


def category_named(word: str) -> str | None:
    """
    Return the category that a word means; None for `auto`, which leaves it to the list.

    Raises
    ------
    InputDataError
        If it means none; the message lists those that are known.
    """
    found = category_of(word, {})
    if found is None and word.strip().casefold() == _AUTO:
        return None
    if found is None:
        raise InputDataError(f"'{word}' is not a category.", mend=_known())
    return found


def category_within(text: str) -> str | None:
    """
    Return the category whose longest name stands within a text; None if none does.

    Examples
    --------
    >>> category_within("春江社区居家养老服务站"), category_within("文化公园") is None
    ('home_care_station', True)
    """
    key = normalise(text).replace("_", "").replace("-", "")
    return next((own for name, own in _longest_first() if name in key), None)


@cache
def _longest_first() -> tuple[tuple[str, str], ...]:
    names = {
        normalise(word).replace("_", "").replace("-", ""): one.id
        for one in reversed([*known_categories().values()])
        for word in (one.id, one.zh, one.en, *one.aliases)
    }
    usable = [(name, own) for name, own in names.items() if len(name) >= _SHORTEST]
    return tuple(sorted(usable, key=lambda one: (-len(one[0]), one[0])))


@dataclass(frozen=True)
class FoundSites:
    """A table of sites: its layer, the categories that it has, and what its other words mean."""

    layer: FoundLayer
    categories: Sequence[str]
    words: Mapping[str, str] = field(default_factory=dict)


def found_sites(file: Path, folder: Path, category: str | None) -> FoundSites:
    """
    Find the columns of a table of sites and its categories.

    Parameters
    ----------
    category
        The category of all sites, if it was given.

    Returns
    -------
    The layer, the categories that it has, and guesses for words that are no categories.

    Raises
    ------
    InputDataError
        If the table cannot be read, two columns fit a field, or no category can be guessed.
    """
    table = read_table(file)
    columns = find_columns(table, "facility", {})
    settings: dict[str, object] = {"file": path_from(folder, file)}
    mapped = {key: name for key, name in columns.items() if name and key != "category"}
    column = _column_of_words(table, columns)
    words: Mapping[str, str] = {}
    if category is not None:
        found, own, about = [category], {"category": category}, _left_aside(column, category, file)
    elif column is not None:
        words = column.meant
        found, own, about = column.categories, {"category_column": column.heading}, column.notes()
    else:
        found, own, note = _guessed(table, columns, file)
        about = [note]
    settings |= own
    if mapped:
        settings["columns"] = mapped
    notes = [Note("found", "columns", {"file": file.name, "columns": _listed(mapped)}), *about]
    silent = [key for key in ("facility_id", "status", "floor_area_m2") if columns[key] is None]
    notes += [Note("missing", f"no_{key}", {"file": file.name}) for key in silent]
    return FoundSites(FoundLayer(file, settings, notes), found, words)


@dataclass(frozen=True)
class _Words:
    """A column of words for categories; `meant` are guesses, `unknown` means nothing known."""

    file: str
    heading: str
    known: Sequence[str]
    meant: Mapping[str, str]
    unknown: Sequence[str]

    @property
    def categories(self) -> list[str]:
        return [*dict.fromkeys([*self.known, *self.meant.values()])]

    def notes(self) -> list[Note]:
        """Return how the column is read, and what is guessed."""
        named = ", ".join(self.categories)
        detail = {"file": self.file, "column": self.heading, "categories": named}
        notes = [Note("found", "category_column", detail)]
        if self.unknown:
            shown = ", ".join(word or "—" for word in self.unknown[:_MOST_SHOWN])
            notes = [Note("guessed", "category_words", detail | {"words": shown})]
        if self.meant:
            told = ", ".join(f"{word} = {own}" for word, own in self.meant.items())
            notes.append(Note("guessed", "category_guess", {"words": told}))
        return notes


def _column_of_words(table: Table, columns: Mapping[str, str | None]) -> _Words | None:
    """
    Return the column of categories: the one of that heading, else one of which most words are some.

    A column is one if at least half of its cells mean categories; where its heading says nothing,
    at least two different words must.
    """
    heading = columns["category"]
    if heading is not None:
        return _words_in(table, heading, least=1)
    read = {name for name in columns.values() if name is not None}
    free = [str(name) for name in table.cells.columns if str(name) not in read]
    found = [own for name in free if (own := _words_in(table, name, least=2)) is not None]
    return max(found, key=lambda one: len(one.known), default=None)


def _words_in(table: Table, heading: str, *, least: int) -> _Words | None:
    words = [str(clean(cell) or "") for cell in table.column(heading)]
    parts = {word: parts_of_word(word, {}) for word in dict.fromkeys(words)}
    known = [own for word in words for own in parts[word].values() if own]
    open_parts = dict.fromkeys(
        part for found in parts.values() for part, own in found.items() if own is None
    )
    guesses = {part: category_within(part) for part in open_parts}
    meant = {part: own for part, own in guesses.items() if own is not None}
    unknown = [part for part, own in guesses.items() if own is None]
    read = sum(all(own or part in meant for part, own in parts[word].items()) for word in words)
    various = {part for found in parts.values() for part, own in found.items() if own} | {*meant}
    if not (known or (meant and least == 1)) or 2 * read < len(words) or len(various) < least:
        return None
    return _Words(table.file.name, heading, known, meant, unknown)


def _left_aside(column: _Words | None, category: str, file: Path) -> list[Note]:
    """Say that a column of other categories is not used, as one was given for all sites."""
    if column is None or set(column.categories) <= {category}:
        return []
    named = ", ".join(column.categories)
    detail = {"column": column.heading, "file": file.name, "categories": named}
    return [Note("guessed", "category_left", detail)]


def _guessed(
    table: Table, columns: Mapping[str, str | None], file: Path
) -> tuple[list[str], dict[str, str], Note]:
    """Guess the category of all sites: from their names, else from the file."""
    names = [str(clean(cell) or "") for cell in table.column(columns["name"])]
    counted = Counter(own for own in map(category_within, names) if own is not None)
    most = counted.most_common(1)
    if most and 2 * most[0][1] >= len(names):
        own, number = most[0]
        detail = {"category": own, "rows": str(number), "of": str(len(names)), "file": file.name}
        return [own], {"category": own}, Note("guessed", "category_names", detail)
    in_file = category_within(file.stem)
    if in_file is not None:
        detail = {"category": in_file, "file": file.name}
        return [in_file], {"category": in_file}, Note("guessed", "category_file", detail)
    raise InputDataError(
        "no category can be guessed from its headings, names or file name.",
        file=file,
        mend="Give --category: once for all lists, or once for each in their order, auto for a list"
        f" that needs none. {_known()}",
    )


def found_zones(file: Path, folder: Path) -> FoundLayer:
    """
    Find the columns of a table of residential zones.

    Raises
    ------
    InputDataError
        If the table cannot be read, or two columns fit a field.
    """
    table = read_table(file)
    columns = find_columns(table, "residential", {})
    mapped = {key: name for key, name in columns.items() if name}
    settings: dict[str, object] = {"file": path_from(folder, file)}
    if mapped:
        settings["columns"] = mapped
    notes = [Note("found", "columns", {"file": file.name, "columns": _listed(mapped)})]
    lacking = [key for key in ("zone_id", "kind", "households") if columns[key] is None]
    if lacking:
        detail = {"file": file.name, "fields": ", ".join(lacking)}
        notes.append(Note("missing", "zone_fields", detail))
    return FoundLayer(file, settings, notes)


def _listed(mapped: Mapping[str, str]) -> str:
    return ", ".join(f"{name} → {key}" for key, name in mapped.items()) or "—"


def _known() -> str:
    return f"Known categories: {', '.join(known_categories())}."


def categories_given(words: Sequence[str], files: Sequence[Path]) -> list[str | None]:
    """
    Return the category of each file of sites: one for all, or one for each in their order.

    Raises
    ------
    InputDataError
        If a word is no category, or there are neither one nor as many as files.
    """
    found = [category_named(word) for word in words]
    if len(found) not in {0, 1, len(files)}:
        raise InputDataError(
            f"there are {len(found)} categories for {len(files)} files of facilities.",
            mend="Give one category for all files, or one for each in their order.",
        )
    if not found:
        return [None for _ in files]
    return [*found] if len(found) == len(files) else [found[0] for _ in files]


def in_order(categories: Iterable[str]) -> list[str]:
    """Return categories once each, in the order of the known ones."""
    chosen = set(categories)
    return [one for one in known_categories() if one in chosen]
