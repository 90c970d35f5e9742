"""Points that are judged on a few streets."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from circle15.access.joining.sites import Sites
from circle15.access.judging import Judge
from circle15.access.states import REASON_WORDS, STATE_WORDS
from circle15.network.snapping import snap_to_network
from circle15.study.settings.records import Walk
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.graph import TravelNetwork
from tests.streets import EVERYWHERE


def judged(network, homes, sites, *, covers=EVERYWHERE, places=None) -> list[tuple[str, str]]:
    """State and reason at 15 min of homes, with sites as (x, y, open)."""
    walk = Walk()
    x, y = np.array(homes, float).reshape(-1, 2).T
    sx, sy = (np.array([s[k] for s in sites], float) for k in (0, 1))
    table = pd.DataFrame(
        {
            c.FACILITY_ID: [f"s{k}" for k in range(len(sites))],
            c.CATEGORY: "day_care",
            c.OPEN: [s[2] for s in sites],
            c.POSITION_UNSURE: False,
            c.X_M: sx,
            c.Y_M: sy,
        }
    )
    snaps = snap_to_network(sx, sy, network, max_snap_m=200)
    of = Sites(table, snaps, {"day_care": covers}, whereabouts=places or {})
    judge = Judge(network, TravelNetwork.from_network(network), of, walk, Decimal(1))
    home = snap_to_network(x, y, network, max_snap_m=200)
    found = judge.judge(home, ["day_care"], x_m=x, y_m=y)["day_care"]
    return [
        (STATE_WORDS[s], REASON_WORDS[r])
        for s, r in zip(found.states[15], found.reasons[15], strict=True)
    ]
