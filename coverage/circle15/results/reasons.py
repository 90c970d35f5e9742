"""Why a home's state is unknown, as all outputs tell it."""

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
"""Codes of homes that have not joined the streets."""

TOLD_REASONS: Final = (*REASON_WORDS, *(code.value for code in NOT_JOINED))
"""Reasons of `access.states`, then why a home has not joined, told instead of `UNSNAPPED`."""

_UNSNAPPED = REASON_WORDS.index(Reason.UNSNAPPED)


class ToldReasons:
    """Tells the reasons of the judged homes, those that have not joined by their snapping code."""

    def __init__(self, result: StudyResult) -> None:
        code = result.demand[c.SNAP_CODE].to_numpy(dtype=object)[result.judged.rows]
        place = pd.Index([str(one) for one in NOT_JOINED]).get_indexer(pd.Index(code))
        self._unsnapped = np.where(place < 0, _UNSNAPPED, len(REASON_WORDS) + place)

    def of(self, reasons: Codes) -> Ints:
        """Place of each judged home's reason in `TOLD_REASONS`; 0 where there is none."""
        told: Ints = np.where(reasons == _UNSNAPPED, self._unsnapped, reasons).astype(np.int64)
        return told
