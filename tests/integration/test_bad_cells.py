"""Columns and cells that cannot be read: exit 2, with file, row and column.

Every case breaks one thing of a small study that runs, and says what the message must name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import shapely
from tests.builders.bad_inputs import (
    HOMES,
    ONES,
    ZONE_ROW,
    assert_refused,
    assert_untouched,
    base,
    both,
    case,
    edit,
    in_study,
    prepared,
    raster,
    the_message,
    write,
)
from tests.commands import call
from tests.streets import write_layer

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["base"]  # the fixture


def two_streets_of_one_id(folder: Path) -> None:
    halves = [shapely.box(-200, -200, 300, 500), shapely.box(300, -200, 800, 500)]
    rows = [(half, {"code": "S1", "label": f"street {k}"}) for k, half in enumerate(halves)]
    write_layer(folder / "wards.geojson", rows)


CASES = [
    case(
        "csv without coordinates",
        write("sites.csv", "facility_id,name\nf1,one\n"),
        r"sites\.csv: has no columns of coordinates",
        "facility_id, name",
    ),
    case(
        "people without coordinates",
        write("homes.csv", "demand_id,p60\nh1,5\n"),
        r"homes\.csv: has no columns of coordinates",
    ),
    case(
        "missing column",
        in_study('value = "p60"', 'value = "people"'),
        r"homes\.csv, column 'people'",
        "demand_id",
    ),
    case(
        "missing id column",
        in_study('id = "code"', 'id = "kode"'),
        r"wards\.geojson, column 'kode'",
        "code",
    ),
    case(
        "duplicate facility id",
        edit("sites.csv", ",f2,", ",f1,"),
        r"sites\.csv, row [23]",
        "'f1'",
        "row [23]",
    ),
    case(
        "duplicate demand id",
        edit("homes.csv", "h2,", "h1,"),
        r"homes\.csv, row 3",
        "'h1'",
        "row 2",
    ),
    case(
        "duplicate zone id",
        write("zones.csv", ZONE_ROW + "500100,3490000,Z1,new,5\n"),
        r"zones\.csv, row 3",
        "'Z1'",
        "row 2",
    ),
    case(
        "zone without an id",
        write("zones.csv", ZONE_ROW + "500100,3490000,,new,5\n"),
        r"zones\.csv, row 3, column 'zone_id'",
    ),
    case(
        "zones without ids",
        write("zones.csv", "x_m,y_m,kind\n500000,3490000,new\n"),
        r"zones\.csv: ",
        "no column of zone ids",
    ),
    case(
        "duplicate street id",
        two_streets_of_one_id,
        r"wards\.geojson, row 2, column 'code'",
        "'S1'",
        "row 1",
    ),
    case(
        "negative population",
        edit("homes.csv", "h2,50", "h2,-50"),
        r"homes\.csv, row 3, column 'p60'",
        "-50",
    ),
    case(
        "population in words",
        edit("homes.csv", "h2,50", "h2,many"),
        r"homes\.csv, row 3, column 'p60'",
        "many",
    ),
    case("population blank", edit("homes.csv", "h2,50", "h2,"), r"homes\.csv, row 3, column 'p60'"),
    case(
        "population beyond all bounds",
        edit("homes.csv", "h2,50", "h2,1e99"),
        r"homes\.csv, row 3, column 'p60'",
    ),
    case(
        "negative households",
        edit("zones.csv", "new,100", "new,-100"),
        r"zones\.csv, row 2, column 'households'",
        "-100",
    ),
    case(
        "half a household",
        edit("zones.csv", "new,100", "new,10.5"),
        r"zones\.csv, row 2, column 'households'",
    ),
    case("negative cells", raster(-ONES), r"p\.tif: has cells that are neg", "line 1, column 1"),
    case(
        "heading twice",
        write("sites.csv", "x_m,y_m,name,name\n1,2,a,b\n"),
        r"sites\.csv, row 1, column 'name'",
        "twice",
    ),
    case("a row too long", edit("homes.csv", "h2,50", "h2,50,9"), r"homes\.csv, row 3"),
    case(
        "unknown field",
        in_study('covers = "extent"', 'columns = { bedz = "name" }'),
        "'bedz' is not a field",
        "beds",
    ),
    case(
        "a mapped column that is not there",
        in_study('covers = "extent"', 'columns = { beds = "betten" }'),
        r"sites\.csv, column 'betten'",
    ),
    case(
        "a condition that is none",
        in_study('covers = "extent"', 'where = "beds over 3"'),
        r"facilities\.where",
    ),
    case(
        "nobody to calibrate",
        both(
            in_study('value = "p60",', 'value = "p60", calibrate_to = 5,'),
            write("homes.csv", HOMES + "500000,3590000,h1,5\n"),
        ),
        r"homes\.csv: has no people",
    ),
]


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_bad_input(one, base, tmp_path, capfd):
    assert_refused(one, base, tmp_path, capfd)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, r"none\.csv: no such file"),
        ("zone_id,kind\nN1,new\n", "no columns of coordinates"),
        ("name,lon,lat\nN1,120,31.5\n", "no column of zone ids"),
        ("zone_id,lon,lat,households\nN1,120,31.5,-3\n", r"none\.csv, row 2, column 'households'"),
        ("zone_id,lon,lat\nN1,120,31.5\nN1,120,31.5\n", r"none\.csv, row 3: .*'N1'"),
        ("zone_id,lon,lat\n", "holds no record"),
    ],
)
def test_bad_zones(content, says, base, tmp_path, capfd):
    folder, out = prepared(tmp_path, base)
    if content is not None:
        write("none.csv", content)(folder)
    code = call("zones", folder / "study.toml", "--zones", folder / "none.csv", "--out", out)
    answer = capfd.readouterr()
    assert (code, answer.out) == (2, "")
    assert re.search(says, the_message(answer.err)), answer.err
    assert_untouched(out)
