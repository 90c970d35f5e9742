"""Small neighbouring districts, each a study of its own: streets, homes and one or two sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from tests.streets import write_study

if TYPE_CHECKING:
    from pathlib import Path

WIDE_M: Final = 1_000.0
"""Districts lie side by side from west to east, each as wide."""
PEOPLE: Final = (10, 20, 30, 40, 5)
"""People at the homes of a district, 200 m apart; each district adds its number."""


def write_district(
    folder: Path,
    number: int,
    *,
    sites: int = 1,
    shift_m: float = 0.0,
    name: str | None = None,
    more: str = "",
) -> Path:
    """
    Write one district; return its study.

    Its street leads from its western border 1,000 m to the east, with a home each 200 m; the
    first site is at its western end, so that at 1 m/s and 15 minutes homes up to 900 m are
    covered, at 5 minutes those up to 300 m. The names of studies are `d1`, `d2`, …

    Parameters
    ----------
    shift_m
        Metres by which it is moved to the west, over its neighbour.
    sites
        Number of sites; 0 leaves all homes in the gap.
    """
    west = (number - 1) * WIDE_M - shift_m
    nodes = {"A": (west + 10, 0.0), "B": (west + 500, 0.0), "C": (west + 990, 0.0)}
    homes = {
        f"h{k + 1}": (west + 100 + 200 * k, 5.0, people + number) for k, people in enumerate(PEOPLE)
    }
    placed = {f"S{number}-{k}": (west + 20 + 400 * k, 5.0) for k in range(sites)}
    placed = placed or {f"S{number}-far": (west + 20, 5_000.0)}
    rim = shapely.Polygon(
        [(west, -400), (west + WIDE_M, -400), (west + WIDE_M, 300 + 40 * number), (west, 300)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = write_study(
        folder,
        nodes,
        ["ABC"],
        homes,
        placed,
        boundary=rim,
        extent=shapely.box(west - 3_000, -3_000, west + 4_000, 3_000),
        streets={f"W{number}": rim},
        more=more,
    )
    text = path.read_text("utf-8")
    wanted = name or f"d{number}"
    path.write_text(text.replace('name = "small"', f'name = "{wanted}"', 1), "utf-8")
    return path
