"""A province for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.province.wording import ProvinceWords
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from circle15.results.province.province_entries import Province
    from circle15.study.languages import Language


def province_lines(found: Province, language: Language) -> list[str]:
    """Return what is missing, who is covered, and what to know before adding or ranking."""
    words = ProvinceWords(language, found)
    told = [*words.warnings(), *words.sentences(), *map(words.remark, found["remarks"])]
    return [printable(line) for line in told]
