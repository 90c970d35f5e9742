"""What the readers note beside their results, so that a stage that is kept notes it again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle15.inputs.crs.among_streets import (
    Layer,
    compared_with_streets,
    note_far_again,
    note_streets,
    noted_streets,
)
from circle15.inputs.crs.datum_shifts import note_shifts_again, shifts_noted
from circle15.inputs.tables.columns_read import ColumnsRead, record_again, recorded
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass
class Notes:
    """
    What a stage noted.

    Attributes
    ----------
    columns
        Columns of the tables that it read.
    shifts, far
        Findings on layers in an old datum, and on layers far from the streets.
    streets
        The streets with which layers are compared after it.
    """

    columns: Sequence[ColumnsRead] = ()
    shifts: Sequence[Finding] = ()
    far: Sequence[Finding] = ()
    streets: Layer | None = None

    def repeat(self) -> None:
        """Note all of it where the study is being read."""
        record_again(self.columns)
        note_shifts_again(self.shifts)
        note_far_again(self.far)
        if self.streets is not None:
            note_streets(self.streets)


@contextmanager
def noted_apart(*, accepted: bool) -> Iterator[Notes]:
    """Take down what is noted in this context; it is noted nowhere else."""
    before, notes = noted_streets(), Notes()
    with (
        recorded() as columns,
        shifts_noted(accepted=accepted) as shifts,
        compared_with_streets() as far,
    ):
        if before is not None:
            note_streets(before)
        yield notes
        notes.columns, notes.shifts, notes.far = list(columns.values()), shifts, far
        notes.streets = noted_streets()
