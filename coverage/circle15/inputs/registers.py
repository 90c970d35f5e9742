"""Registers: numbers that are not on a map, one row per indicator, year and source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.dates import is_year_only, parse_date
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.values import (
    NegativeNumberError,
    clean,
    code_of,
    parse_flag,
    parse_id,
    parse_number,
)
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding
from circle15.study.vocabulary.indicators import (
    DATE,
    FLAG,
    TEXT,
    Indicator,
    indicators_by_name,
    unit_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.inputs.table_sources import Table
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import Study

Value = Decimal | dt.date | str

_REQUIRED: Final = ("indicator", "value", "source")
_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """
    One number of a register.

    `value` is exact and in the indicator's own unit (a flag is 1 or 0); `year` is the year of the
    data, None where not stated; `object_id` the site, zone or unit that it describes.
    """

    indicator: str
    value: Value
    year: int | None
    source: str
    object_id: str | None
    file: str
    row: int

    @property
    def origin(self) -> str:
        """File and row."""
        return f"{self.file}:{self.row}"


@dataclass(frozen=True)
class Registers:
    """Rows of a register, what was found in it, and the number of rows per file."""

    rows: list[RegisterRow]
    findings: Sequence[Finding]
    files: dict[str, int]


def registers_of(
    study: Study, indicators: Mapping[str, Indicator], facility_ids: set[str]
) -> Registers:
    """Read the register of a study, if it has one; report rows that none of its packs uses."""
    path = study.rules.registers
    if path is None:
        return Registers([], [], {})
    rows, found = read_registers(path, indicators, sheet=study.rules.registers_sheet)
    unused = unused_rows(rows, indicators, facility_ids, study.as_of.year)
    return Registers(rows, [*found, *unused], {str(path): len(rows) + len(found)})


def read_registers(
    path: Source, known: Mapping[str, Indicator], *, sheet: str | None = None
) -> tuple[list[RegisterRow], list[Finding]]:
    """
    Read a register: the columns indicator, value, unit, year, source, and object.

    Parameters
    ----------
    known
        Indicators by id; a cell may hold the id or either name.

    Returns
    -------
    The rows in the order of the file, and the findings: an unknown indicator with the nearest
    known one, a value, unit, year or object that cannot be used. A blank value is unknown, not 0.

    Raises
    ------
    InputDataError
        If a column is missing, or two rows have the same indicator, object, year and source.
    """
    table = read_table(path, sheet=sheet)
    columns = find_columns(table, "register", {})
    for field in _REQUIRED:
        if columns[field] is None:
            raise InputDataError(
                f"has no column '{field}'.",
                file=path,
                mend="Columns: indicator, value, unit, year, source; object where needed.",
            )
    cells = {field: table.column(name) for field, name in columns.items()}
    named = indicators_by_name(known.values())
    findings: list[Finding] = list(table.findings)
    rows: list[RegisterRow] = []
    for i in range(len(table.rows)):
        cell = {field: found[i] for field, found in cells.items()}
        row = _row(table, columns, cell, table.rows[i], named=named)
        if isinstance(row, Finding):
            findings.append(row)
        else:
            rows.append(row)
    _refuse_repeated(rows, path)
    return rows, findings


def _row(
    table: Table,
    columns: Mapping[str, str | None],
    cell: Mapping[str, Any],
    row: int,
    *,
    named: Mapping[str, Indicator],
) -> RegisterRow | Finding:
    """Read one row; report why where it cannot be used."""

    def finding(code: str, field: str, **detail: str) -> Finding:
        column = columns[field] or field
        return Finding(code, "warning", table.file.name, row, column, detail=detail)

    word = clean(cell["indicator"]) or ""
    indicator = named.get(normalise(word))
    if indicator is None:
        return finding("UNKNOWN_INDICATOR", "indicator", value=word, nearest=_nearest(word, named))
    if clean(cell["value"]) is None:
        return finding("REGISTER_BLANK", "value", indicator=indicator.id)
    factor = _factor(clean(cell["unit"]), indicator)
    if factor is None:
        return finding(
            "WRONG_UNIT",
            "unit",
            value=str(clean(cell["unit"]) or ""),
            indicator=indicator.id,
            unit="、".join(_words_of(indicator)),
        )
    try:
        value = _value(cell["value"], indicator, factor)
    except ValueError as error:
        return finding(code_of(error), "value", value=str(cell["value"]))
    try:
        year = _year(cell["year"])
    except ValueError:
        return finding("UNREADABLE", "year", value=str(cell["year"]))
    object_id = parse_id(cell["object"])
    if indicator.object != (object_id is not None):
        code = "OBJECT_MISSING" if indicator.object else "OBJECT_NOT_EXPECTED"
        return finding(code, "object", indicator=indicator.id)
    source = clean(cell["source"])
    if source is None:
        return finding("SOURCE_MISSING", "source", indicator=indicator.id)
    return RegisterRow(indicator.id, value, year, source, object_id, table.file.name, row)


def _nearest(word: str, named: Mapping[str, Indicator]) -> str:
    found = get_close_matches(normalise(word), list(named), n=1, cutoff=0)
    return f"{named[found[0]].id} ({named[found[0]].zh})" if found else ""


def _factor(word: str | None, indicator: Indicator) -> Decimal | None:
    """Factor from a row's unit to the indicator's; None where it does not fit or is missing."""
    if indicator.unit in {DATE, TEXT, FLAG}:
        return Decimal(1)
    return _words_of(indicator).get(normalise(word)) if word is not None else None


def _words_of(indicator: Indicator) -> Mapping[str, Decimal]:
    """Words for the unit of an indicator; a pack's own unit is kept as the pack writes it."""
    return unit_words().get(indicator.unit, {normalise(indicator.unit): Decimal(1)})


