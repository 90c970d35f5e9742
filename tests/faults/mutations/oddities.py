"""Values and geometries that are never intended: of odd kinds, out of range, degenerate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from random import Random

TEXTS = (
    "",
    " ",
    "\t",
    "\n",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "Infinity",
    "-0",
    "-1",
    "-5",
    "0",
    "1e308",
    "1e-308",
    "1e999",
    "1E+30",
    "9" * 40,
    "9" * 400,
    "0." + "0" * 400 + "1",
    "0x10",
    "1_000",
    "１２３",
    "٣",
    "1,234",
    "1.234,5",
    "12%",
    "½",
    "①",
    "十二",
    "三百二十",
    "1/2",
    "1e",
    "e5",
    "--3",
    "+-3",
    "1.2.3",
    ".",
    ",",
    "null",
    "None",
    "true",
    "TRUE",
    "是",
    "否",
    "#N/A",
    "#REF!",
    "=1+1",
    "150+80",
    "150+",
    "+",
    "1+1+1e400",
    "100㎡",
    "100 m2",
    "(5)",
    "￥3",
    "3人",
    "\u202eabc\u202c",
    "👵🏽",
    "é",
    "e\u0301" * 30,
    "\ufeff",
    "\u200b",
    "\x07",
    "\x1b[31m",
    "\ud7ff",
    "\uffff",
    "𠮷",
    "<script>alert(1)</script>",
    "'",
    '"',
    "\\",
    "a,b",
    "a;b",
    "../../x",
    "${HOME}",
    "%s",
    "{0}",
    "a" * 300,
    "好" * 5000,
    "2025-02-30",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "0001-01-01",
    "2025/13/1",
    "31.12.2025",
    "2025年",
    "2025年6月31日",
    "20251231",
    "45000",
    "-45000",
    "1e5",
    "2025-12-31T24:00:00",
    "2025-12-31T00:00:00+99:99",
    "令和7年",
    "2025Q4",
    "12:00",
    "60:61",
    "open",
    "closed",
    "在营",
    "停业",
    "拟建",
    "new",
    "mixed",
    "meal_point",
    "S1",
    "f1",
    "h1",
    "Z1",
    "EPSG:4326",
    "EPSG:0",
    "EPSG:999999",
    "120.0",
    "31.5",
    "180",
    "-180",
    "90.0000001",
    "500000",
)
NUMBERS = (
    0,
    -0.0,
    -1,
    1,
    0.1 + 0.2,
    1e-308,
    5e-324,
    1e308,
    -1e308,
    1e30,
    math.inf,
    -math.inf,
    math.nan,
    2**31 - 1,
    2**31,
    -(2**31),
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**64,
    10**30,
    10**400,
    -(10**30),
    True,
    False,
    0.5,
    1e-9,
    45000,
    120.0,
    31.5,
    500000,
    3490000,
    180.0,
    90.0,
    1e7,
    9e9,
    1e15,
)
CRSS = (
    None,
    "EPSG:4326",
    "EPSG:4490",
    "EPSG:3857",
    "EPSG:4549",
    "EPSG:4548",
    "EPSG:2436",
    "EPSG:32650",
    "EPSG:6933",
    "EPSG:4979",
    "EPSG:4978",
    "EPSG:3832",
    "EPSG:2326",
    "EPSG:32761",
    "EPSG:4214",
    "EPSG:4555",
    "EPSG:5773",
    "EPSG:9705",
    "ESRI:102025",
    'LOCAL_CS["site plan",UNIT["metre",1]]',
    "+proj=ortho +lat_0=0 +lon_0=0",
    "+proj=tmerc +lon_0=120 +k=1e-9",
    "+proj=longlat +a=1 +b=1",
    "+proj=gnom +lat_0=90",
    "+proj=utm +zone=51 +units=us-ft",
    "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=0 +lon_0=0",
    "+proj=aeqd +lat_0=31 +lon_0=120 +R=10",
)
FAR = (1e3, 1e5, 1e7, 1e12, 1e30, 1e300, 1e308, -1e308, math.inf, -math.inf, math.nan, 0.0)


def odd_text(rng: Random) -> str:
    return rng.choice(TEXTS)


def odd_value(rng: Random, old: Any = None) -> Any:
    """A value in place of another: near it, or of another kind."""
    kind = rng.randrange(6)
    if kind == 0 and isinstance(old, int | float) and not isinstance(old, bool):
        try:
            return old * rng.choice((-1, 10, 0.1, 1000, 1e6, 1e-6)) + rng.choice((0, 0, 1, 0.5))
        except OverflowError:
            return -old
    if kind == 1 and isinstance(old, str):
        return edited(rng, old)
    if kind == 2:
        return rng.choice(NUMBERS)
    if kind == 3:
        return None
    return odd_text(rng)


def edited(rng: Random, text: str) -> str:
    """A text with characters dropped, doubled, put in, or as a whole repeated."""
    at = rng.randrange(len(text) + 1)
    return rng.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + odd_text(rng) + text[at:],
            text[:at] + text[:at] + text[at:],
            text.upper(),
            f" {text} ",
            text[::-1],
            text * rng.randrange(2, 40),
        )
    )


def odd_shape(rng: Random, shape: Any) -> Any:
    """A geometry in place of another: nothing, degenerate, elsewhere, of another kind."""
    if shape is None or shape.is_empty:
        return shapely.Point(500_000, 3_490_000)
    xy = shapely.get_coordinates(shape)
    x, y = (float(v) for v in xy[0])
    near = (x + rng.uniform(-300, 300), y + rng.uniform(-300, 300))
    kind = rng.randrange(24)
    if kind == 0:
        return None
    if kind == 1:
        return rng.choice(
            (
                shapely.Point(),
                shapely.LineString(),
                shapely.Polygon(),
                shapely.MultiPolygon(),
                shapely.MultiPoint(),
                shapely.MultiLineString(),
                shapely.GeometryCollection(),
                shapely.GeometryCollection([shapely.Polygon(), shapely.Point()]),
            )
        )
    if kind == 2:
        far = rng.choice(FAR)
        if math.isnan(far) and shape.geom_type.endswith("Polygon"):  # NaN closes no ring
            far = math.inf
        return shapely.transform(shape, lambda a: np.full_like(a, far))
    if kind == 3:
        return shapely.transform(shape, lambda a: a[:, ::-1])
    if kind == 4:
        return _one_vertex_moved(rng, shape)
    if kind == 5:
        return shapely.force_3d(shape, rng.choice((0.0, -9999.0, math.inf, 1e300)))
    if kind == 6:
        return shapely.GeometryCollection([shape, shapely.Point(near)])
    if kind == 7:
        return shapely.LineString([(x, y), (x, y)])
    if kind == 8:
        return shapely.Polygon([(x, y), (x, y), (x, y), (x, y)])
    if kind == 9:
        return shapely.Polygon([(x, y), (x + 50, y + 50), (x + 50, y), (x, y + 50), (x, y)])
    if kind == 10:
        return shapely.Polygon([(x, y), (x + 90, y), (x + 90, y + 90), (x + 90, y), (x, y)])
    if kind == 11:
        return rng.choice((shapely.Point(near), shapely.LineString([(x, y), near])))
    if kind == 12:
        return shapely.Point(near).buffer(rng.choice((1e-9, 1.0, 100.0, 1e5)))
    if kind == 13:
        return shapely.MultiPolygon([shapely.box(x, y, x + 99, y + 99)] * 2)
    if kind == 14:
        hole = [(x + 300, y + 300), (x + 400, y + 300), (x + 400, y + 400), (x + 300, y + 300)]
        return shapely.Polygon(shapely.box(x, y, x + 99, y + 99).exterior, [hole])
    if kind == 15:
        return shapely.box(x - 1e7, y - 1e7, x + 1e7, y + 1e7)
    if kind == 16:
        return shapely.box(-180, -90, 180, 90)
    if kind == 17:
        return shapely.transform(shape, lambda a: a - np.array([500_000.0, 3_490_000.0]))
    if kind == 18:
        return shapely.transform(shape, lambda a: np.round(a / 1000) * 1000)
    if kind == 19:
        return shapely.LineString([(x, y), near, (x, y), near, (x, y)])
    if kind == 20:
        return shapely.transform(shape, lambda a: np.full_like(a, 0.0) + a[0])
    if kind == 21:
        turns = np.linspace(0, 40, 200)
        return shapely.LineString(np.column_stack([x + turns * np.cos(turns), y + np.sin(turns)]))
    if kind == 22:
        return shapely.MultiPoint([(x, y), near, (math.nan, math.nan)])
    return shapely.transform(shape, lambda a: a + rng.choice(FAR[:4]))


def _one_vertex_moved(rng: Random, shape: Any) -> Any:
    far, which = rng.choice(FAR), rng.randrange(len(shapely.get_coordinates(shape)))

    def move(xy: np.ndarray) -> np.ndarray:
        xy = xy.copy()
        xy[which % len(xy), rng.randrange(2)] = far
        return xy

    try:
        return shapely.transform(shape, move)
    except shapely.errors.GEOSException:  # a ring that would be open
        return shapely.Point(far, far)
