"""Whom a site at every street corner would reach: in the sample, and among 200,000 homes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from circle15.access.cohorts import Homes
from circle15.access.walks import Walks
from circle15.network.snapping import snap_to_network
from circle15.planning.people import people_of
from circle15.planning.reach import gains
from circle15.study.settings.reading import load_study
from circle15.workflow.reading import read_inputs, silent
from tests.bench.district import write_district
from tests.bench.verdicts import verdict
from tests.bench.whole_runs import ROOT

CORNER = 3
"""Edges that meet at a street corner, at least."""


def gain_everywhere() -> list[str]:
    """Time the gain of every street corner of the sample and of the district."""
    with tempfile.TemporaryDirectory() as folder:
        sample, district = ROOT / "data/sample/study.toml", write_district(Path(folder))
        return [f"sample: {_gains(sample, 0.5)}", f"district: {_gains(district, 3)}"]


def _gains(study: Path, most_s: float) -> str:
    settings = load_study(study)
    inputs = read_inputs(settings, silent)
    network = inputs.network
    edges = np.bincount(np.r_[network.u, network.v], minlength=len(network.x_m))
    corner = np.flatnonzero(edges >= CORNER)
    walks = Walks(inputs, Homes(inputs))
    people = people_of(walks, "home_care_station", backup=False)
    snaps = snap_to_network(network.x_m[corner], network.y_m[corner], network)
    took = []
    for _ in range(2):  # the first one compiles
        began = time.perf_counter()
        gains(people, {settings.walk.profile: snaps}, len(corner))
        took.append(time.perf_counter() - began)
    homes = sum(len(one) for one in people)
    spent = f"{took[-1]:.2f} s (≤ {most_s:g})  {verdict(took[-1] <= most_s)}"
    return f"{len(corner):,} corners, {homes:,} homes, {spent}"
