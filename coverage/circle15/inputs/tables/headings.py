"""Find which column of a table holds which field, from the words that bureaus use."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.inputs.tables.columns_read import record
from circle15.inputs.tables.other_units import refuse_other_unit
from circle15.inputs.tables.values import (
    AREAS,
    BEDS,
    DWELLINGS,
    HOUSEHOLDS,
    MEALS,
    MONEY,
    PERSONS,
    PLACES,
    is_unit,
)
from circle15.study.names import first_repeated
from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from circle15.inputs.tables.cells import Table

LEVEL: Final = "/"
"""Separates the lines of a heading, as in 面积(㎡)/建筑面积."""

_UNITS: Final = {
    **AREAS,
    **BEDS,
    **DWELLINGS,
    **HOUSEHOLDS,
    **MEALS,
    **MONEY,
    **PERSONS,
    **PLACES,
    "度": (1, 1),
    "°": (1, 1),
    "米": (1, 1),
    "m": (1, 1),
}
_TOTALS: Final = frozenset({"总数", "總數", "合计", "合計", "小计", "小計", "数量", "數量", "计"})
_RANKED: Final = frozenset({"zone", "building", "place"})
"""Tables whose fields have a first choice: communities are listed with their subdistricts."""
_BRACKET: Final = re.compile(r"(.*?)[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]?")
_UNIT_WORD: Final = re.compile(r"单位[::]?|單位[::]?")
_NUMBERING: Final = re.compile(r"[(\[]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\].、:](?=\D)")
_MARKS: Final = " *※:?#."
"""Marks around a heading without meaning: *名称, 状态:, Open?"""
_BETWEEN_LETTERS: Final = re.compile(r"(?<=[a-z])[_-]+(?=[a-z])")
_LEAST_LETTERS: Final = 5
_CUT_BYTES = 10

POSITIONS: Final = frozenset({"lon", "lat", "x_m", "y_m", "location"})


@cache
def known_headings() -> dict[str, dict[str, list[str]]]:
    """Return the known headings: kind of table to field to its names."""
    text = resources.files("circle15.inputs.tables").joinpath("headings.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _known() -> frozenset[str]:
    """Words that occur in headings only: not open, closed and the like, which are cells too."""
    text = (
        resources.files("circle15.inputs.facilities").joinpath("statuses.toml").read_text("utf-8")
    )
    cells = {normalise(str(word)) for words in tomllib.loads(text).values() for word in words}
    headings = {
        normalise(word)
        for kind in known_headings().values()
        for words in kind.values()
        for word in words
    }
    return frozenset(headings - cells)


def is_known(heading: str) -> bool:
    """Return whether a word is a usual heading of any table of a bureau."""
    return any(key in _known() for key in keys_of(heading))


@lru_cache(maxsize=4096)
def keys_of(heading: str) -> tuple[str, ...]:
    """
    Spellings by which a heading may be found: as it is, without its unit, by its last line.

    Examples
    --------
    >>> keys_of("建筑面积（㎡）")
    ('建筑面积(m2)', '建筑面积')
    >>> keys_of("户数/新建")
    ('户数/新建', '新建', '新建户数', '户数新建')
    >>> keys_of("规模/日供餐能力(份/日)")[1:3]
    ('规模/日供餐能力', '日供餐能力')
    """
    whole = normalise(heading)
    bare = _bare(whole)
    keys = _keys(whole) if bare == whole else [*_keys(whole), *_keys(bare)]
    return tuple(dict.fromkeys([*keys, *map(_joined, keys)]))


def _keys(whole: str) -> list[str]:
    parts = [_split(part)[0] for part in _lines(whole)]
    while len(parts) > 1 and is_unit(parts[-1], _UNITS):
        parts.pop()
    keys = [whole, LEVEL.join(parts), parts[-1]]
    if len(parts) > 1:
        keys += [parts[-1] + parts[-2], parts[-2] + parts[-1]]
        if parts[-1] in _TOTALS:
            keys.append(parts[-2])
    return keys


def _bare(heading: str) -> str:
    """Heading without its form number, its marks, and instructions on filling it in."""
    bare = _NUMBERING.sub("", heading, count=1) if _NUMBERING.match(heading) else heading
    match = _BRACKET.fullmatch(bare.strip(_MARKS))
    if match is not None and match[1] and match[2] in _form_words():
        bare = match[1]
    return bare.strip(_MARKS) or heading


@cache
def _form_words() -> frozenset[str]:
    return frozenset(map(normalise, known_headings()["other"]["form"]))


def _joined(word: str) -> str:
    """Join English words: operational_status and operational-status are operationalstatus."""
    joined = _BETWEEN_LETTERS.sub("", word)
    return joined if len(joined) >= _LEAST_LETTERS else word


def unit_of(heading: str | None) -> str:
    """
    Return the unit that a heading names; empty where there is none.

    Examples
    --------
    >>> unit_of("用房面积（亩）"), unit_of("面积(㎡)/建筑面积"), unit_of("供餐能力(份/日)")
    ('亩', 'm2', '份/日')
    """
    for part in reversed(_lines(normalise(heading or ""))):
        if is_unit(part, _UNITS):
            return part
        unit = _split(part)[1]
        if unit:
            return unit
    return ""


def _lines(heading: str) -> list[str]:
    """Lines of a heading; the slash of a unit in brackets, as in (份/日), is not a separator."""
    lines, end, in_brackets = [], len(heading), False
    for at in range(len(heading) - 1, -1, -1):
        if heading[at] in "()":
            in_brackets = heading[at] == ")"
        elif heading[at] == "/" and not in_brackets:
            lines.append(heading[at + 1 : end])
            end = at
    return [heading[:end], *reversed(lines)]


def _split(part: str) -> tuple[str, str]:
    """Part of a heading without its unit, and the unit."""
    match = _BRACKET.fullmatch(part)
    if match is None or not match[1]:
        return part, ""
    unit = _UNIT_WORD.sub("", match[2])
    # A shapefile may have cut the bracket open: 建筑面积( has lost its unit.
    return (match[1], unit) if is_unit(unit, _UNITS) or not unit else (part, "")


def find_columns(
    table: Table,
    kind: str,
    mapping: Mapping[str, str],
    *,
    read: Collection[str] | None = None,
    judged: bool = True,
) -> dict[str, str | None]:
    """
    Find which column of a table holds which field.

    Parameters
    ----------
    kind
        The section of the heading list: `facility`, `residential` or `demand`.
    mapping
        Field to heading, from the study; it takes precedence over the list.
    read
        The fields that the caller reads, where these are not all of the kind; for the record.
        Position fields are recorded where they are read (see `points.locate`).
    judged
        Whether an unread column may be one that matters to a table of this kind.

    Returns
    -------
    Field to heading; None where the table has no such column.

    Raises
    ------
    InputDataError
        If the mapping names an unknown field or a heading that the table does not have, or two
        different columns fit one field, or one column fits two, or a heading names a unit in which
        its field is not counted.
    """
    known = known_headings()[kind]
    also = known_headings().get(f"{kind}_also", {})
    last = known_headings().get(f"{kind}_last", {})
    for field in mapping:
        if field not in known:
            raise InputDataError(
                f"'{field}' is not a field of a {kind} table.",
                file=table.file,
                mend=f"Known fields: {', '.join(known)}.",
            )
    found: dict[str, str | None] = {}
    free = [str(name) for name in table.cells.columns if name not in mapping.values()]
    by_key = _by_key(free)
    for field, names in known.items():
        wanted = mapping.get(field)
        if wanted is not None:
            found[field] = _named(table, wanted)
        else:
            lesser = (names, also.get(field, ()), last.get(field, ()))
            have = next(filter(None, (_found(by_key, words) for words in lesser)), [])
            if kind in _RANKED:
                have = sorted(have, key=lambda heading: _rank(heading, names))[:1]
            found[field] = _only_one(table, field, have)
    found = _with_cut_names(table, known, also, found)
    for field, heading in found.items():
        refuse_other_unit(table.file, field, heading)
    wanted_fields = set(known if read is None else read) - POSITIONS
    told = {field: own for field, own in found.items() if field in wanted_fields}
    settled = set(known) - wanted_fields
    record(table, told, kind=kind if judged else None, settled=settled)
    return found


def named_column(table: Table, wanted: str, *, field: str) -> str:
    """
    Return the heading that the study means by a name, whatever its width, spaces or unit.

    Parameters
    ----------
    field
        The field that is read from it, for the record of columns.

    Raises
    ------
    InputDataError
        If there is no such heading, the name fits several, or its unit is none of the field.
    """
    heading = _named(table, wanted)
    refuse_other_unit(table.file, field, heading)
    record(table, {field: heading})
    return heading


def named_columns(
    table: Table, wanted: Sequence[str], *, field: str, other: Collection[str | None] = ()
) -> list[str]:
    """
    Return the headings that the study means by names whose cells are added up.

    Parameters
    ----------
    other
        Columns that hold something else, such as ids and coordinates.

    Raises
    ------
    InputDataError
        As `named_column`; or if two names mean one column, which would count twice; or if one of
        them is among `other`.
    """
    found = [named_column(table, name, field=field) for name in wanted]
    for heading in found:
        refuse_other_unit(table.file, "people", heading)
    record(table, {}, kind="people")
    again = first_repeated(found)
    if again is not None:
        raise InputDataError(
            "is named twice, and its people would count twice.",
            file=table.file,
            column=again,
            mend="Keep one of its names in `value`.",
        )
    taken = next((name for name in found if name in other), None)
    if taken is not None:
        raise InputDataError(
            "is a column of ids or coordinates, not of people.",
            file=table.file,
            column=taken,
            mend="Name the column of people in `value`.",
        )
    return found


def _named(table: Table, wanted: str) -> str:
    have = [str(name) for name in table.cells.columns]
    if wanted in have:
        return wanted
    same = [name for name in have if normalise(name) == normalise(wanted)]
    found = same or _matches(have, [wanted])
    if not found and table.cut_names is not None:
        cut = _cut(wanted, table.cut_names)
        found = [name for name in have if normalise(name) == cut]
    heading = _only_one(table, wanted, found)
    if heading is None:
        raise table.no_column(wanted)
    return heading


def other_areas(table: Table) -> list[str]:
    """Columns of other areas than the floor area, such as 使用面积."""
    return _matches(map(str, table.cells.columns), known_headings()["other"]["not_floor_area"])


def _matches(headings: Iterable[str], names: Iterable[str]) -> list[str]:
    return _found(_by_key(headings), names)


def _by_key(headings: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Spelling to the headings that have it, with their places."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, heading in enumerate(headings):
        for key in keys_of(heading):
            found.setdefault(key, []).append((place, heading))
    return found


def _found(by_key: Mapping[str, list[tuple[int, str]]], names: Iterable[str]) -> list[str]:
    """Headings that match one of the names, in the order of the table."""
    folded = [normalise(name) for name in names]
    keys = {*folded, *map(_joined, folded)}
    return [heading for _, heading in sorted({one for k in keys for one in by_key.get(k, ())})]


def _rank(heading: str, names: Sequence[str]) -> int:
    keys = keys_of(heading)
    return next(i for i, name in enumerate(names) if normalise(name) in keys)


def _only_one(table: Table, field: str, found: list[str]) -> str | None:
    """The one column of a field; columns with the same content count as one."""
    if len(found) > 1:
        first, *others = (table.column(heading) for heading in found)
        if any(cells != first for cells in others):
            raise InputDataError(
                f"the columns {', '.join(found)} all fit '{field}'.",
                file=table.file,
                mend=f'Choose one in the study: columns = {{ {field} = "{found[0]}" }}.',
            )
    return found[0] if found else None


def _with_cut_names(
    table: Table,
    known: Mapping[str, list[str]],
    also: Mapping[str, list[str]],
    found: dict[str, str | None],
) -> dict[str, str | None]:
    """
    Find the fields still missing among headings that were cut to 10 bytes.

    A less specific heading of `also` that may mean several fields is left unread.
    """
    encoding = table.cut_names
    if encoding is None:
        return found
    taken = set(found.values())
    free = [str(name) for name in table.cells.columns if str(name) not in taken]
    first, lesser = (
        {field: {_cut(name, encoding) for name in names} for field, names in words.items()}
        for words in (known, also)
    )
    fields: dict[str, list[str]] = {}
    for heading in free:
        folded = normalise(heading)
        spelled = {folded, _split(folded)[0]}
        own = [field for field, cut in first.items() if found[field] is None and spelled & cut]
        if not own:
            own = [field for field, cut in lesser.items() if found[field] is None and spelled & cut]
            own = own if len(own) == 1 else []
        if own:
            fields[heading] = own
    for heading, possible in fields.items():
        if len(possible) > 1:
            raise InputDataError(
                f"the heading is cut off and may mean {' or '.join(possible)}.",
                file=table.file,
                column=heading,
                mend=f'Choose one in the study: columns = {{ {possible[0]} = "{heading}" }}.',
            )
    by_field: dict[str, list[str]] = {}
    for heading, (field, *_) in fields.items():
        by_field.setdefault(field, []).append(heading)
    return found | {field: _only_one(table, field, have) for field, have in by_field.items()}


def _cut(name: str, encoding: str) -> str:
    """Cut a heading as a shapefile does: to 10 bytes, even within a character."""
    return normalise(name.encode(encoding, "ignore")[:_CUT_BYTES].decode(encoding, "ignore"))
