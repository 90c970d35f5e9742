"""What a stage returns comes back from JSON and arrays with all its types, or is not kept."""

import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from tests.builders.same_values import require_same

from circle15.network.snapping import SnapCode, Snaps
from circle15.study.vocabulary.finding import Finding
from circle15.workflow.cache.packing import Packer, UnknownKindError, Unpacker


def there_and_back(value):
    packer = Packer()
    packed = json.dumps(packer.pack(value))
    return Unpacker([array.copy() for array in packer.arrays]).unpack(json.loads(packed))


MANY = [f"路{k}" for k in range(100)]
VALUES: dict[str, Any] = {
    "nothing": None,
    "yes and one": [True, 1, 1.0, -0.0, float("nan"), float("inf"), 2**70],
    "words": ["", "objects", "numbers", "same", "\udcff", '"\\'],
    "a list that looks packed": ["same", 0],
    "a tuple of names": ("record", 0, "circle15.errors:Circle15Error"),
    "numbers": list(range(40)),
    "numbers of more than 64 bits": [2**70 + k for k in range(40)],
    "measures": [k / 7 for k in range(40)],
    "many words": MANY,
    "many words, some missing": [None, *MANY, None],
    "half characters": [*MANY, "\ud800"],
    "names by number": dict(zip(range(100), MANY, strict=True)),
    "pairs": {("a", 1): (None,), "b": {}},
    "sets": [{"b", "a"}, frozenset({1}), set()],
    "exact": [Decimal("1.50"), Decimal("1.5"), Decimal("-0"), Fraction(1, 3), dt.date(2025, 1, 2)],
    "places": [Path("/a/b.tif"), CRS.from_user_input("EPSG:4549"), Affine(1, 0, 3, 0, -1, 6)],
    "numpy numbers": [np.int8(3), np.float64(0.1), np.bool_(True), np.str_("a")],
    "codes": [SnapCode.SNAPPED, str(SnapCode.SNAPPED)],
    "no numbers": np.empty((0, 3)),
    "numbers by rows": np.arange(6.0).reshape(2, 3),
    "numbers by columns": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "every second": np.arange(10)[::2],
    "letters": np.array(["a", "路"]),
    "few words": np.array([None, "a", "b"] * 40, object),
    "words and codes": np.array([SnapCode.SNAPPED, "x", SnapCode.THROUGH_WALL] * 9, object),
    "decimals": np.array([Decimal("1.0"), Decimal("1.00"), None] * 9, object),
    "objects by rows": np.array([["a", None], [1, Decimal(2)]], object),
    "no objects": np.empty(0, object),
    "nulls": np.array([None, None], object),
    "shapes": np.array(
        [
            shapely.Point(0.1, 0.2),
            None,
            shapely.Point(),
            shapely.LineString([(0, 0, 1), (1, 1, 2)]),
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]),
        ],
        object,
    ),
    "a ring": [shapely.LinearRing([(0, 0), (1, 0), (1, 1)]), shapely.box(0, 0, 1, 1)],
    "a finding": Finding("X", "note", "a.csv", 3, None, 5, Decimal("1.0"), {"a": "b"}),
    "snaps": Snaps(
        np.array([1]), np.array([0.5]), np.array([3]), np.array([SnapCode.SNAPPED], object)
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_come_back_with_their_types(name):
    value = VALUES[name]
    if name == "a ring":  # which WKB would make a line: it is not kept
        with pytest.raises(UnknownKindError):
            there_and_back(value)
        return
    found = there_and_back(value)
    if name == "sets":
        assert [type(one) for one in found] == [type(one) for one in value]
        assert found == value
        return
    require_same(value, found)


def frames():
    rows = {"a": np.array(["x", None, "路"], object), "b": [1.5, np.nan, 0.0], "c": [1, 2, 3]}
    plain = pd.DataFrame(rows)
    plain["a"] = plain["a"].astype(object)
    shapes = gpd.GeoDataFrame(
        plain.assign(flag=[True, False, True]),
        geometry=np.array([shapely.Point(0, 0), None, shapely.Point(1, 2)], object),
        crs="EPSG:4549",
    )
    yield "plain", plain
    yield "other rows", plain.iloc[[2, 0]]
    yield "named rows", plain.set_axis(pd.Index(["p", "q", "r"], dtype=object))
    yield "without rows", plain.iloc[:0]
    yield "without columns", plain[[]]
    yield "shapes", shapes
    yield "no shapes", shapes.iloc[:0]
    yield "another name", shapes.rename_geometry("shape")


@pytest.mark.parametrize(("name", "frame"), list(frames()))
def test_tables_come_back_with_index_and_dtypes(name, frame):
    found = there_and_back(frame)
    require_same(frame, found)
    if isinstance(frame, gpd.GeoDataFrame):
        assert found.active_geometry_name == frame.active_geometry_name


def test_one_object_in_two_places_comes_back_as_one():
    array, table = np.arange(3), pd.DataFrame({"a": [1]})
    found = there_and_back({"a": array, "b": (array, table), "c": table})
    assert found["a"] is found["b"][0]
    assert found["b"][1] is found["c"]


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda: None,
        Counter("ab"),
        b"bytes",
        dt.datetime(2025, 1, 1),  # noqa: DTZ001 - it is refused
        [pd.Series([1])],
        pd.DataFrame({"a": pd.Series([1, None], dtype="Int64")}),
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
        np.zeros(2, [("a", object)]),
        np.ma.masked_array([1]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_of_no_known_kind_is_not_kept(value):
    with pytest.raises(UnknownKindError):
        Packer().pack({"x": value})


def test_only_records_of_the_package_are_made():
    """A record names a class; nothing else of the machine can be made from an entry."""
    for name in ("subprocess:Popen", "circle15.study.names:readable_name", "builtins:dict"):
        with pytest.raises((TypeError, ValueError)):
            Unpacker([]).unpack(["record", 0, name, {}])


def test_changing_what_came_back_changes_nothing_else():
    packer = Packer()
    snaps = Snaps(np.array([1]), np.array([0.5]), np.array([3]), np.array([None], object))
    packed = packer.pack((snaps, replace(snaps)))
    first, second = Unpacker(packer.arrays).unpack(packed)
    assert first.edge is second.edge is snaps.edge


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.decimals(allow_nan=False)
)
nested = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=20)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=20)
        | st.tuples(inner, inner)
    ),
    max_leaves=40,
)


@given(nested)
def test_any_nest_of_values(value):
    require_same(value, there_and_back(value))
