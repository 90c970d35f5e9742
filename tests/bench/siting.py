"""Where the next sites should go: the sample, and public instances beside the best plans known."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

from circle15.planning.siting.locating import locate
from circle15.planning.siting.scoring import Scoring
from circle15.planning.siting.starting import people_worth, quotas_of
from circle15.planning.siting.swaps import good_plan
from circle15.workflow.siting.proposing import propose_sites
from tests.bench.verdicts import verdict
from tests.bench.whole_runs import ROOT
from tests.builders.siting_data import MICRO, cities, city_problem

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.solution import Solution


def siting(data: Path | None) -> list[str]:
    """Time siting on the sample and, where they are at hand, on the cities."""
    rows = _sample()
    if data is None:
        return [*rows, "cities: left out, CIRCLE15_REAL_DATA is not set"]
    folder = data / "siting" / "city_mclp"
    radius = {city.name: city.radius_m for city in cities(folder)}
    problem = city_problem(folder, "NewYork", radius["NewYork"], 50, time_limit_s=600.0)
    start_s = _start_s(problem)
    rows.append(
        f"start solution of NewYork, p = 50: {start_s:.3f} s (≤ 0.2)  {verdict(start_s <= 0.2)}"
    )
    solution, cpu_s = _timed(problem)
    found = f"{solution.value // MICRO:,} of 1,153,640, proven: {solution.is_proven}"
    proven = verdict(solution.value == 1_153_640 * MICRO, solution.is_proven, cpu_s <= 60)
    rows.append(f"NewYork, p = 50: {found}, {cpu_s:.1f} CPU s (≤ 60)  {proven}")
    for name, radius_m in radius.items():
        solution, cpu_s = _timed(city_problem(folder, name, radius_m, 10, time_limit_s=600.0))
        found = f"{solution.value // MICRO:,}, proven: {solution.is_proven}"
        proven = verdict(solution.is_proven, cpu_s <= 60)
        rows.append(f"{name}, p = 10: {found}, {cpu_s:.1f} CPU s (≤ 60)  {proven}")
    for city in cities(folder):
        problem = city_problem(folder, city.name, city.radius_m, city.p, time_limit_s=10.0)
        solution, cpu_s = _timed(problem)
        share, most = solution.value / MICRO / city.best_known, city.best_known * MICRO
        kept = verdict(share >= 0.995, solution.bound >= most, cpu_s <= 10)
        rows.append(
            f"{city.name:<12} p = {city.p:>3}  {share:9.4%} of {city.best_known:>9,} (≥ 99.5 %)  "
            f"bound {solution.bound / MICRO / city.best_known - 1:+.3%}  "
            f"{cpu_s:4.1f} CPU s (≤ 10)  {kept}"
        )
    return rows


def _sample() -> list[str]:
    found = propose_sites(ROOT / "data/sample/study.toml", category="home_care_station", add=10)
    solution = found.answer.solution
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    n = len(found.answer.question.candidates.table)
    gap = (
        f"sample, 10 among {n:,}: gap {solution.gap:.3%} (≤ 0.1 %), {solution.seconds:.1f} s (≤ 30)"
    )
    kept = verdict(solution.gap <= 0.001, solution.seconds <= 30, peak_gb <= 1.5)
    return [f"{gap}, peak of the process {peak_gb:.2f} GB (≤ 1.5)  {kept}"]


def _timed(problem: SitingProblem) -> tuple[Solution, float]:
    began = time.process_time()
    solution = locate(problem)
    return solution, time.process_time() - began


def _start_s(problem: SitingProblem) -> float:
    """Seconds of greedy choice and the first swaps, compiled before."""
    scoring = Scoring(problem)
    worth, quotas = people_worth(scoring).worth, quotas_of(scoring)
    took = []
    for _ in range(2):
        began = time.perf_counter()
        good_plan(worth, quotas, allowed=~scoring.is_existing, work=0, seed=1)
        took.append(time.perf_counter() - began)
    return took[-1]
