"""Streets that differ: pieces matched by their lines, summed by kind and by name."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from circle15.results.difference.changed_streets import CLOSED, StreetDifference, kept_streets

Piece = tuple[tuple[int, int], tuple[int, int], tuple[int, int], str, str, str]
"""Both ends in metres, millimetres there and back, edge id, kind and name."""


def kept(pieces: list[Piece], *, named: bool = True) -> Any:
    ends = np.array([[one[0], one[1]] for one in pieces], float).reshape(-1, 2, 2)
    return kept_streets(
        ends_m=ends,
        costs=np.array([[*one[2], 0, 0] for one in pieces], np.int64).reshape(-1, 4),
        length_m=np.hypot(*(ends[:, 1] - ends[:, 0]).T),
        edge_ids=np.array([one[3] for one in pieces], object),
        kind=np.array([one[4] for one in pieces], object),
        name=np.array([one[5] or None for one in pieces], object) if named else None,
    )


LONG = ("residential", "Long Street")
BEFORE: list[Piece] = [
    ((0, 0), (100, 0), (100_000, 100_000), "1:0", *LONG),
    ((100, 0), (200, 0), (100_000, CLOSED), "1:1", *LONG),
    ((0, 0), (0, 50), (50_000, 50_000), "2:0", "footway", ""),
    ((200, 0), (200, 80), (80_000, 80_000), "3:0", "service", "Old Lane"),
]
AFTER: list[Piece] = [
    ((300, 0), (200, 0), (100_000, 100_000), "9:0", *LONG),
    ((200, 0), (100, 0), (CLOSED, 100_000), "1:0", *LONG),
    ((100, 0), (0, 0), (120_000, 100_000), "1:1", *LONG),
    ((0, 0), (0, 50), (50_000, 50_000), "2:0", "path", ""),
    ((0, 50), (0, 90), (40_000, 40_000), "4:0", "footway", ""),
]
"""Long Street is drawn the other way round, its first piece is slower and 100 m are new; Old Lane
is gone, a path without a name is new, and the footway is a path now."""


def entry(*km: float) -> dict[str, float]:
    return dict(zip(("a_km", "b_km", "gone_km", "added_km", "changed_km"), km, strict=True))


def test_a_hand_drawn_case():
    found = StreetDifference(kept(BEFORE), kept(AFTER))
    assert found.total() == pytest.approx(entry(0.33, 0.39, 0.08, 0.14, 0.1))
    assert found.by_name() == [
        {"name": "Long Street", "ways": ["1", "9"], "kinds": ["residential"], "change": "changed"}
        | entry(0.2, 0.3, 0.0, 0.1, 0.1),
        {"name": "Old Lane", "ways": ["3"], "kinds": ["service"], "change": "gone"}
        | entry(0.08, 0.0, 0.08, 0.0, 0.0),
        {"name": None, "ways": ["4"], "kinds": ["footway"], "change": "new"}
        | entry(0.0, 0.04, 0.0, 0.04, 0.0),
    ]
    kinds = {row["kind"]: {k: v for k, v in row.items() if k != "kind"} for row in found.by_kind()}
    assert kinds == {
        "footway": entry(0.05, 0.04, 0.0, 0.04, 0.0),
        "path": entry(0.0, 0.05, 0.0, 0.0, 0.0),
        "residential": entry(0.2, 0.3, 0.0, 0.1, 0.1),
        "service": entry(0.08, 0.0, 0.08, 0.0, 0.0),
    }


def test_another_number_of_a_way_or_another_cut_is_no_change():
    """What is the same street has the same line, whatever OpenStreetMap calls it."""
    renumbered = [(*one[:3], f"7{one[3]}", *one[4:]) for one in BEFORE]
    found = StreetDifference(kept(BEFORE), kept(renumbered))
    assert found.by_name() == []
    assert found.by_kind() == []


@pytest.mark.parametrize("unnamed", ["a", "b"])
def test_a_result_without_names_takes_those_of_the_other(unnamed):
    sides = kept(BEFORE, named=unnamed != "a"), kept(AFTER, named=unnamed != "b")
    told = {(row["name"], row["change"]) for row in StreetDifference(*sides).by_name()}
    whole = {("Long Street", "changed"), (None, "new"), ("Old Lane", "gone")}
    if unnamed == "a":
        whole = whole - {("Old Lane", "gone")} | {(None, "gone")}
    else:  # the 100 m of way 9 have no name that is known
        whole |= {(None, "new")}
    assert told == whole


def drawn(seed: int) -> list[Piece]:
    """Pieces of a small grid, some twice, in any direction and order."""
    chance = random.Random(seed)
    found: list[Piece] = []
    for k in range(chance.randint(0, 25)):
        x, y = chance.randint(0, 2), chance.randint(0, 2)
        ends = [(10 * x, 10 * y), (10 * x + 10, 10 * y)]
        cost = [chance.choice([10_000, 11_000]), 10_000]
        if chance.random() < 0.5:
            ends.reverse()
            cost.reverse()
        name = chance.choice(["", "A", "B"])
        found.append((*ends, (cost[0], cost[1]), f"{k}:0", "path", name))  # type: ignore[arg-type]
    return found


def plain(pieces: list[Piece]) -> list[tuple[Any, Any]]:
    """Line and cost from its first end."""
    turned = ((one, one[0] > one[1]) for one in pieces)
    return [
        (one[1::-1] if back else one[:2], one[2][::-1] if back else one[2]) for one, back in turned
    ]


def test_random_streets_against_counting():
    """Of each line as many pieces stay as both have; of these as many are the same as can be."""
    for seed in range(100):
        old, new = drawn(2 * seed), drawn(2 * seed + 1)
        found = StreetDifference(kept(old), kept(new))
        whole, line = (
            [Counter(key(one) for one in plain(side)) for side in (old, new)]
            for key in (lambda one: one, lambda one: one[0])
        )
        stay = (line[0] & line[1]).total()
        same = (whole[0] & whole[1]).total()
        expected = entry(len(old), len(new), len(old) - stay, len(new) - stay, stay - same)
        total: Any = found.total()
        assert {k: round(v * 100) for k, v in total.items()} == expected, seed
        rows: Any = found.by_name()
        for key in ("gone_km", "added_km", "changed_km"):
            assert round(sum(row[key] for row in rows) * 100) == expected[key]
        for row in rows:
            assert row["a_km"] - row["gone_km"] + row["added_km"] == pytest.approx(row["b_km"])
        back: Any = StreetDifference(kept(new), kept(old)).total()
        assert back["gone_km"] == total["added_km"]
        assert back["added_km"] == total["gone_km"]
        assert back["changed_km"] == total["changed_km"]
