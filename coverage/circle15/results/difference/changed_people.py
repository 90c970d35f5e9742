"""People of each group that differ between two results, home by home."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.results.difference.comparison_entries import PeopleChange
    from circle15.results.difference.matched_homes import MatchedHomes


def changed_people(homes: MatchedHomes) -> list[PeopleChange]:
    """Compare the people of each group that both results have, home by home."""
    found: list[PeopleChange] = []
    for group, bands in homes.before.groups.items():
        if group not in homes.after.groups:
            continue
        old = sum(band.weight for band in bands)
        new = sum(band.weight for band in homes.after.groups[group])
        was, now = np.append(old, 0)[homes.row_before], np.append(new, 0)[homes.row_after]
        both = (homes.row_before >= 0) & (homes.row_after >= 0)
        more = np.where(both, np.maximum(now - was, 0), 0)
        fewer = np.where(both, np.maximum(was - now, 0), 0)
        amounts = {
            "a": was,
            "b": now,
            "gone": np.where(homes.row_after < 0, was, 0),
            "new": np.where(homes.row_before < 0, now, 0),
            "fewer": fewer,
            "more": more,
        }
        sums = {key: int(value.sum()) / c.MICRO for key, value in amounts.items()}
        found.append(cast("PeopleChange", {"group": group, **sums}))
    return found
