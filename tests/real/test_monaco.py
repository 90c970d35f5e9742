"""Distances on foot in Monaco equal those of an independent routing engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import circle15
from circle15.travel.paths.records import length_m

if TYPE_CHECKING:
    from pathlib import Path

STUDY = """
[study]
name = "monaco"
as_of = 2025-12-31
language = "en"

[network]
file = "{file}"
squares = "around"

[walk]
profile = "plain"

[demand]
group = "total"
layers = [ {{ group = "total", points = "homes.csv", value = "persons", datum = "wgs84" }} ]
"""

DISTANCES = [
    ((43.730729, 7.421288), (43.727697, 7.419199), 1566),
    ((43.727687, 7.418737), (43.74958, 7.436566), 3438),
    ((43.728677, 7.41016), (43.739213, 7.427806), 2085),
    ((43.733802, 7.413433), (43.739662, 7.424355), 1425),
]
"""Latitude and longitude of both ends, and the metres of the other engine."""


@pytest.fixture(scope="module")
def study(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("monaco")
    (folder / "homes.csv").write_text("lon,lat,persons\n7.42,43.73,1\n", encoding="utf-8")
    text = STUDY.format(file=(real_data / "monaco_foot" / "monaco.osm.gz").as_posix())
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


@pytest.mark.parametrize(("start", "end", "metres"), DISTANCES)
def test_routes_are_as_long_as_those_of_another_engine(
    study: Path, start: tuple[float, float], end: tuple[float, float], metres: int
) -> None:
    route = circle15.route(study, start[::-1], end[::-1])
    assert route.reason is None
    assert length_m(route.steps) == pytest.approx(metres, rel=0.002)
