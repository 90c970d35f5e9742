"""The small study that a bomb is put into, and how its files are named in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from tests.streets import write_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Bomb = Callable[[Path], None]

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
BOX = shapely.box(-200, -200, 800, 500)
PEOPLE = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'


def write_small(folder: Path) -> Path:
    """Write a study of a street, two homes and two meal points."""
    homes = {"h1": (10, 5, 100), "h2": (500, 5, 50)}
    sites = {"f1": (300.0, 10.0), "f2": (600.0, 200.0)}
    return write_study(folder, NODES, ["ABCD"], homes, sites, boundary=BOX, streets={"S1": BOX})


def replaced(folder: Path, old: str, new: str) -> None:
    """Change the study file."""
    text = (folder / "study.toml").read_text("utf-8")
    assert old in text, old
    (folder / "study.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


def network(folder: Path, name: str, content: bytes = b"") -> Path:
    """Take the streets from another file."""
    replaced(folder, '"streets.geojson"', f'"{name}"')
    return _written(folder / name, content)


def homes(folder: Path, name: str, content: bytes = b"") -> Path:
    """Take the homes from another file."""
    replaced(folder, '"homes.csv"', f'"{name}"')
    return _written(folder / name, content)


def wards(folder: Path, name: str, content: bytes = b"") -> Path:
    """Take the subdistricts from another file."""
    replaced(folder, '"wards.geojson"', f'"{name}"')
    return _written(folder / name, content)


def people(folder: Path, name: str, content: bytes = b"") -> Path:
    """Take the people from a raster."""
    replaced(folder, PEOPLE, f'{{ group = "p60", raster = "{name}" }}')
    return _written(folder / name, content)


def dem(folder: Path, name: str, content: bytes = b"") -> Path:
    """Take heights from a raster."""
    replaced(folder, "min_component_m = 0", f'min_component_m = 0\ndem = "{name}"')
    return _written(folder / name, content)


def _written(path: Path, content: bytes) -> Path:
    if content:
        path.write_bytes(content)
    return path
