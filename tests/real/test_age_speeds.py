"""Bands of age on real streets: times and people are those of the independent oracle."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
from tests.builders.oracle_runs import oracle_network, places
from tests.oracle import oracle

from circle15.study.settings.reading import load_study
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

SPEEDS = {"p60_69": Fraction(1), "p70_79": Fraction(9, 10), "p80": Fraction(7, 10)}
SHARES = {"p60": Fraction(20, 100), "p70": Fraction(9, 100), "p80": Fraction(3, 100)}
"""Illustrative: the hexagons hold people of all ages. Every hundredth person is a whole one."""


def test_people_by_band_are_the_oracles(tmp_path: Path, real_data: Path) -> None:
    """Covered of 60 and over = Σ over bands of the people whom the oracle finds within 15 min."""
    table = pd.read_csv(real_data / "porto_alegre" / "poa_hexgrid.csv")
    for group, share in SHARES.items():
        table[group] = [f"{float(n * share):.2f}" for n in table["population"]]
    table.to_csv(tmp_path / "hexagons.csv", index=False)
    text = (Path(__file__).parent / "porto_alegre" / "study.toml").read_text("utf-8")
    layers = ", ".join(
        f'{{ group = "{g}", points = "hexagons.csv", value = "{g}", id = "id", lon = "lon", '
        'lat = "lat", datum = "wgs84" }'
        for g in SHARES
    )
    kept = [line for line in text.split("\n") if not line.startswith(("layers", 'group = "total"'))]
    body = "\n".join(kept).replace("[demand]", f'[demand]\ngroup = "p60"\nlayers = [ {layers} ]')
    bands = ", ".join(f"{band} = {float(speed)}" for band, speed in SPEEDS.items())
    study = tmp_path / "study.toml"
    study.write_text(f"{body}\n[walk]\nage_speeds = {{ {bands} }}\n", encoding="utf-8")
    result = run_study(load_study(study))

    network = oracle_network("porto_alegre", result, real_data)
    demand = result.demand[result.demand[c.IN_AREA]]
    homes = places(demand, c.DEMAND_ID, network)
    sites = places(result.facilities[result.facilities[c.OPEN]], c.FACILITY_ID, network)
    by_id = demand.set_index(c.DEMAND_ID)
    people = {g: by_id[c.weight_column(g)].to_dict() for g in SHARES}
    younger = {"p60_69": ("p60", "p70"), "p70_79": ("p70", "p80"), "p80": ("p80", None)}
    covered = {}
    for band, speed in SPEEDS.items():
        labels = oracle.nearest(homes, sites, network, speed)
        rows = result.coverage.query("cutoff_min == 15 and factor == 1.0 and group == @band")
        found = rows[[c.DEMAND_ID, c.TIME_MS, c.FACILITY_ID]].astype(object)
        found = found.where(found.notna(), None)
        differing = oracle.compare_times(
            oracle.time_rows(homes, labels), list(found.itertuples(index=False, name=None))
        )
        assert differing == []
        upper, lower = younger[band]
        covered[band] = sum(
            int(people[upper][home.id]) - (int(people[lower][home.id]) if lower else 0)
            for home, label in zip(homes, labels, strict=True)
            if label is not None and label[0] <= 900_000
        )
    counted = {
        row.group: row.counts.covered
        for row in result.coverage_rows
        if (row.category, row.cutoff_min) == ("medical", 15)
        and row.speed_m_s == result.study.walk.speed_m_s
    }
    assert {band: counted[band] for band in SPEEDS} == covered
    assert counted["p60"] == sum(covered.values())
    assert min(covered.values()) > 10**9
