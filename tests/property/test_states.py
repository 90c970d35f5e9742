"""States on random times: they sum, they are monotone, and every unknown has its reason."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.drawn_networks import networks, ours, places, plain, positions
from tests.oracle import oracle

from circle15.access.data_edges import at_nodes
from circle15.access.states import REASON_WORDS, STATE_WORDS, State, all_of, any_of, judge_states
from circle15.travel.engine.graph import TravelGraph
from circle15.travel.engine.search import nearest

MS = st.just(-1) | st.integers(0, 1_800_000) | st.sampled_from([300_000, 600_000, 900_000])
points = st.lists(st.tuples(st.booleans(), MS, MS, MS, MS), min_size=1, max_size=30)


def judge(rows, cutoff_ms):
    joined, time, unsure, ends, list_ends = map(np.array, zip(*rows, strict=True))
    return judge_states(
        joined=joined.astype(bool),
        time_ms=np.where(joined, time, -1),
        time_if_unsure_ms=unsure,
        exit_ms=ends,
        list_end_ms=list_ends,
        cutoff_ms=cutoff_ms,
    )


@given(points)
def test_longer_cutoffs_never_cover_fewer_and_never_make_gaps(rows):
    """With a longer cutoff: covered stays covered, and only a gap may become something else."""
    before = None
    for cutoff in (0, 300_000, 600_000, 900_000, 1_800_000):
        state, _ = judge(rows, cutoff)
        if before is not None:
            assert (state[before == State.COVERED] == State.COVERED).all()
            assert (before[state == State.GAP] == State.GAP).all()
        before = state


@given(points)
def test_every_point_has_one_state_and_every_unknown_a_reason(rows):
    state, reason = judge(rows, 900_000)
    assert set(state.tolist()) <= {0, 1, 2}
    assert ((state == State.UNKNOWN) == (reason > 0)).all()
    assert all(0 <= code < len(REASON_WORDS) for code in reason)


@given(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=1, max_size=5))
def test_any_and_all_are_the_oracles(categories):
    codes = [np.array(states, np.int8) for states in categories]
    words = [[STATE_WORDS[s] for s in states] for states in zip(*categories, strict=True)]
    assert [STATE_WORDS[s] for s in any_of(codes)] == [oracle.any_of(w) for w in words]
    assert [STATE_WORDS[s] for s in all_of(codes)] == [oracle.all_of(w) for w in words]


@settings(max_examples=200)
@given(networks(), st.lists(st.integers(0, 7), max_size=3), st.sampled_from([60_000, 300_000]))
def test_states_near_exits_are_the_oracles(drawn, exits, cutoff_ms):
    """Random nodes are exits; covered, gap and unknown at a cutoff as the oracle judges them."""
    network = ours(drawn)
    on_streets = set(network.u.tolist()) | set(network.v.tolist())
    nodes = np.array(sorted({e for e in exits if e in on_streets}), np.int64)
    graph = TravelGraph.from_network(network, drawn.speed)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    time = nearest(graph, homes, sites, horizon_ms=3_600_000).time_ms
    leave = nearest(graph, homes, at_nodes(network, nodes), horizon_ms=cutoff_ms).time_ms
    state, reason = judge_states(
        joined=homes.edge >= 0,
        time_ms=time,
        time_if_unsure_ms=time,
        exit_ms=leave,
        list_end_ms=np.full(len(time), -1),
        cutoff_ms=cutoff_ms,
    )
    origins, network_of_oracle = places(drawn.homes, "h"), plain(drawn)
    times = oracle.nearest(origins, places(drawn.sites, "f"), network_of_oracle, drawn.speed)
    study = oracle.Study(network_of_oracle, drawn.speed, [cutoff_ms])
    to_exit = oracle.to_nodes(origins, dict.fromkeys(nodes.tolist(), 0), network_of_oracle, study)
    expected = oracle.states(origins, times, [cutoff_ms], exit_ms=to_exit)
    for k, row in enumerate(expected):
        word, why = row[cutoff_ms]
        assert STATE_WORDS[state[k]] == word
        assert (REASON_WORDS[reason[k]] == "NETWORK_ENDS") == (why == "NETWORK_ENDS")
