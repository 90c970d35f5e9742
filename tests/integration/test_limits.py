"""
Files of less than 10 MB that hold far more: refused by a limit, within 1 GB and a minute.

Each is made by code and checked in a process of its own. The quick ones are tried always, all of
them with CIRCLE15_ATTACK=1 (`make attack`), on Linux; then those that pass the check are run, too.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, cast

import pytest
from tests.bombs import of_crowds, of_layers, of_rasters, of_settings, of_streets, of_tables
from tests.bombs.trial import checked, ran
from tests.builders.small_study import write_small
from tests.faults.stage import MOST_BYTES, played

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bombs.study import Bomb
    from tests.faults.stage import Ended

LONGEST_S = 60.0
"""Of processor time: a busy machine changes nothing. A command hangs after five times as long."""
LARGEST_FILE = 10_000_000
ATTACK = os.environ.get("CIRCLE15_ATTACK") == "1"

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="measured on Linux")

ALL: dict[str, Bomb] = {
    **of_streets.BOMBS,
    **of_tables.BOMBS,
    **of_layers.BOMBS,
    **of_rasters.BOMBS,
    **of_settings.BOMBS,
    **of_crowds.BOMBS,
}
SAYS = {
    "osm.gz of blanks": "n.osm.gz: has a tag, comment or text of more than 1,000 kB",
    "osm.gz of one node": "n.osm.gz: holds more than .* unpacked; the limit",
    "osm squares of the same rings": "n.osm: has squares of too many nodes; the limit is 1,000,000",
    "osm square of many holes": "n.osm: has squares with too many streets and corners; the limit",
    "osm square over itself": "n.osm: its squares cross themselves too often; the limit is 5,000",
    "pbf of nodes": "n.osm.pbf: holds more than .* unpacked; the limit",
    "graphml laughs": "n.graphml: defines an entity",
    "csv 100,000 columns": r"h.csv, row 1: has 100,003 columns; the limit is 16,384",
    "xlsx sheet of blanks": "homes.xlsx: holds .* unpacked; the limit",
    "xlsx sheet that lies": "homes.xlsx: holds more than .* unpacked; the limit",
    "ods laughs": "homes.ods: defines an entity",
    "parquet of one dictionary": "h.parquet: holds more than .* of texts and lists; the limit",
    "geojson of lists": "h.geojson: holds .* lists and objects; the limit",
    "kmz of blanks": "h.kmz: holds .* unpacked; the limit",
    "zip of geojson of blanks": "h.zip: holds .* unpacked; the limit",
    "gpkg endless view": "h.gpkg: the view 'v' ",
    "gpkg long text": "h.gpkg: the view 'v' computes a value that is too large",
    "wards star": "w.geojson: its polygons cross themselves too often; the limit is 5,000",
    "wards over each other": "w.geojson: has too many zones over each other; the limit is",
    "fgb of 2^40": "h.fgb: ",
    "shp one record often": "h.shp: its index refers to .* bytes of records; the limit",
    "tif 60,000 sparse": "p.tif: has 3,600,000,000 cells; the limit",
    "dem blocks": "p.tif: has blocks of .* MB .*; the limit",
    "toml dotted": "study.toml: is not valid TOML: line 1 has a key of more than 32 parts",
    "pack rules": "p.toml: .* characters; the limit",
    "rooms of 60,000 terms": "zones.csv, row 2, .*lists 60,000 rooms; the limit is 1,000",
}
"""What is tried always, and what is said of it."""


@pytest.mark.parametrize("name", list(ALL) if ATTACK else list(SAYS))
def test_a_small_file_that_holds_far_more(name, tmp_path):
    write_small(tmp_path)
    ALL[name](tmp_path)
    assert max(path.stat().st_size for path in tmp_path.iterdir()) < LARGEST_FILE
    ended = _within_limits(checked, tmp_path)
    if name in SAYS:
        assert ended.code == 2, ended
        assert re.search(SAYS[name], _lines(ended)[0]), ended
    if ATTACK and ended.code == 0:
        _within_limits(ran, tmp_path)


def _within_limits(trial: Callable[[Path, float], Ended], folder: Path) -> Ended:
    ended = played(trial, folder, 5 * LONGEST_S)
    assert not ended.hung, ended
    assert not ended.crashed, ended
    assert not ended.traceback, ended
    assert ended.bytes <= MOST_BYTES, f"{ended.bytes:,} bytes"
    assert ended.cpu_s <= LONGEST_S
    assert (ended.code, len(_lines(ended))) in {(0, 0), (2, 1)}, ended
    print(f"{trial.__name__}: {ended.code}, {ended.cpu_s:.1f} s, {ended.bytes / 1e6:.0f} MB")
    return cast("Ended", ended)


def _lines(ended: Ended) -> list[str]:
    return [line for line in ended.err.splitlines() if line.startswith("circle15: ")]
