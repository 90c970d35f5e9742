"""Ids that circle15 made from the content of a row, and the words that name the row instead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from circle15.study.vocabulary.finding import Finding

_MADE: Final = re.compile(r"\bh[0-9a-f]{12}\b")
"""As `cells.content_ids` writes them."""
_STREET_POINT: Final = re.compile(r"-?[0-9]+:[0-9]+\+[0-9]+")
"""Ids of points along streets, candidates for new sites: way, piece and metres."""


def is_made(own: str) -> bool:
    """
    Return whether an id was made from the content of a row, so that users do not know it.

    Examples
    --------
    >>> is_made("h3f09a2b4c5d6"), is_made("S-001"), is_made("h3f09")
    (True, False, False)
    """
    return _MADE.fullmatch(own) is not None


def known_by(own: str, name: str) -> str:
    """
    Name a site: its id and its name, without an id that was made; points along streets by name.

    Examples
    --------
    >>> known_by("S-1", "食堂"), known_by("h3f09a2b4c5d6", "食堂"), known_by("S-1", "")
    ('S-1 食堂', '食堂', 'S-1')
    >>> known_by("5856:0+39", "示例六路 / 示例二路 · 3"), known_by("x1", "x1")
    ('示例六路 / 示例二路 · 3', 'x1')
    """
    is_known = not is_made(own) and _STREET_POINT.fullmatch(own) is None
    if name in {"", own}:
        return own
    return f"{own} {name}" if is_known else name


def names_of(facilities: pd.DataFrame) -> dict[str, str]:
    """Words for the sites whose ids were made: their names, or file and row without a name."""
    table = facilities.drop_duplicates(c.FACILITY_ID)
    columns = (table[c.FACILITY_ID], table[c.NAME], table["file"], table["row"])
    return {
        str(own): str(name) if name else f"{file}:{row}"
        for own, name, file, row in zip(*columns, strict=True)
        if is_made(str(own))
    }


def in_words(text: str, names: Mapping[str, str]) -> str:
    """Replace made ids in a text by their words."""
    return _MADE.sub(lambda found: names.get(found[0], found[0]), text) if names else text


def findings_in_words(findings: Iterable[Finding], facilities: pd.DataFrame) -> list[Finding]:
    """Name sites in findings by name, or by file and row, instead of by made ids."""
    names = names_of(facilities)
    if not names:
        return list(findings)
    return [
        replace(one, detail={key: in_words(text, names) for key, text in one.detail.items()})
        for one in findings
    ]


def home_in_words(own: str, file: str, rows: Mapping[str, int]) -> str:
    """
    Name a home: its id, or file and row where the id was made.

    Parameters
    ----------
    rows
        Row of each home whose id was made; for one that is split among zones, of the whole.

    Examples
    --------
    >>> home_in_words("h3f09a2b4c5d6@C-1", "homes.csv", {"h3f09a2b4c5d6": 7})
    'homes.csv:7'
    """
    row = rows.get(own.partition("@")[0])
    return own if row is None else f"{file}:{row}"
