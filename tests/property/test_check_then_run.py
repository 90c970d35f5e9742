"""What `check` passes, `run` finishes, with all people; what `run` refuses, `check` refuses too."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.mixed_studies import write_mixed
from tests.odd_studies import ODD_STUDIES, Odd
from tests.streets import write_points

from circle15.errors import InputDataError
from circle15.study.settings.reading import load_study
from circle15.study.vocabulary import columns as c
from circle15.workflow.api import run
from circle15.workflow.checking import check
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.whole_study
SEEDS = (*range(10), 1016, 1042)  # the last two drew a layer of people that the map could not name


def ended(command: Callable[[], Any]) -> tuple[str, Any]:
    """How a command ends: what it says, and what it returns."""
    try:
        return "", command()
    except InputDataError as error:  # exit code 2
        return str(error), None


def agreed(path: Path, compute: Callable[[], Any]) -> Any:
    """Check and run a study; return the result, None where both refuse it."""
    told, outcome = ended(lambda: check(load_study(path)))
    said, result = ended(compute)
    if outcome is not None and not outcome.ready:
        assert said
        return None
    assert told == said
    if result is not None:
        assert_conserved(path, result)
    return result


def assert_conserved(path: Path, result: Any) -> None:
    """People of a table are all in the balance; those inside are covered, in a gap or unknown."""
    layers = {layer.group: layer for layer in result.study.demand.layers}
    inside = {}
    for balance in result.population.balances:
        inside[balance.group] = balance.inside
        layer = layers.get(balance.group)
        if layer is not None and layer.points is not None:
            with (path.parent / layer.points.name).open(encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            read = sum(Decimal(row[layer.value[0]]) for row in rows) * c.MICRO
            assert abs(balance.raw_inside + balance.raw_outside - read) <= len(rows)
    for row in result.coverage_rows:
        counts = row.counts
        assert counts.covered + counts.gap + counts.unknown == counts.persons
        if row.group in inside and not row.walkers:
            assert counts.persons == inside[row.group]


@pytest.mark.parametrize("seed", SEEDS)
def test_settings_and_rows_at_random(seed, tmp_path):
    path = write_mixed(tmp_path, seed)
    agreed(path, lambda: run(load_study(path), out=tmp_path / "out").result)


@pytest.mark.parametrize("name", ODD_STUDIES)
def test_odd_studies(name, tmp_path):
    path = ODD_STUDIES[name].write(tmp_path)
    assert agreed(path, lambda: run_study(load_study(path))) is not None


@pytest.mark.parametrize(
    ("site", "zone", "told"),
    [
        ("Z1#1", "Z1", "room 'Z1#1' is listed twice"),
        ("Z2#1", "Z2", "room 'Z2#1' is listed twice"),
        ("Z2#2", "Z1", "room 'Z2#2' is listed twice"),
        ("Z1#9", "Z1", ""),
    ],
)
def test_a_site_with_the_id_of_a_zones_room(site, zone, told, tmp_path):
    """`run` stopped where `check` had nothing to say."""
    path = Odd().write(tmp_path)
    row = (100, 10, site, "阳光食堂", "day_care", 999, "open", zone)
    heading = "facility_id,name,category,floor_area_m2,status,zone_id"
    write_points(tmp_path / "sites.csv", heading, [row])
    words, _ = ended(lambda: check(load_study(path)))
    assert told in words
    assert bool(words) == bool(told)
    agreed(path, lambda: run_study(load_study(path)))
