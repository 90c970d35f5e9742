"""A site more, or one less, in a study: nobody loses by the first, nobody wins by the second."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from tests.builders.siting_study import SIZE_M, write_grid
from tests.streets import write_points

from circle15.access.cohorts import Homes
from circle15.access.supply.of_study import access_by_category
from circle15.access.walks import Walks
from circle15.study.settings.reading import load_study
from circle15.workflow.reading import read_inputs, silent

HEADING = "facility_id,name,meals_per_day,status"


def people(study, sites):
    """Covered and served micro-persons of a study with these sites; all are in one class."""
    rows = [(x, y, key, f"site {key}", room, status) for key, (x, y, room, status) in sites.items()]
    write_points(study.parent / "sites.csv", HEADING, rows)
    inputs = read_inputs(load_study(study), silent)
    homes = Homes(inputs)
    (one,) = access_by_category(inputs, Walks(inputs, homes))
    served = one.everybody.served
    assert served is not None
    everybody = served.served + served.turned_away + served.gap + served.unknown
    assert everybody == one.everybody.choice.persons
    return served.served + served.turned_away, served.served


@pytest.mark.parametrize(("seed", "way"), [(1, "nearest_first"), (2, "least_walk")])
def test_a_site_more_never_harms_and_one_that_closes_never_helps(tmp_path, seed, way):
    entry = f'meal_point = {{ field = "meals_per_day", per_person = 1, assign = "{way}" }}'
    study = write_grid(tmp_path, more=f"[capacity]\n{entry}\n", homes=90, seed=seed)
    chance = random.Random(seed)
    sites = {
        f"s{k}": (*(chance.uniform(0, SIZE_M) for _ in "xy"), chance.randint(50, 900), "open")
        for k in range(6)
    }
    keys = list(sites)
    found = [people(study, {key: sites[key] for key in keys[:k]}) for k in range(1, len(keys) + 1)]
    for before, after in pairwise(found):
        assert after[0] >= before[0]
        assert after[1] >= before[1]
    assert found[-1][1] > found[0][1] > 0
    assert found[-1][0] > found[-1][1], "some find no room"
    lost = 0
    for key in keys[:3]:
        closed = sites | {key: (*sites[key][:3], "closed")}
        now = people(study, closed)
        assert now[0] <= found[-1][0]
        assert now[1] <= found[-1][1]
        lost += now != found[-1]
    assert lost
