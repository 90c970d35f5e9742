"""Tables and layers in all formats: mutated in their cells, their structure and their bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import cache, partial
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.mutations.oddities import CRSS, NUMBERS, odd_text
from tests.faults.mutations.parts import Files, study_of
from tests.faults.mutations.raw import (
    bytes_mutated,
    sqlite_mutated,
    text_mutated,
    zip_mutated,
)
from tests.faults.mutations.sheets import (
    LAYERS,
    POINTS,
    SHEETS,
    TABLES,
    geojson_of,
    grid_of,
    layer_of,
    ods_of,
    sheet_mutated,
    text_of,
    xls_of,
    xlsx_of,
)
from tests.faults.mutations.trees import json_mutated, xml_mutated

TABLE_FORMATS: dict[
    str, tuple[Callable[[list[list[Any]]], bytes], Callable[[Random, bytes], bytes]]
]
TABLE_FORMATS = {
    "csv": (text_of, text_mutated),
    "gbk.csv": (partial(text_of, encoding="gbk"), partial(text_mutated, encoding="gbk")),
    "tsv": (partial(text_of, mark="\t"), text_mutated),
    "xlsx": (xlsx_of, zip_mutated),
    "xls": (xls_of, bytes_mutated),
    "ods": (ods_of, zip_mutated),
}
LAYER_FORMATS: dict[str, Callable[[Random, bytes], bytes]] = {
    "gpkg": sqlite_mutated,
    "shp": bytes_mutated,
    "fgb": bytes_mutated,
    "kml": xml_mutated,
    "kmz": zip_mutated,
    "zip": zip_mutated,
    "gdb.zip": zip_mutated,
}


def table(kind: str, rng: Random) -> Files:
    role = rng.choice(TABLES)
    write, spoil = TABLE_FORMATS[kind]
    sheet, raw = SHEETS[role], None
    if rng.random() < 0.6:
        with Quietly():
            raw = write(grid_of(sheet_mutated(rng, sheet)))
    if raw is None:
        raw = spoil(rng, plain_table(kind, role))
        if rng.random() < 0.3:
            raw = bytes_mutated(rng, raw)
    return {f"t.{kind}": raw, **study_of(role, kind)}


class Quietly:
    """A writer may refuse what a mutation wants; then bytes are mutated instead."""

    def __enter__(self) -> None:
        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._caught.__exit__(None, None, None)
        return kind is not None and issubclass(kind, Exception)


@cache
def plain_table(kind: str, role: str) -> bytes:
    return TABLE_FORMATS[kind][0](grid_of(SHEETS[role]))


@cache
def plain_layer(kind: str, role: str) -> Files:
    return layer_of(SHEETS[role], kind)


def layer(kind: str, rng: Random) -> Files:
    roles = POINTS if kind in {"kml", "kmz"} else LAYERS
    role = rng.choice(roles)
    files: Files = {}
    if rng.random() < 0.5:
        with Quietly():
            files = dict(layer_of(sheet_mutated(rng, SHEETS[role]), kind))
    if f".{kind}" not in files:
        files = dict(plain_layer(kind, role))
        suffix = rng.choice([*files]) if rng.random() < 0.7 else f".{kind}"
        other = files[rng.choice([*files])]
        spoil = LAYER_FORMATS[kind]
        files[suffix] = (
            spoil(rng, files[suffix])
            if rng.random() < 0.7 and suffix == f".{kind}"
            else bytes_mutated(rng, files[suffix], other=other)
        )
        if kind == "shp" and rng.random() < 0.3:
            side = rng.choice((".cpg", ".prj", ".dbf", ".shx"))
            if rng.random() < 0.5:
                files.pop(side, None)
            else:
                words = (odd_text(rng), *(c or "" for c in CRSS), "rot13", "idna", "utf-16", "0")
                files[side] = rng.choice(words).encode("utf-8", "replace")
    return {f"t{suffix}": raw for suffix, raw in files.items()} | study_of(role, kind)


def geojson(rng: Random) -> Files:
    role = rng.choice(LAYERS)
    sheet = SHEETS[role]
    kind = rng.randrange(4)
    raw = geojson_of(sheet_mutated(rng, sheet) if kind < 2 else sheet)
    if kind == 2:
        raw = json_mutated(rng, raw)
    elif kind == 3:
        raw = bytes_mutated(rng, raw, other=raw)
    return {"t.geojson": raw, **study_of(role, "geojson")}


def parquet(rng: Random) -> Files:
    role = rng.choice((*LAYERS, "census", "registers"))
    raw = None
    kind = rng.randrange(5)
    if kind == 0:
        with Quietly():
            raw = layer_of(sheet_mutated(rng, SHEETS[role]), "parquet")[".parquet"]
    elif kind < 4:
        with Quietly():
            raw = _parquet_changed(rng, plain_layer("parquet", role)[".parquet"])
    if raw is None:
        raw = bytes_mutated(rng, plain_layer("parquet", role)[".parquet"])
    return {"t.parquet": raw, **study_of(role, "parquet")}


def _parquet_changed(rng: Random, raw: bytes) -> bytes:
    """Metadata, geometries or the types of columns changed."""
    table = pq.read_table(io.BytesIO(raw))
    kind = rng.randrange(4)
    about = dict(table.schema.metadata or {})
    if kind == 0 and b"geo" in about:
        about[b"geo"] = json_mutated(rng, about[b"geo"])
        if rng.random() < 0.2:
            about[b"geo"] = bytes_mutated(rng, about[b"geo"])
        table = table.replace_schema_metadata(about)
    elif kind == 1:
        shapes = [
            None if s is None or rng.random() < 0.2 else bytes_mutated(rng, s)
            for s in table["geometry"].to_pylist()
        ]
        at = table.schema.get_field_index("geometry")
        table = table.set_column(at, "geometry", pa.array(shapes, pa.binary()))
    else:
        at = rng.randrange(table.num_columns)
        name = table.column_names[at]
        table = table.set_column(at, name, _odd_column(rng, table.num_rows))
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def _odd_column(rng: Random, size: int) -> Any:
    def each(*values: Any) -> list[Any]:
        return [rng.choice(values) for _ in range(size)]

    return rng.choice(
        (
            lambda: pa.array(each([1], [], None, [2, 3])),
            lambda: pa.array(each({"a": 1}, None)),
            lambda: pa.array(each(b"\x00\xff", b"", None), pa.binary()),
            lambda: pa.array(each("a", "b", None)).dictionary_encode(),
            lambda: pa.array(each(2**64 - 1, 0), pa.uint64()),
            lambda: pa.array(each(1, None), pa.decimal128(38, 37)),
            lambda: pa.array(each(10**11, -(10**17), None), pa.timestamp("ns")),
            lambda: pa.array(each(10**17, -1), pa.timestamp("s", "Asia/Shanghai")),
            lambda: pa.array(each(2**31 - 1, -(2**31), 0), pa.date32()),
            lambda: pa.array(each(1, 86_399), pa.time32("s")),
            lambda: pa.array(each(-1, 10**15), pa.duration("ns")),
            lambda: pa.array(each(np.float16(6e4), None), pa.float16()),
            lambda: pa.array(each(True, False, None)),
            lambda: pa.nulls(size),
            lambda: pa.array(each(*map(float, NUMBERS[:12]))),
            lambda: pa.array(each([("k", 1)], None), pa.map_(pa.string(), pa.int64())),
        )
    )()