def _value(cell: Any, indicator: Indicator, factor: Decimal) -> Value:
    """Read a value; a number is never negative."""
    if indicator.unit == TEXT:
        return parse_id(cell) or ""
    if indicator.unit == DATE:
        date = parse_date(cell)
        if date is None or is_year_only(cell):  # a year alone does not order two days
            raise ValueError(cell)
        return date
    if indicator.unit == FLAG:
        return Decimal(int(parse_flag(cell)))
    number = parse_number(cell)
    if number is None:
        raise ValueError(cell)
    if number < 0:
        raise NegativeNumberError(cell)
    return number * factor


def _year(cell: Any) -> int | None:
    text = clean(cell)
    if text is None:
        return None
    number = parse_number(text.removesuffix("年"))
    if number is None or number != number.to_integral_value() or int(number) not in _YEARS:
        raise ValueError(text)
    return int(number)


def unused_rows(
    rows: list[RegisterRow], known: Mapping[str, Indicator], facility_ids: set[str], year: int
) -> list[Finding]:
    """Report rows that no rule will use: of a year after the study, or of an unlisted site."""
    findings = []
    for row in rows:
        place = (row.file, row.row)
        detail = {"indicator": row.indicator}
        of_site = known[row.indicator].unit in {FLAG, TEXT}
        if row.year is not None and row.year > year:
            detail["year"] = str(year)
            findings.append(Finding("REGISTER_LATER", "note", *place, "year", detail=detail))
        elif of_site and row.object_id not in facility_ids:
            detail["value"] = str(row.object_id)
            findings.append(Finding("UNKNOWN_OBJECT", "warning", *place, "object", detail=detail))
    return findings


def _refuse_repeated(rows: list[RegisterRow], path: Source) -> None:
    seen: dict[tuple[str, str | None, int | None, str], RegisterRow] = {}
    faults = Faults(path)
    for row in rows:
        key = (row.indicator, row.object_id, row.year, row.source)
        if key in seen:
            of = f" of '{row.object_id}'" if row.object_id is not None else ""
            faults.add(
                f"'{row.indicator}'{of} is also in row {seen[key].row}, with the same year and "
                "source",
                row=row.row,
                mend="Keep one of the two rows, or name two sources.",
            )
        seen.setdefault(key, row)
    faults.stop()
