"""A worksheet of the workbook as a plain table."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.text.wording import Words

Cell = str | int | float | Decimal | Fraction | bool | None


class People(Decimal):
    """
    Persons with all decimals, and the whole number that the report prints of them.

    Parts of a total are rounded so that the printed ones sum to it, which may differ by one from
    what a format would show.
    """

    shown: int

    def __new__(cls, micro: int, shown: int) -> People:
        """Make it of micro-persons."""
        made = super().__new__(cls, Decimal(micro).scaleb(-6))
        made.shown = shown
        return made


def people_cells(micro: Sequence[int], shown: Sequence[int]) -> list[Cell]:
    """Return cells of people, each with the whole number that the report prints."""
    return [People(*one) for one in zip(micro, shown, strict=True)]


@dataclass(frozen=True)
class Sheet:
    """
    One worksheet.

    `columns` are pairs of a key of `columns.toml` and a kind: `text`, `long` (text of several
    lines), `whole`, `people`, `share`, `area` (two decimals), `measure` (as many decimals as
    needed), `index` (four digits), `seconds`, `year`, `number`, or `mixed` (by the type of the
    value). `titles` overrides headings by column index, for columns named after a category. The
    first `named` columns say what a row is: they stand on every page of a wide worksheet.
    """

    key: str
    columns: list[tuple[str, str]]
    rows: list[list[Cell]]
    titles: dict[int, str] = field(default_factory=dict)
    named: int = 2

    def heading(self, index: int, words: Words) -> str:
        """Return the heading of a column."""
        return self.titles.get(index) or words.say(f"columns.{self.columns[index][0]}")
