"""Small siting problems from a seed, with every objective and every limit."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from tests.builders.siting_problems import NEVER, siting_problem

KINDS = ("people", "everybody", "until_share", "minutes", "served", "backup", "everybody_backup")


def random_problem(seed):
    """A problem of up to 8 candidates and 12 homes; some have no feasible plan."""
    draw = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    m, n = draw.randint(1, 8), draw.randint(1, 12)
    near = draw.choice([0.15, 0.3, 0.5])
    times = [
        [draw.randint(0, 14) if draw.random() < near else NEVER for _ in range(n)] for _ in range(m)
    ]
    keys: dict[str, Any] = {"cutoff_ms": draw.choice([7, 10, 14])}
    unknown = [i for i in range(n) if draw.random() < 0.1]
    today = [draw.choice([0, 0, 0, 1, 2]) if i not in unknown else 0 for i in range(n)]
    keys |= {"unknown": unknown, "sites_today": today}
    keys["nearest_ms"] = [draw.randint(0, 5) if one else draw.choice([-1, 20]) for one in today]
    keys["subdistrict"] = [draw.randint(-1, 2) for _ in range(n)]
    persons = [draw.choice([0, 1, 1, 2, 3, 0.5, draw.randint(1, 99)]) for _ in range(n)]
    keys["objective"] = {
        "until_share": "people",
        "backup": "people",
        "everybody_backup": "everybody",
    }.get(kind, kind)
    if kind.endswith("backup"):
        keys["backup"] = True
    if kind == "until_share":
        keys["until_share"] = Fraction(draw.randint(1, 10), 10)
    if draw.random() < 0.4:
        keys["cost"] = [draw.randint(0, 5) for _ in range(m)]
        if draw.random() < 0.6:
            keys["budget"] = draw.randint(0, 9)
    if draw.random() < 0.35:
        keys["group"] = [draw.randint(-1, 2) for _ in range(m)]
        keys["most_per"] = draw.randint(1, 2)
    if draw.random() < 0.3 and kind != "served":
        keys["min_micro_persons"] = draw.randint(1, 5) * 1_000_000
    if draw.random() < 0.3:
        keys["street_floor"] = Fraction(draw.randint(1, 10), 10)
    if kind == "served":
        keys["capacity"] = [draw.randint(0, 40) for _ in range(m)]
        keys["existing"] = [draw.random() < 0.2 for _ in range(m)]
    limited = kind.startswith("everybody") or "budget" in keys or kind == "until_share"
    if not limited or draw.random() < 0.3:
        keys["add"] = draw.randint(1, 4)
    return siting_problem(times, persons, **keys)
