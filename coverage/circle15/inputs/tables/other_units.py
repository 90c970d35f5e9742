"""Units in headings that no field is counted in, such as meals a week: refused, never ignored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.columns import CAPACITIES

if TYPE_CHECKING:
    from circle15.study.database_tables import Source

_TIME: Final = "周|週|星期|礼拜|旬|月|季|季度|年"
_PERIOD: Final = re.compile(
    rf"每(?:{_TIME})(?!\d)|/(?:{_TIME})(?![\d末初])|^(?:周|週|月|季|季度|年)均?供餐"
    r"|(?:per|/|\ba)(?:week|month|quarter|year|wk|mo|yr)|weekly|monthly|yearly|annual"
)
"""Capacities are of one day, or of no time at all."""
_SIZE: Final = re.compile(
    r"[(\[](?:单位:?)?[十百千](?:人|名|位|口|户|套|张|床|个|份|客|餐|元)*[)\]]"
    r"|[(\[](?:in)?(?:thousand|hundred|million)s?[a-z]*[)\]]|[(\['](?:1,?)?000s?[)\]]"
    r"|平方英尺|平方呎|平方码|英亩|坪|sq\.?f(?:ee)?t|square(?:feet|foot|yards?)|ft\^?2|[(\[]acres?[)\]]"
)
"""Multiples other than 万 and 亿, and areas that are not converted."""

MEASURED: Final = frozenset(
    {
        *CAPACITIES, "floor_area_m2", "cost", "rooms_m2",
        "households", "households_new", "households_existing", "dwellings", "people",
    }
)  # fmt: skip
"""Fields that are counted in one unit, or in a few that are converted."""


def other_unit(heading: str, field: str) -> str | None:
    """
    Return the part of a heading by which its numbers are in a unit that a field has not, or None.

    Examples
    --------
    >>> other_unit("日供餐能力(份/周)", "meals_per_day"), other_unit("床位数(百张)", "beds")
    ('/周', '(百张)')
    >>> other_unit("供餐能力(份/日)", "meals_per_day"), other_unit("老年人(万人)", "people")
    (None, None)
    """
    text = normalise(heading)
    match = _SIZE.search(text) or (_PERIOD.search(text) if field in CAPACITIES else None)
    return None if match is None else match[0]


def refuse_other_unit(file: Source | str, field: str, heading: str | None) -> None:
    """
    Refuse a column of numbers whose heading names a unit that its field does not have.

    Raises
    ------
    InputDataError
        If it does: the numbers would be taken for another unit.
    """
    if heading is None or field not in MEASURED:
        return
    unit = other_unit(heading, field)
    if unit is not None:
        raise InputDataError(
            f"its heading names a unit ('{unit}') that '{field}' is not counted in.",
            file=file,
            column=heading,
            mend="Convert its numbers, and name the unit that they then have.",
        )
