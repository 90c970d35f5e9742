"""Slopes of two real cities, with elevation models in other CRS than their streets."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from pyproj import CRS, Transformer
from tests.builders.oracle_runs import oracle_network, places, product_rows
from tests.oracle import oracle
from tests.streets import walk_ms

from circle15.network.sources.network_source import open_network
from circle15.results.summary.building import build_summary
from circle15.study.settings.records import NetworkSource
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.network.relief import Relief
    from circle15.network.walk_network import WalkNetwork
    from circle15.results.records import StudyResult
    from circle15.study.vocabulary.finding import Finding

    RealResult = Callable[[str], StudyResult]

CITIES = {
    "porto_alegre": ("porto_alegre/poa_osm.pbf", "porto_alegre/poa_elevation.tif", 32722),
    "portland": ("portland/portland-central-filtered.osm.pbf", "portland/portland-ned.tif", 32610),
}


def city(data: Path, name: str, *, flat: bool = False) -> tuple[WalkNetwork, list[Finding]]:
    streets, dem, epsg = CITIES[name]
    source = NetworkSource(data / streets, squares="around", dem=None if flat else data / dem)
    return open_network(source).build(CRS.from_epsg(epsg))


def relief_of(network: WalkNetwork) -> Relief:
    assert network.relief is not None
    return network.relief


@pytest.mark.parametrize("name", CITIES)
def test_uphill_takes_longer_than_downhill(name: str, real_data: Path) -> None:
    """Between a low and a high node within reach: up is slower than flat, and than down."""
    (network, _), (flat, _) = city(real_data, name), city(real_data, name, flat=True)
    z = relief_of(network).node_z_m
    main = network.component == np.bincount(network.component).argmax()
    near = np.hypot(network.x_m - np.median(network.x_m), network.y_m - np.median(network.y_m))
    usable = np.flatnonzero(main & np.isfinite(z) & (near < 800))
    low, high = usable[z[usable].argmin()], usable[z[usable].argmax()]
    start, end = ((float(network.x_m[k]), float(network.y_m[k])) for k in (low, high))
    climb = z[high] - z[low]
    assert climb > 40
    up, down = walk_ms(network, start, end), walk_ms(network, end, start)
    level = walk_ms(flat, start, end)
    assert up is not None
    assert down is not None
    assert level is not None
    assert up > 1.03 * level
    assert up > 1.05 * down
    assert up + down >= 2 * level
    # The ratio is never less than 1 + 3.5 s (its tangent), so whichever way one takes, a metre of
    # climb costs 3.5 m of flat street, and a metre down gives back no more.
    assert up >= level + 0.99 * 3500 * climb
    assert down >= level - 1.01 * 3500 * climb


@pytest.mark.parametrize("name", CITIES)
def test_an_edge_there_and_back_takes_no_less_than_flat(name: str, real_data: Path) -> None:
    (network, _), (flat, _) = city(real_data, name), city(real_data, name, flat=True)
    both = (network.base_mm_fwd >= 0) & (network.base_mm_bwd >= 0)
    hilly = network.base_mm_fwd[both] + network.base_mm_bwd[both]
    level = flat.base_mm_fwd[both] + flat.base_mm_bwd[both]
    # ratio(s) + ratio(-s) ≥ 2; the rounding of ratios (10⁻⁶) and of millimetres is left.
    assert (hilly >= level - 2 - level // 500_000).all()
    assert network.length_m.tolist() == flat.length_m.tolist()
    assert (network.base_mm_fwd != network.base_mm_bwd).mean() > 0.5


@pytest.mark.parametrize(
    ("name", "metres_per_km", "extra"),
    [("porto_alegre", (25, 40), (0.03, 0.06)), ("portland", (25, 30), (0.035, 0.042))],
)
def test_climbing_is_not_inflated(
    name: str, metres_per_km: tuple[float, float], extra: tuple[float, float], real_data: Path
) -> None:
    """
    Portland's model is clean (10 m, bare earth): 28 m of climbing and descending per km.

    Porto Alegre's is a radar model in whole metres: raw it has 45 m per km, 7 % of the time.
    """
    network, _ = city(real_data, name)
    relief = relief_of(network)
    total = float(network.length_m.sum())
    climbed = float((relief.ascent_m + relief.descent_m).sum()) / total * 1000
    assert metres_per_km[0] < climbed < metres_per_km[1]
    mean = float(((relief.ratio_fwd + relief.ratio_bwd) / 2 * network.length_m).sum()) / total
    assert extra[0] < mean - 1 < extra[1]
    assert relief.steepest < 0.5


@pytest.mark.parametrize("name", CITIES)
def test_what_the_model_does_not_cover_is_listed(name: str, real_data: Path) -> None:
    """Both extracts have streets that lead out of the model."""
    network, findings = city(real_data, name)
    relief = relief_of(network)
    parts = (relief.measured_m, relief.spanned_m, relief.filled_m, relief.flat_m)
    assert sum(parts) == pytest.approx(float(network.length_m.sum()))
    assert min(parts) > 0
    assert 0.9 < (relief.known_share or 0) < 1
    (partial,) = (finding for finding in findings if finding.code == "DEM_PARTIAL")
    assert partial.detail["flat_km"] == f"{relief.flat_m / 1000:,.1f}"


class PlainDem:
    """The elevation model of Porto Alegre, read cell by cell with nothing but arithmetic."""

    def __init__(self, path: Path) -> None:
        with rasterio.open(path) as source:
            self.cells = source.read(1).astype(float).tolist()
            self.affine, self.crs = source.transform, source.crs
        latitude = self.affine.f + self.affine.e * len(self.cells) / 2
        across = 111_320 * math.cos(math.radians(latitude)) * self.affine.a
        down = 110_574 * -self.affine.e
        self.cell_m = max(across, down)
        self.sigma = 1.5 * self.cell_m / down, 1.5 * self.cell_m / across

    def smooth(self, row: int, column: int) -> float:
        """Mean of the cells around, by the bell curve."""
        total = weight = 0.0
        for i in range(row - 7, row + 8):
            for j in range(column - 7, column + 8):
                dy, dx = (i - row) / self.sigma[0], (j - column) / self.sigma[1]
                share = math.exp(-(dy * dy + dx * dx) / 2)
                total, weight = total + share * self.cells[i][j], weight + share
        return total / weight

    def height(self, lon: float, lat: float) -> float:
        column, row = map(float, ~self.affine * (lon, lat))
        i, j = math.floor(row - 0.5), math.floor(column - 0.5)
        fy, fx = row - 0.5 - i, column - 0.5 - j
        upper = self.smooth(i, j) * (1 - fx) + self.smooth(i, j + 1) * fx
        lower = self.smooth(i + 1, j) * (1 - fx) + self.smooth(i + 1, j + 1) * fx
        return upper * (1 - fy) + lower * fy


def tobler(slope: float) -> float:
    """Seconds per metre, as a multiple of those on the flat."""
    slope = max(-0.35, min(0.35, slope))
    speed = 6 * math.exp(-3.5 * abs(slope + 0.05))
    return 6 * math.exp(-3.5 * 0.05) / speed


def test_costs_of_edges_equal_a_plain_recomputation(real_data: Path) -> None:
    """Thirty edges of all lengths, far from bridges and from the rim of the model."""
    network, _ = city(real_data, "porto_alegre")
    relief = relief_of(network)
    dem = PlainDem(real_data / CITIES["porto_alegre"][1])
    to_degrees = Transformer.from_crs(network.crs, dem.crs, always_xy=True)
    middle = np.hypot(network.x_m - np.median(network.x_m), network.y_m - np.median(network.y_m))
    usable = np.flatnonzero((middle[network.u] < 3000) & network.snappable)
    order = usable[np.argsort(network.length_m[usable], kind="stable")]
    checked = 0
    for edge in order[np.linspace(10, len(order) - 1, 30).astype(int)].tolist():
        u, v, length = network.u[edge], network.v[edge], float(network.length_m[edge])
        n = max(1, math.ceil(length / dem.cell_m))
        shares = [k / n for k in range(n + 1)]
        x = [float(network.x_m[u] + f * (network.x_m[v] - network.x_m[u])) for f in shares]
        y = [float(network.y_m[u] + f * (network.y_m[v] - network.y_m[u])) for f in shares]
        z = [dem.height(*to_degrees.transform(a, b)) for a, b in zip(x, y, strict=True)]
        if abs(z[0] - relief.node_z_m[u]) > 0.1 or abs(z[-1] - relief.node_z_m[v]) > 0.1:
            continue  # the node is the end of a bridge
        rises = [b - a for a, b in itertools.pairwise(z)]
        there = sum(tobler(rise * n / length) for rise in rises) / n * length * 1000
        back = sum(tobler(-rise * n / length) for rise in rises) / n * length * 1000
        assert network.base_mm_fwd[edge] == pytest.approx(there, rel=1e-3, abs=1), edge
        assert network.base_mm_bwd[edge] == pytest.approx(back, rel=1e-3, abs=1), edge
        checked += 1
    assert checked >= 28


def test_times_on_hills_equal_the_oracle(real_result: RealResult, real_data: Path) -> None:
    """The oracle takes the costs of the edges as they are, and finds its own times."""
    result = real_result("porto_alegre_hills")
    network = oracle_network("porto_alegre", result, real_data)
    assert any(edge.base_mm_fwd != edge.base_mm_bwd for edge in network.edges)
    demand = result.demand[result.demand[c.IN_AREA]]
    homes = places(demand, c.DEMAND_ID, network)
    sites = places(result.facilities[result.facilities[c.OPEN]], c.FACILITY_ID, network)
    rows = oracle.time_rows(homes, oracle.nearest(homes, sites, network, Fraction(1)))
    wanted = {home.id for home in homes}
    assert oracle.compare_times(rows, product_rows(result, Fraction(1), wanted)) == []


def test_hills_take_people_out_of_the_circle(real_result: RealResult, real_data: Path) -> None:
    """Slopes change who is covered, and nothing about how many there are."""
    hills, flat = (build_summary(real_result(n)) for n in ("porto_alegre_hills", "porto_alegre"))
    rows = [
        next(r for r in s["coverage"] if (r["cutoff_min"], r["speed_m_s"]) == (15, 1.0))
        for s in (hills, flat)
    ]
    assert rows[0]["persons"] == rows[1]["persons"]
    assert rows[0]["covered"] < rows[1]["covered"]
    heights = hills["quality"]["dem"]
    assert heights is not None
    assert heights["file"] == "poa_elevation.tif"
    assert flat["quality"]["dem"] is None
    (entry,) = (one for one in hills["provenance"]["inputs"] if one["path"] == "poa_elevation.tif")
    assert len(entry["sha256"]) == 64
