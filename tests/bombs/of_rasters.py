"""Bombs as rasters."""

from __future__ import annotations

import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.transform import Affine

from tests.bombs.packing import MB
from tests.bombs.study import dem, people
from tests.streets import EAST_M, NORTH_M

if TYPE_CHECKING:
    from pathlib import Path


def _tif(folder: Path, *, side: int, put=people, **options: Any) -> None:
    """Write a GeoTIFF with one row of blocks, or none; the others are not there."""
    path = put(folder, "p.tif")
    rows = options.pop("rows", side)
    profile = {
        "crs": "EPSG:4549",
        "transform": Affine(1, 0, EAST_M, 0, -1, NORTH_M + 300),
        "count": 1,
        "dtype": "uint8",
        "height": rows,
        "width": side,
        "compress": "deflate",
        "SPARSE_OK": True,
    } | options
    with rasterio.open(path, "w", driver="GTiff", **profile) as target:
        target.write(np.ones((profile["count"], 1, 1), profile["dtype"]), window=((0, 1), (0, 1)))


def _full(folder: Path, *, side: int, put=people, **options: Any) -> None:
    path = put(folder, "p.tif")
    profile = {
        "crs": "EPSG:4549",
        "transform": Affine(1, 0, EAST_M, 0, -1, NORTH_M + 300),
        "count": 1,
        "dtype": "uint8",
        "height": side,
        "width": side,
        "compress": "deflate",
        "tiled": True,
        "blockxsize": 4096,
        "blockysize": 4096,
    } | options
    with rasterio.open(path, "w", driver="GTiff", **profile) as target:
        step = 8192
        for top in range(0, side, step):
            high = min(step, side - top)
            target.write(
                np.zeros((1, high, side), profile["dtype"]), window=((top, top + high), (0, side))
            )


def _one_block(folder: Path, *, side: int, put=people, rows: int = 1) -> None:
    """A tif made by hand of a single strip that holds all rows."""
    block = zlib.compressobj(9)
    strip = block.compress(bytes(side)) + block.flush(zlib.Z_FULL_FLUSH)
    packed = bytearray(strip)
    once = zlib.compressobj(9, zlib.DEFLATED, -15)
    mega = once.compress(bytes(50 * MB)) + once.flush(zlib.Z_FULL_FLUSH)
    packed += mega * (side * side // (50 * MB))
    packed += once.flush()
    entries = [
        (256, 4, 1, side),
        (257, 4, 1, side),
        (258, 3, 1, 8),
        (259, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 0),
        (277, 3, 1, 1),
        (278, 4, 1, side),
        (279, 4, 1, len(packed)),
    ]
    scale = struct.pack("<3d", 1, 1, 0)
    tie = struct.pack("<6d", 0, 0, 0, EAST_M, NORTH_M + 300, 0)
    keys = struct.pack("<16H", 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 4549)
    at = 8 + 2 + 12 * 12 + 4
    entries += [(33550, 12, 3, at), (33922, 12, 6, at + 24), (34735, 3, 16, at + 72)]
    start = at + 72 + 32
    entries = [(t, k, n, start if t == 273 else v) for t, k, n, v in entries]
    body = struct.pack("<H", len(entries))
    for tag, kind, count, value in sorted(entries):
        body += struct.pack("<HHI", tag, kind, count)
        body += (
            struct.pack("<HH", value, 0) if kind == 3 and count == 1 else struct.pack("<I", value)
        )
    path = put(folder, "p.tif")
    path.write_bytes(
        b"II*\0" + struct.pack("<I", 8) + body + bytes(4) + scale + tie + keys + bytes(packed)
    )


def _png(folder: Path, *, side: int, depth: int = 1) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    row = side * depth // 8 + 1
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(row)) + packer.flush(zlib.Z_FULL_FLUSH)
    mega = packer.compress(bytes(row * 100)) + packer.flush(zlib.Z_FULL_FLUSH)
    body = first + mega * (side // 100) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, depth, 0, 0, 0, 0)
    people(
        folder,
        "p.png",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""),
    )
    (folder / "p.pgw").write_text(f"1\n0\n0\n-1\n{EAST_M}\n{NORTH_M + 300}\n")
    (folder / "p.png.aux.xml").write_text("<PAMDataset><SRS>EPSG:4549</SRS></PAMDataset>")


def _asc(folder: Path, *, columns: int, rows: int, cells: bytes) -> None:
    head = f"ncols {columns}\nnrows {rows}\nxllcorner {EAST_M}\nyllcorner {NORTH_M}\ncellsize 1\n"
    people(folder, "p.asc", head.encode() + cells)
    (folder / "p.prj").write_text(_wkt())


