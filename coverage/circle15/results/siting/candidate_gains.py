"""What every candidate for a new site would bring if it alone were built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.inputs.crs.degrees import DECIMALS, lon_lat
from circle15.inputs.tables.shown_ids import known_by
from circle15.results.once import once
from circle15.results.siting.planned_sites import zone_labels
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from circle15.planning.proposals import SitingAnswer
    from circle15.results.records import StudyResult


@once
def candidate_gains(result: StudyResult) -> pd.DataFrame:
    """
    Return the candidates of all questions, by question; those that newly reach most people first.

    Returns
    -------
    `question`, `category`, `rank` (1 for most people, ties by id), `candidate_id`, `name`, `label`
    (id and name as people know it), `x_m`, `y_m` (study CRS), `lon`, `lat` (degrees), `street_id`,
    `street`, `community_id`, `community` (names, or ids without a name; None in no zone),
    `floor_area_m2`, `cost` (Decimal or None), `reached` (people within the circle), `newly` (those
    in a gap today; with `backup` those with one site), `unknown` (those whose state is unknown; all
    three int64, micro-persons), `number` (order among the proposed sites, 0 if not proposed) and
    `phase` (0 if not proposed).
    """
    streets, communities = zone_labels(result.area.streets), zone_labels(result.area.communities)
    found = []
    for answer in result.siting:
        table = _gains(answer)
        x_m, y_m = (table[key].to_numpy(np.float64) for key in (c.X_M, c.Y_M))
        lon, lat = lon_lat(x_m, y_m, result.crs)
        found.append(
            table.assign(
                lon=np.round(lon, DECIMALS),
                lat=np.round(lat, DECIMALS),
                street=_texts([streets.get(own) for own in table[c.STREET_ID]]),
                community=_texts([communities.get(own) for own in table[c.COMMUNITY_ID]]),
            )
        )
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _gains(answer: SitingAnswer) -> pd.DataFrame:
    """Return the candidates of one question in the order of their rank."""
    table, gains = answer.question.candidates.table, answer.gains
    number, phase = np.zeros(len(table), np.int64), np.zeros(len(table), np.int64)
    for k, site in enumerate(answer.sites, 1):
        number[site.candidate], phase[site.candidate] = k, site.phase
    # The table is in the order of ids, which a stable sort keeps among equal gains.
    order = np.argsort(-gains.newly, kind="stable")
    counted = table.assign(
        question=answer.question.name,
        category=answer.category,
        label=[
            known_by(str(own), str(name or ""))
            for own, name in zip(table[c.CANDIDATE_ID], table[c.NAME], strict=True)
        ],
        reached=gains.reached,
        newly=gains.newly,
        unknown=gains.unknown,
        number=number,
        phase=phase,
    )
    return counted.iloc[order].assign(rank=np.arange(1, len(table) + 1))


def _texts(values: Sequence[str | None]) -> npt.NDArray[np.object_]:
    """Keep None as it is, which pandas would turn into NaN."""
    return np.array([*values, None], dtype=object)[:-1]
