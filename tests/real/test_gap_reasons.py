"""What single changes would do in Porto Alegre: home by home, the study run again with each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders.gap_study import Walked, walked

import circle15 as c15
from circle15.access.states import State
from circle15.access.walks import Walks
from circle15.planning.gaps.gap_reasons import GapReason

STUDY = Path(__file__).parent / "porto_alegre_hills" / "study.toml"


@pytest.mark.usefixtures("real_data")
def test_gates_and_hills_of_porto_alegre() -> None:
    """Its compounds closed to visitors: 12 hexagons lack a site for a gate, 30 for a climb."""
    study = c15.load_study(STUDY)
    walk = replace(study.walk, sensitivity_m_s=())
    study = replace(study, walk=walk, network=replace(study.network, gated="residents"))
    base = walked(study)
    gap = base.walks.states[base.walks.drawn]["medical", 15] == State.GAP
    tried = base.tried()[""]["medical"]
    flat = walked(replace(study, network=replace(study.network, dem=None)))
    # The rule for gates is no part of what is read.
    opened = replace(study, network=replace(study.network, gated="open"))
    inputs = replace(base.walks.inputs, study=opened)
    open_to_all = Walked(base.homes, Walks(inputs, base.homes))
    for change, again in ((GapReason.GATE, open_to_all), (GapReason.CLIMB, flat)):
        covered = again.walks.states[again.walks.drawn]["medical", 15] == State.COVERED
        assert tried.covered[change].tolist() == (gap & covered).tolist(), change
    assert {k: int(v.sum()) for k, v in tried.covered.items()} == {
        GapReason.GATE: 12,
        GapReason.WALL: 0,
        GapReason.BARRIER: 0,
        GapReason.CLIMB: 30,
    }