def _bil(folder: Path, *, columns: int, rows: int) -> None:
    people(folder, "p.bil", bytes(1000))
    (folder / "p.hdr").write_text(
        f"BYTEORDER I\nLAYOUT BIL\nNROWS {rows}\nNCOLS {columns}\nNBANDS 1\nNBITS 8\n"
        f"ULXMAP {EAST_M}\nULYMAP {NORTH_M}\nXDIM 1\nYDIM 1\n"
    )
    (folder / "p.prj").write_text(_wkt())


def _wkt() -> str:
    from pyproj import CRS

    return CRS.from_epsg(4549).to_wkt("WKT1_ESRI")


def _metadata(folder: Path, *, text: bytes) -> None:
    _tif(folder, side=3)
    (folder / "p.tif.aux.xml").write_bytes(text)


BOMBS = {
    "tif 60,000 sparse": partial(_tif, side=60_000, tiled=True, blockxsize=512, blockysize=512),
    "tif 20,000 sparse": partial(_tif, side=20_000, tiled=True, blockxsize=512, blockysize=512),
    "tif 17,000 sparse": partial(_tif, side=17_000, tiled=True, blockxsize=512, blockysize=512),
    "tif 17,000 float64 strips": partial(_tif, side=17_000, dtype="float64"),
    "tif 400,000 sparse": partial(_tif, side=400_000, tiled=True, blockxsize=4096, blockysize=4096),
    "tif 2,000,000,000 sparse": partial(
        _tif, side=2_000_000_000, rows=2, tiled=True, blockxsize=16384, blockysize=1024
    ),
    "tif wide": partial(_tif, side=100_000_000, rows=3, blockysize=1),
    "tif tall": partial(_tif, side=1, rows=300_000_000, blockysize=100_000),
    "tif 60,000 full": partial(_full, side=60_000),
    "tif 30,000 full": partial(_full, side=30_000),
    "tif large blocks": partial(_tif, side=40_000, tiled=True, blockxsize=32768, blockysize=32768),
    "tif large float blocks": partial(
        _tif, side=20_000, tiled=True, blockxsize=16384, blockysize=16384, dtype="float64"
    ),
    "tif one strip": partial(_one_block, side=60_000),
    "tif one strip of 30,000": partial(_one_block, side=30_000),
    "tif bands": partial(_tif, side=3, count=60_000),
    "dem 60,000 sparse": partial(
        _tif, side=60_000, put=dem, tiled=True, blockxsize=512, blockysize=512
    ),
    "dem blocks": partial(
        _tif, side=8192, put=dem, tiled=True, blockxsize=4096, blockysize=4096, dtype="float64"
    ),
    "dem one strip": partial(_one_block, side=60_000, put=dem),
    "dem large float blocks": partial(
        _tif, side=40_000, put=dem, tiled=True, blockxsize=32768, blockysize=16384, dtype="float64"
    ),
    "tif complex": partial(_tif, side=20_000, tiled=True, dtype="complex128"),
    "png 60,000": partial(_png, side=60_000),
    "png 200,000": partial(_png, side=200_000),
    "png 30,000 of bytes": partial(_png, side=30_000, depth=8),
    "asc of claims": partial(_asc, columns=2**31 - 1, rows=2**31 - 1, cells=b"1 1"),
    "asc one row": partial(_asc, columns=4_500_000, rows=1, cells=b"1 " * 4_500_000),
    "asc one column": partial(_asc, columns=1, rows=4_500_000, cells=b"1\n" * 4_500_000),
    "asc wide": partial(_asc, columns=2_000_000_000, rows=1, cells=b"1 1"),
    "asc one number": partial(_asc, columns=2, rows=2, cells=b"1" * 9_000_000),
    "bil of claims": partial(_bil, columns=60_000, rows=60_000),
    "bil wide": partial(_bil, columns=2_000_000_000, rows=2),
    "aux deep": partial(_metadata, text=b"<PAMDataset>" + b"<a>" * 3_000_000),
    "aux laughs": partial(
        _metadata,
        text=b'<!DOCTYPE a [<!ENTITY a "b">]><PAMDataset>' + b"&a;" * 3_000_000 + b"</PAMDataset>",
    ),
    "aux elements": partial(
        _metadata, text=b"<PAMDataset>" + b"<a/>" * 2_300_000 + b"</PAMDataset>"
    ),
}
