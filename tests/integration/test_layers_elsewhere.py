"""Layers that do not lie at the streets: one error, with a hint how to move them there."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from tests.commands import call

import circle15
from circle15.errors import CrsError, InputDataError

# Porto Alegre: swapped, its degrees are a place in the South Atlantic.
PORTO_ALEGRE, WUXI, SEVILLE = (-51.22, -30.03), (120.3, 31.57), (-5.98, 37.39)
STUDY = """
[study]
name = "small"
as_of = 2025-12-31
{key}
[area]
boundary = "boundary.gpkg"
{area}
[network]
file = "streets.gpkg"
extent = "extent.gpkg"
min_component_m = 0
{network}
[demand]
group = "p60"
layers = [ {{ group = "p60", points = "homes.csv", value = "p60", datum = "wgs84" }} ]
[[facilities]]
file = "sites.csv"
category = "meal_point"
datum = "wgs84"
{covers}
[[residential_zones]]
file = "{zones}"
{more}
"""


def write(path, place, shape, crs="EPSG:4326", *, swapped=False, said=None, **cells):
    """Write a shape in hundredths of a degree around a place, in a CRS."""
    moved = shapely.transform(shape, lambda xy: np.asarray(xy) / 100 + np.array(place))
    frame = gpd.GeoDataFrame({k: [v] for k, v in cells.items()}, geometry=[moved], crs=4326)
    frame = frame.to_crs(crs)
    if swapped:
        frame.geometry = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    if said is not None:
        frame = frame.set_crs(said, allow_override=True)
    frame.to_file(path, engine="pyogrio")


BOX, WIDE = shapely.box(-1, -1, 1, 1), shapely.box(-2, -2, 2, 2)
LINE = shapely.LineString([(-1, 0), (0, 0), (0.5, 0.1), (1, 0)])
SHAPES: dict[str, tuple[shapely.Geometry, dict[str, Any]]] = {
    "boundary": (BOX, {}),
    "extent": (WIDE, {}),
    "streets": (LINE, {"highway": "residential"}),
    "wards": (BOX, {"code": "S", "label": "S"}),
    "communities": (BOX, {"code": "K", "label": "K"}),
    "covers": (BOX, {}),
    "barriers": (shapely.LineString([(-0.1, -0.5), (-0.1, -0.6)]), {}),
    "zones": (shapely.box(-0.1, -0.1, 0.1, 0.1), {"zone_id": "Z", "kind": "new", "households": 9}),
}


def study(folder, place=PORTO_ALEGRE, **changes):
    """Write a study of one place; `changes` say how a layer is written otherwise."""
    for name, (shape, cells) in SHAPES.items():
        options = {"place": place, "crs": "EPSG:4326"} | changes.get(name, {})
        write(folder / f"{name}.gpkg", shape=shape, **options, **cells)
    for name, heading in (("homes", "demand_id,p60"), ("sites", "facility_id,name")):
        lon, lat = changes.get(name, place)
        rows = [f"{lon + k / 1e4},{lat},{name}{k},5" for k in (1, 2)]
        (folder / f"{name}.csv").write_text(
            "\n".join([f"lon,lat,{heading}", *rows]) + "\n", encoding="utf-8"
        )
    columns = 'id = "code", name = "label"'
    area = f'streets = {{ file = "wards.gpkg", {columns} }}\n'
    area += f'communities = {{ file = "communities.gpkg", {columns} }}'
    text = STUDY.format(
        key=changes.get("key", ""),
        area=area,
        network='barriers = "barriers.gpkg"',
        covers='covers = "covers.gpkg"',
        zones=changes.get("zones_file", "zones.gpkg"),
        more=changes.get("more", ""),
    )
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("place", [PORTO_ALEGRE, WUXI])
def test_a_study_of_one_place_is_not_accused(tmp_path, place):
    outcome = circle15.check(study(tmp_path, place))
    assert outcome.ready
    codes = {finding.code for finding in outcome.findings}
    assert not codes & {"LAYER_OFF_MAP", "SHIFT_KNOWN", "SHIFT_UNKNOWN"}


LAYERS = ("boundary", "extent", "wards", "communities", "covers", "barriers", "zones")


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32722"])
def test_swapped_coordinates_that_are_a_place_are_told(tmp_path, name, crs):
    """Degrees of Brazil swapped are in the sea; metres of UTM swapped are in no other place."""
    path = study(tmp_path, **{name: {"swapped": True, "crs": crs}})
    with pytest.raises(CrsError, match=rf"{name}\.gpkg.*([Ss]wapped|no position lies where)"):
        circle15.check(path)


@pytest.mark.parametrize("name", LAYERS)
def test_the_belt_of_another_meridian_is_told(tmp_path, name):
    """Metres of the belt of 120° E said to be of 117° E: 285 km west of the streets."""
    path = study(tmp_path, WUXI, **{name: {"crs": "EPSG:4549", "said": "EPSG:4548"}})
    with pytest.raises(CrsError, match=rf"{name}\.gpkg.*The values fit EPSG:4549"):
        circle15.check(path)


@pytest.mark.parametrize(("crs", "said"), [("EPSG:4510", "EPSG:4509"), ("EPSG:4499", "EPSG:4498")])
def test_belts_of_six_degrees_are_told_too(tmp_path, crs, said):
    path = study(tmp_path, WUXI, boundary={"crs": crs, "said": said})
    with pytest.raises(CrsError, match=r"boundary\.gpkg.*(fit|EPSG:4499)"):
        circle15.check(path)


def test_streets_and_boundary_that_do_not_meet_are_one_error(tmp_path, capfd):
    """Everything is of Wuxi but the streets, which are of Seville."""
    path = study(tmp_path, WUXI, streets={"place": SEVILLE}, extent={"place": SEVILLE})
    for command in ("check", "run"):
        assert call(command, path, *(["--out", tmp_path / "out"] if command == "run" else [])) == 2
        answer = capfd.readouterr()
        lines = [line for line in answer.err.splitlines() if line.strip()]
        assert len(lines) == 1, answer
        assert "boundary.gpkg: The boundary and the streets do not meet" in lines[0]
        assert "km away" in lines[0]
        assert answer.out == ""


def test_streets_that_are_swapped_are_told_by_the_boundary(tmp_path):
    path = study(tmp_path, streets={"swapped": True}, extent={"swapped": True})
    with pytest.raises(CrsError, match=r"do not meet.* Or streets\.gpkg: Its .* swapped"):
        circle15.check(path)


def test_a_boundary_beside_the_streets_does_not_meet_them(tmp_path):
    """A hole of the boundary, or its bay, holds all the streets: the boxes meet, they do not."""
    ring = shapely.box(-20, -20, 20, 20).difference(shapely.box(-4, -4, 4, 4))
    path = study(tmp_path, WUXI)
    write(tmp_path / "boundary.gpkg", WUXI, ring)
    with pytest.raises(CrsError, match=r"boundary\.gpkg: The boundary and the streets do not meet"):
        circle15.check(path)


@pytest.mark.parametrize("name", ["wards", "communities"])
def test_zones_beside_the_boundary_are_one_error(tmp_path, name):
    path = study(tmp_path, WUXI, streets={"place": WUXI})
    write(tmp_path / f"{name}.gpkg", (120.305, 31.6), BOX, **SHAPES[name][1])
    with pytest.raises(CrsError, match=rf"{name}\.gpkg: none of the .* meets the boundary"):
        circle15.check(path)


def test_an_extent_without_a_street_is_one_error(tmp_path):
    path = study(tmp_path, WUXI, extent={"place": SEVILLE})
    with pytest.raises(CrsError, match=r"extent\.gpkg: The extent and the streets do not meet"):
        circle15.check(path)


@pytest.mark.parametrize("name", ["covers", "barriers"])
def test_other_layers_elsewhere_are_listed(tmp_path, name):
    outcome = circle15.check(study(tmp_path, WUXI, **{name: {"place": SEVILLE}}))
    found = [finding.file for finding in outcome.findings if finding.code == "LAYER_OFF_MAP"]
    assert found == [f"{name}.gpkg"]


def add_row(path, place=SEVILLE):
    """Write the first row of a layer once more, in another place."""
    if path.suffix == ".csv":
        rows = path.read_text(encoding="utf-8").splitlines()
        cells = rows[1].split(",")
        rows.append(",".join([*map(str, place), cells[2] + "far", *cells[3:]]))
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return
    frame = gpd.read_file(path)
    offset = np.array(place) - np.array(WUXI)
    other = frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy + offset))
    for column in {"code", "zone_id"} & {*frame.columns}:
        other[column] = other[column] + "far"
    pd.concat([frame, other]).to_file(path, engine="pyogrio")


def test_a_row_in_another_part_of_the_world_is_listed_for_every_layer(tmp_path):
    """Rows of Seville in layers of Wuxi: kept, counted as before, and one finding a layer."""
    path = study(tmp_path, WUXI, more='entrances = "doors.csv"\ndatum = "wgs84"')
    write(tmp_path / "streets.gpkg", WUXI, shapely.segmentize(LINE, 0.1), highway="residential")
    doors = f"lon,lat,zone_id\n{WUXI[0]},{WUXI[1]},Z\n"
    (tmp_path / "doors.csv").write_text(doors, encoding="utf-8")
    write(tmp_path / "far.gpkg", SEVILLE, LINE, highway="residential")
    both = [gpd.read_file(tmp_path / f"{name}.gpkg") for name in ("streets", "far")]
    pd.concat(both).to_file(tmp_path / "streets.gpkg", engine="pyogrio")
    listed = ["streets", *LAYERS[1:]]
    for name in listed[1:]:
        add_row(tmp_path / f"{name}.gpkg")
    for name in ("homes", "sites", "doors"):
        add_row(tmp_path / f"{name}.csv")
    outcome = circle15.check(path)
    assert outcome.ready
    found = {i.file: i for i in outcome.findings if i.code == "ROWS_FAR_AWAY"}
    layers = {f"{name}.gpkg" for name in listed}
    assert set(found) == layers | {"homes.csv", "sites.csv", "doors.csv"}
    assert {found[name].row for name in layers} == {2}
    assert (found["homes.csv"].row, found["sites.csv"].row, found["doors.csv"].row) == (4, 4, 3)
    said = found["homes.csv"].detail
    assert (said["count"], said["rows"], said["place"]) == ("1", "3", "-5.98, 37.39")
    assert sum(i.code == "ROWS_FAR_AWAY" for i in outcome.findings) == len(found)


def test_a_stray_feature_of_the_boundary_is_named(tmp_path):
    """It would be the study CRS that is not right there."""
    path = study(tmp_path, WUXI)
    add_row(tmp_path / "boundary.gpkg")
    says = r"boundary\.gpkg, row 2: 1 of its 2 features lie, or have a vertex, more than"
    with pytest.raises(CrsError, match=says):
        circle15.check(path)


@pytest.mark.parametrize("name", ["homes", "sites"])
def test_few_swapped_points_are_an_error_too(tmp_path, name):
    path = study(tmp_path, **{name: PORTO_ALEGRE[::-1]})
    outcome = circle15.check(path)
    assert not outcome.ready
    (found,) = [finding for finding in outcome.findings if finding.severity == "error"]
    assert (found.code, found.file) == ("COORDINATES_EXCHANGED", f"{name}.csv")


ZONE_ROWS = "zone_id,kind,households,lon,lat\nZ1,new,100,{0},{1}\n"


def test_one_swapped_zone_of_a_table_gets_the_hint(tmp_path):
    """In Wuxi the numbers are no place; in Porto Alegre they are one, far from the streets."""
    path = study(tmp_path, WUXI, zones_file="z.csv", more='datum = "wgs84"')
    (tmp_path / "z.csv").write_text(ZONE_ROWS.format(*WUXI[::-1]), encoding="utf-8")
    with pytest.raises(InputDataError, match=r"z\.csv.*Longitude and latitude are swapped"):
        circle15.check(path)
    path = study(tmp_path, PORTO_ALEGRE, zones_file="z.csv", more='datum = "wgs84"')
    (tmp_path / "z.csv").write_text(ZONE_ROWS.format(*PORTO_ALEGRE[::-1]), encoding="utf-8")
    codes = {finding.code: finding.severity for finding in circle15.check(path).findings}
    assert codes["COORDINATES_EXCHANGED"] == "error"
    (tmp_path / "z.csv").write_text(ZONE_ROWS.format("", ""), encoding="utf-8")
    assert circle15.check(path).ready  # a zone without a place is judged by its floor area


def test_northing_before_easting_of_a_zone_gets_the_hint(tmp_path):
    path = study(tmp_path, WUXI, zones_file="z.csv", more='crs = "EPSG:4549"')
    x, y = Transformer.from_crs(4326, 4549, always_xy=True).transform(*WUXI)
    rows = f"zone_id,kind,households,x_m,y_m\nZ1,new,100,{y},{x}\n"
    (tmp_path / "z.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(CrsError, match=r"z\.csv.*x and y swapped"):
        circle15.check(path)


def test_entrances_that_are_swapped_get_the_hint(tmp_path):
    path = study(tmp_path, WUXI, more='entrances = "doors.csv"\ndatum = "wgs84"')
    rows = f"zone_id,lon,lat\nZ,{WUXI[1]},{WUXI[0]}\n"
    (tmp_path / "doors.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InputDataError, match=r"doors\.csv.*Longitude and latitude are swapped"):
        circle15.check(path)


def test_layers_far_from_the_streets_never_fit(tmp_path, capfd):
    """Twenty-five sites on a grid inside the boundary, 2 to 5 km from the only street."""
    path = study(tmp_path, WUXI)
    write(tmp_path / "boundary.gpkg", WUXI, shapely.box(-1, -1, 8, 8))
    write(tmp_path / "extent.gpkg", WUXI, shapely.box(-1, -1, 8, 8))
    rows = [
        f"{WUXI[0] + 0.02 + i / 200},{WUXI[1] + 0.02 + j / 200},s{i}{j},s"
        for i in range(5)
        for j in range(5)
    ]
    text = "\n".join(["lon,lat,facility_id,name", *rows]) + "\n"
    (tmp_path / "sites.csv").write_text(text, encoding="utf-8")
    outcome = circle15.check(path)
    (sites,) = [one for one in outcome.datums if one.given.file.name == "sites.csv"]
    assert sites.verdict == "unclear"
    assert call("check", path, "--json") == 0
    said = {one["file"]: one for one in json.loads(capfd.readouterr().out)["datums"]}
    assert "fits" not in str(said["sites.csv"].get("verdict"))
