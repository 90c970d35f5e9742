"""The categories of a site, from the cell that names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from circle15.errors import StudyError
from circle15.inputs.tables.values import clean
from circle15.study.vocabulary.categories import category_of, known_categories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.inputs.table_sources import Table
    from circle15.study.settings.records import FacilityLayer, Study
    from circle15.study.vocabulary.finding import Finding

_PARTS_NAMED: Final = 5
_BETWEEN_FUNCTIONS: Final = re.compile(r"[、,,;;/+&|\n]|和|及|兼")


def site_categories(
    table: Table, layer: FacilityLayer, heading: str | None, study: Study
) -> tuple[list[tuple[str, ...]], list[Finding]]:
    """Return the categories of each row; unknown words are reported and ignored."""
    if layer.category is not None:
        known = [*known_categories(), *study.categories]
        if layer.category not in known:
            raise StudyError(
                f"{layer.category!r} is not a category.",
                file=study.file,
                column="facilities.category",
                mend=f"Known: {', '.join(known)}; add your own under [categories].",
            )
        return [(layer.category,)] * len(table.rows), []
    if layer.category_column is None:
        raise StudyError(
            f"{layer.file.name} has no category.",
            file=study.file,
            column="facilities.category",
            mend="Give `category` or `category_column`.",
        )
    found: list[tuple[str, ...]] = []
    findings: list[Finding] = []
    of_word: dict[str, dict[str, str | None]] = {}
    for cell, row in zip(table.column(heading), table.rows, strict=True):
        word = str(cell or "")
        if word not in of_word:
            of_word[word] = parts_of_word(clean(word) or "", study.categories, study.category_words)
        unknown = [part for part, category in of_word[word].items() if category is None]
        if unknown:
            more = ", …" if len(unknown) > _PARTS_NAMED else ""
            value = ", ".join(unknown[:_PARTS_NAMED]) + more
            findings.append(table.finding("UNKNOWN_CATEGORY", row, heading, value=value))
        found.append(tuple(dict.fromkeys(filter(None, of_word[word].values()))))
    return found, findings


def parts_of_word(
    word: str, added: Mapping[str, str], words: Mapping[str, str] | None = None
) -> dict[str, str | None]:
    """
    Return the categories of a value as a whole, else of its parts, as in 助餐、助浴.

    `added` are the categories that the study adds: id to name; `words` those of further words.
    """
    whole = category_of(word, added, words)
    parts = [part.strip() for part in _BETWEEN_FUNCTIONS.split(word)]
    if whole is not None or len(parts) == 1:
        return {word: whole}
    return {part: category_of(part, added, words) for part in parts if part}
