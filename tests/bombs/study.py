"""How a bomb is put into the small study of `builders.small_study`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.small_study import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Bomb = Callable[[Path], None]


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
