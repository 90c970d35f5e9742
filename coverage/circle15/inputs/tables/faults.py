"""Faults of a table that stop a study, collected so that one run reports all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.inputs.tables.values import NoValue

if TYPE_CHECKING:
    from circle15.study.database_tables import Source

_SHOWN: Final = 10
_LONGEST: Final = 100  # characters of a cell
_SAVE: Final = "Open the workbook in a spreadsheet program, let it compute, and save it."


class Faults:
    """Faults of one file, in the order in which they were found."""

    def __init__(self, file: Source | str) -> None:
        self.file = file
        self._found: list[tuple[str, int | None, str | None]] = []
        self._mends: dict[str, None] = {}

    @property
    def none(self) -> bool:
        """Whether nothing was found."""
        return not self._found

    def add(
        self, found: str, *, row: int | None = None, column: str | None = None, mend: str = ""
    ) -> None:
        """Add a fault: what is wrong, in one sentence, where, and how to fix it."""
        self._found.append((found.removesuffix("."), row, column))
        if mend:
            self._mends[mend] = None

    def add_cell(
        self, cell: Any, what: str, *, row: int, column: str | None, mend: str = ""
    ) -> None:
        """Add a cell that is not as it should be; a formula without a value is named as one."""
        if isinstance(cell, NoValue):
            kind = "a formula that failed" if cell.failed else "a formula that was never computed"
            self.add(f"{_short(str(cell))} is {kind}", row=row, column=column, mend=_SAVE)
        else:
            self.add(f"{_short(cell)} {what}", row=row, column=column, mend=mend)

    def stop(self) -> None:
        """Raise InputDataError with all faults, if there are any."""
        if not self._found:
            return
        first, row, column = self._found[0]
        more = [
            "; "
            + ", ".join(
                (*([f"row {n}"] if n is not None else []), *([f"column '{c}'"] if c else []))
            )
            + f": {text}"
            for text, n, c in self._found[1:_SHOWN]
        ]
        left = len(self._found) - _SHOWN
        end = f"; and {left} more." if left > 0 else "."
        raise InputDataError(
            first + "".join(more) + end,
            file=self.file,
            row=row,
            column=column,
            mend=" ".join(list(self._mends)[:2]),
        )


def _short(cell: Any) -> str:
    text = repr(cell)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
