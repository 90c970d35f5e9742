"""Numbers of metres: which CGCS2000 belt they fit, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS, Transformer

from circle15.errors import CrsError
from circle15.inputs.crs.belts import candidate_belts, fit_in_words, likely_mend
from circle15.inputs.crs.datum_shifts import require_known_place
from circle15.inputs.crs.points import locate
from circle15.inputs.crs.positions import choose_crs
from circle15.inputs.table_sources import find_columns, read_table

LON, LAT = 120.30, 31.57


def metres(code: int, lon: float = LON, lat: float = LAT) -> tuple[float, float]:
    return Transformer.from_crs(4490, code, always_xy=True).transform(lon, lat)


def located(tmp_path, rows, **options):
    path = tmp_path / "sites.csv"
    path.write_text("\n".join(["x,y", *(f"{x:.4f},{y:.4f}" for x, y in rows)]), "utf-8")
    table = read_table(path)
    columns = find_columns(table, "facility", {})
    return locate(table, columns, CRS.from_epsg(4549), datum=None, **options)


@pytest.mark.parametrize(("code", "false_easting"), [(4549, 500_000), (4528, 40_500_000)])
def test_a_place_on_the_middle_meridian(code, false_easting):
    """120° E: easting is the false easting alone, with the zone 40 before it or not."""
    assert metres(code, 120.0)[0] == pytest.approx(false_easting, abs=1e-6)


@pytest.mark.parametrize("zone", range(25, 46))
def test_codes_of_every_zone(zone):
    """EPSG:4513–4533 with prefix, 4534–4554 without; the middle meridian is 3° times the zone."""
    for code in (4513 + zone - 25, 4534 + zone - 25):
        crs = CRS.from_epsg(code)
        assert crs.to_cf()["longitude_of_central_meridian"] == 3 * zone
        assert [axis.abbrev for axis in crs.axis_info] == ["X", "Y"]
        assert crs.axis_info[0].direction == "north"
    x, y = metres(4513 + zone - 25, 3.0 * zone)
    one = np.array([x]), np.array([y])
    belt = f"crs = 'EPSG:{4513 + zone - 25}' (zone prefix {zone})"
    assert fit_in_words(*one) == f"The values fit {belt}."
    assert (f"EPSG:{4513 + zone - 25}", False) in candidate_belts(*one, 3.0 * zone)


def test_belts_with_and_without_prefix_are_the_same_places(tmp_path):
    with_prefix = located(tmp_path, [metres(4528)], layer_crs="EPSG:4528")
    without = located(tmp_path, [metres(4549)], layer_crs="EPSG:4549")
    neighbour = located(tmp_path, [metres(4550)], layer_crs="EPSG:4550")
    assert with_prefix.x_m == pytest.approx(without.x_m, abs=0.001)
    assert neighbour.x_m == pytest.approx(without.x_m, abs=0.001)
    assert neighbour.y_m == pytest.approx(without.y_m, abs=0.001)


def test_without_crs_the_message_says_what_fits(tmp_path):
    x, y = metres(4528)
    with pytest.raises(CrsError, match=r"no CRS.*EPSG:4528.*zone prefix 40"):
        located(tmp_path, [(x, y)], layer_crs=None)
    with pytest.raises(CrsError, match=r"EPSG:4528' \(zone prefix 40, x and y swapped\)"):
        located(tmp_path, [(y, x)], layer_crs=None)
    with pytest.raises(CrsError, match="a belt without zone prefix"):
        located(tmp_path, [metres(4549)], layer_crs=None)


def test_a_local_grid_is_refused(tmp_path):
    """Shanghai's grid counts from People's Square: ±50 000 m; nothing here may guess at it."""
    with pytest.raises(CrsError, match=r"fit no CGCS2000 belt\. If they are in a local grid"):
        located(tmp_path, [(-1250.0, 3480.0)], layer_crs=None)
    with pytest.raises(CrsError, match=r"no position lies where EPSG:4549 is used.*local grid"):
        located(tmp_path, [(-1250.0, 3480.0)], layer_crs="EPSG:4549")


def test_a_belt_with_the_wrong_prefix_is_refused(tmp_path):
    with pytest.raises(CrsError, match=r"where EPSG:4549 is used.*values fit crs = 'EPSG:4528'"):
        located(tmp_path, [metres(4528)], layer_crs="EPSG:4549")
    with pytest.raises(CrsError, match=r"where EPSG:4528 is used.*without zone prefix"):
        located(tmp_path, [metres(4549)], layer_crs="EPSG:4528")


def test_a_crs_is_used_beyond_its_area():
    """Bureaus use the belt of their seat for the whole county."""
    x, y = (np.array([v]) for v in metres(4549, 122.5))
    require_known_place(x, y, CRS.from_epsg(4549), Path("a.csv"))
    crs = choose_crs("auto", 120.3, 31.6, Path("s.toml"))
    assert crs.to_epsg() == 4549


def test_the_crs_in_use_is_not_suggested():
    """One home 1,500 km west and one as far east of the middle of a belt of 3 degrees."""
    x, y = np.array([-1_000_000.0, 2_000_000.0]), np.array([3_490_000.0, 3_490_000.0])
    used, other = CRS.from_epsg(4549), CRS.from_epsg(4528)
    assert "EPSG:4549" in likely_mend(x, y, other)
    assert "EPSG" not in likely_mend(x, y, used)
    assert "check for rows whose digits are wrong" in likely_mend(x, y, used)
