"""Check that layers lie near the streets, and suggest a fix where they do not."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS, Geod

from circle15.errors import CrsError
from circle15.inputs.crs.belts import candidate_belts
from circle15.inputs.crs.positions import WGS84, transform
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle15.arrays import Bools, Floats, Ints
    from circle15.study.database_tables import Source

    Box = tuple[float, float, float, float]  # west, south, east, north

MOST_VERTICES: Final = 5000
"""Larger layers are thinned evenly to this many vertices, which suffice."""
_BEYOND_DEG: Final = 0.02  # 2 km: layers at most this far from the streets count as near
_FAR_KM: Final = 300
"""No row of a study, even of a province, lies farther from the middle of its streets."""
_EARTH_KM: Final = 6371.0
_GEOD: Final = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Layer:
    """Vertices of a layer as in its file, longitude or easting first, and its CRS."""

    file: Source
    x: Floats
    y: Floats
    source: CRS

    @property
    def box(self) -> Box | None:
        """Bounding box of the layer in degrees; None where it has no position."""
        return _box(self.x, self.y, self.source)

    @property
    def middle(self) -> tuple[float, float] | None:
        """Median longitude and latitude of the vertices, which strays do not affect."""
        lon, lat = transform(self.x, self.y, self.source, WGS84)
        there = np.isfinite(lon) & np.isfinite(lat)
        if not there.any():
            return None
        half = (int(there.sum()) - 1) // 2
        return float(np.sort(lon[there])[half]), float(np.sort(lat[there])[half])


def layer_of(file: Source, x: Floats, y: Floats, source: CRS) -> Layer:
    """Return a layer with enough vertices to locate it."""
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(placed) > MOST_VERTICES:
        placed = placed[np.linspace(0, len(placed) - 1, MOST_VERTICES).round().astype(int)]
    return Layer(file, x[placed], y[placed], source)


@dataclass
class _Streets:
    """The streets of the study being read, and findings about layers far from them."""

    layer: Layer | None = None
    found: list[Finding] = field(default_factory=list)


_reading: ContextVar[_Streets | None] = ContextVar("streets", default=None)


@contextmanager
def compared_with_streets() -> Iterator[list[Finding]]:
    """
    Compare each layer with the streets while it is read, once these are known.

    Yields
    ------
    A list that receives `LAYER_OFF_MAP` for each layer that is far from the streets however it is
    read, and `ROWS_FAR_AWAY` for each layer with some rows far away.
    """
    streets = _Streets()
    token = _reading.set(streets)
    try:
        yield streets.found
    finally:
        _reading.reset(token)


def note_streets(layer: Layer) -> None:
    """Set the streets with which later layers are compared."""
    streets = _reading.get()
    if streets is not None:
        streets.layer = layer


def noted_streets() -> Layer | None:
    """Return the streets with which layers are compared now; None before they are known."""
    streets = _reading.get()
    return None if streets is None else streets.layer


def note_far_again(findings: Iterable[Finding]) -> None:
    """Add findings on layers far from the streets that were read before, each once."""
    streets = _reading.get()
    if streets is not None:
        streets.found += [one for one in findings if one not in streets.found]


def require_among_streets(layer: Layer, *, listed: bool = True) -> None:
    """
    Refuse a layer far from the streets that would lie near them if it were read differently.

    A layer that is far from them however it is read is reported, unless `listed` is False because
    another check reports it. Nothing is checked before the streets are known.

    Raises
    ------
    CrsError
        With the way to read the layer.
    """
    streets = _reading.get()
    if streets is None or streets.layer is None:
        return
    own, of_streets = layer.box, streets.layer.box
    if own is None or of_streets is None or _meet(own, of_streets):
        return
    mend = _otherwise(layer, of_streets)
    if mend is not None:
        raise CrsError(_apart(layer, streets.layer, ""), file=layer.file, mend=mend)
    finding = Finding(
        "LAYER_OFF_MAP", "warning", layer.file.name, detail={"rows": f"{len(layer.x):,}"}
    )
    if listed and finding not in streets.found:
        streets.found.append(finding)


def note_far_rows(
    lon: Floats, lat: Floats, rows: Ints, file: Source, *, kind: str = "row"
) -> Finding | None:
    """
    Report a layer near the streets with some rows more than 300 km away from their middle.

    Such rows, or single vertices or parts of them, are typing errors that no other check finds for
    barriers, zones or homes outside the boundary. A row that leads so far without a gap of as much
    between two of its vertices, or lies around the streets, is none. Nothing is checked before the
    streets are known.

    Parameters
    ----------
    lon, lat
        Vertices, degrees, WGS 84; shape (n,). Values that are not finite are ignored.
    rows
        Row of each vertex, ascending; shape (n,).
    file
        File of the layer.
    kind
        `row`, or `way` if `rows` are ids of ways.

    Returns
    -------
    The finding, which is also added to those of the study being read; None for none.
    """
    streets = _reading.get()
    middle = None if streets is None or streets.layer is None else streets.layer.middle
    there = np.isfinite(lon) & np.isfinite(lat)
    if streets is None or middle is None or not there.any():
        return None
    lon, lat, rows = lon[there], lat[there], rows[there]
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    near_lon, near_lat = (
        np.clip(at, np.minimum.reduceat(one, starts), np.maximum.reduceat(one, starts))
        for one, at in zip((lon, lat), middle, strict=True)
    )
    whole = _km_between(near_lon, near_lat, *middle) > _FAR_KM
    if whole.all():
        return None
    found = np.sort(np.r_[starts[whole], _first_strays(lon, lat, starts, whole, middle)])
    if not len(found):
        return None
    first = found[0]
    detail = {
        "count": f"{len(found):,}",
        "rows": f"{len(starts):,}",
        "km": str(_FAR_KM),
        "first": f"{kind}/{rows[first]}",
        "place": f"{lon[first]:.6g}, {lat[first]:.6g}",
    }
    row = int(rows[first]) if kind == "row" else None
    finding = Finding("ROWS_FAR_AWAY", "warning", file.name, row, detail=detail)
    if finding not in streets.found:
        streets.found.append(finding)
    return finding


def _first_strays(
    lon: Floats, lat: Floats, starts: Ints, whole: Bools, middle: tuple[float, float]
) -> Ints:
    """
    Return the first far vertex of each row that jumps there from one near the streets, or back.

    Parameters
    ----------
    starts, whole
        First vertex of each row, and whether all of it is far: such rows are left out.
    """
    edge_lon, edge_lat = (
        np.where(np.abs(low - at) > np.abs(high - at), low, high)
        for low, high, at in (
            (np.minimum.reduceat(one, starts), np.maximum.reduceat(one, starts), at)
            for one, at in zip((lon, lat), middle, strict=True)
        )
    )
    reach = _km_between(edge_lon, edge_lat, *middle) > _FAR_KM
    sizes = np.diff(np.r_[starts, len(lon)])
    doubtful = np.flatnonzero(np.repeat(reach & ~whole, sizes))
    if not len(doubtful):
        return doubtful
    row = np.repeat(np.arange(len(starts)), sizes)[doubtful]
    lon, lat = lon[doubtful], lat[doubtful]
    far = _km_between(lon, lat, *middle) > _FAR_KM
    jump = (row[1:] == row[:-1]) & (far[1:] != far[:-1])
    jump &= _km_between(lon[1:], lat[1:], lon[:-1], lat[:-1]) > _FAR_KM
    strays = np.flatnonzero(jump) + far[1:][jump]
    _, once = np.unique(row[strays], return_index=True)
    found: Ints = doubtful[strays[once]]
    return found


def _km_between(lon: Floats, lat: Floats, to_lon: Floats | float, to_lat: Floats | float) -> Floats:
    """Return distances on the sphere (haversine), kilometres."""
    a, b = np.radians(lat), np.radians(to_lat)
    half = np.sin((a - b) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(np.radians(lon - to_lon) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def refuse_apart(layer: Layer, streets: Layer, what: str) -> None:
    """
    Refuse a boundary, or the layer used as one, that lies apart from the streets.

    Parameters
    ----------
    layer, streets
        The two layers.
    what
        Name of the first layer, such as `boundary`.

    Raises
    ------
    CrsError
        Always, with the way to fix the layer or the streets.
    """
    pairs = ((layer, streets.box), (streets, layer.box))
    mends = [
        f"{one.file.name}: {mend}"
        for one, wanted in pairs
        if wanted is not None and (mend := _otherwise(one, wanted)) is not None
    ]
    raise CrsError(
        _apart(layer, streets, f"The {what} and the streets do not meet: it "),
        file=layer.file,
        mend=" Or ".join(mends)
        or "Give both for the same place, or assign to each the CRS that it was made in.",
    )


def far_apart(layer: Layer, streets: Layer) -> bool:
    """Return whether the bounding boxes of two layers are more than 2 km apart."""
    own, of_streets = layer.box, streets.box
    return own is not None and of_streets is not None and not _meet(own, of_streets)


def _apart(layer: Layer, streets: Layer, start: str) -> str:
    own, of_streets = layer.box, streets.box
    assert own is not None
    assert of_streets is not None
    (lon, lat), (to_lon, to_lat) = _middle(own), _middle(of_streets)
    km = _GEOD.inv(lon, lat, to_lon, to_lat)[2] / 1000
    return (
        f"{start}lies around {lon:.3f}, {lat:.3f}, and the streets of {streets.file.name} around "
        f"{to_lon:.3f}, {to_lat:.3f}, {km:,.0f} km away."
    )


def _otherwise(layer: Layer, wanted: Box) -> str | None:
    """Return how a layer must be read to lie in a box; None where no way is known."""
    x, y, source = layer.x, layer.y, layer.source
    if _lies_in(y, x, source, wanted):
        first = "longitude and latitude" if source.is_geographic else "easting and northing"
        return f"Its coordinates are swapped: write {first} in this order."
    if source.is_geographic or not len(x):
        return None
    for code, exchanged in candidate_belts(x, y, _middle(wanted)[0]):
        pair = (y, x) if exchanged else (x, y)
        if _lies_in(*pair, CRS.from_user_input(code), wanted):
            swapped = ", x and y swapped" if exchanged else ""
            return f"The values fit {code}{swapped}: assign that CRS to the layer."
    return None


def _lies_in(x: Floats, y: Floats, source: CRS, wanted: Box) -> bool:
    box = _box(x, y, source)
    return box is not None and _meet(box, wanted)


def _box(x: Floats, y: Floats, source: CRS) -> Box | None:
    if not len(x) or (source.is_geographic and (np.abs(y) > 90).any()):
        return None
    lon, lat = transform(x, y, source, WGS84)
    if not (np.isfinite(lon) & np.isfinite(lat)).all():
        return None
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _meet(one: Box, other: Box) -> bool:
    wide = _BEYOND_DEG / max(np.cos(np.radians((other[1] + other[3]) / 2)), 0.01)
    across = one[0] <= other[2] + wide and other[0] <= one[2] + wide
    return bool(across and one[1] <= other[3] + _BEYOND_DEG and other[1] <= one[3] + _BEYOND_DEG)


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
