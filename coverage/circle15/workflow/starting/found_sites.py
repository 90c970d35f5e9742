"""Find the columns and categories of tables of sites, and the columns of residential zones."""

from __future__ import annotations

from collections import Counter
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

_MOST_SHOWN: Final = 5
_SHORTEST: Final = 2
"""Shorter names of categories are not looked for within other words."""


def category_named(word: str) -> str:
    """
    Return the category that a word means.

    Raises
    ------
    InputDataError
        If it means none; the message lists those that are known.
    """
    found = category_of(word, {})
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


def found_sites(file: Path, folder: Path, category: str | None) -> tuple[FoundLayer, list[str]]:
    """
    Find the columns of a table of sites and its categories.

    Parameters
    ----------
    category
        The category of all sites, if it was given.

    Returns
    -------
    The layer, and the categories that it has.

    Raises
    ------
    InputDataError
        If the table cannot be read, two columns fit a field, or no category can be guessed.
    """
    table = read_table(file)
    columns = find_columns(table, "facility", {})
    settings: dict[str, object] = {"file": path_from(folder, file)}
    if category is not None:
        found, own, note = [category], {"category": category}, None
    else:
        found, own, note = _guessed(table, columns, file)
    settings |= own
    mapped = {key: name for key, name in columns.items() if name and key != "category"}
    if mapped:
        settings["columns"] = mapped
    notes = [Note("found", "columns", {"file": file.name, "columns": _listed(mapped)})]
    notes += [note] if note is not None else []
    silent = [key for key in ("status", "floor_area_m2") if columns[key] is None]
    notes += [Note("missing", f"no_{key}", {"file": file.name}) for key in silent]
    return FoundLayer(file, settings, notes), found


def _guessed(
    table: Table, columns: Mapping[str, str | None], file: Path
) -> tuple[list[str], dict[str, str], Note]:
    """Guess the categories: from a column of them, else from the names, else from the file."""
    heading = columns["category"]
    if heading is not None:
        words = [str(clean(cell) or "") for cell in table.column(heading)]
        known = [own for word in words for own in parts_of_word(word, {}).values() if own]
        unknown = dict.fromkeys(w for w in words if None in parts_of_word(w, {}).values())
        if 2 * sum(word not in unknown for word in words) >= len(words):
            detail = {"column": heading, "categories": ", ".join(dict.fromkeys(known))}
            note = Note("found", "category_column", detail)
            if unknown:
                shown = ", ".join(word or "—" for word in list(unknown)[:_MOST_SHOWN])
                note = Note("guessed", "category_words", detail | {"words": shown})
            return list(dict.fromkeys(known)), {"category_column": heading}, note
    names = [str(clean(cell) or "") for cell in table.column(columns["name"])]
    counted = Counter(own for own in map(category_within, names) if own is not None)
    most = counted.most_common(1)
    if most and 2 * most[0][1] >= len(names):
        own, number = most[0]
        detail = {"category": own, "rows": str(number), "of": str(len(names))}
        return [own], {"category": own}, Note("guessed", "category_names", detail)
    in_file = category_within(file.stem)
    if in_file is not None:
        detail = {"category": in_file, "file": file.name}
        return [in_file], {"category": in_file}, Note("guessed", "category_file", detail)
    raise InputDataError(
        "no category can be guessed from its headings, names or file name.",
        file=file,
        mend=f"Give --category. {_known()}",
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
