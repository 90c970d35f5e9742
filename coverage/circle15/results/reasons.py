"""The reasons for unknown states that all outputs report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from circle15.access.states import REASON_WORDS, Reason
from circle15.network.snapping import SnapCode
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Codes, Ints
    from circle15.results.records import StudyResult


NOT_JOINED: Final = (SnapCode.TOO_FAR, SnapCode.ACCESS_BARRIER, SnapCode.NO_POSITION)
"""Snapping codes of unsnapped homes."""

TOLD_REASONS: Final = (*REASON_WORDS, *(code.value for code in NOT_JOINED))
"""Reasons of `access.states`, then the snapping codes reported instead of `UNSNAPPED`."""

_UNSNAPPED = REASON_WORDS.index(Reason.UNSNAPPED)


class ToldReasons:
    """Maps reason codes of the judged homes to reported reasons (see `TOLD_REASONS`)."""

    def __init__(self, result: StudyResult) -> None:
        code = result.demand[c.SNAP_CODE].to_numpy(dtype=object)[result.judged.rows]
        place = pd.Index([str(one) for one in NOT_JOINED]).get_indexer(pd.Index(code))
        self._unsnapped = np.where(place < 0, _UNSNAPPED, len(REASON_WORDS) + place)

    def of(self, reasons: Codes) -> Ints:
        """Return the index in `TOLD_REASONS` of each judged home's reason; 0 if it has none."""
        told: Ints = np.where(reasons == _UNSNAPPED, self._unsnapped, reasons).astype(np.int64)
        return told
