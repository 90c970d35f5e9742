"""Compare results with those of the oracle."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from circle15.study.vocabulary import columns as c
from tests.oracle import oracle

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle15.results.records import StudyResult

OSM_FILES = {
    "porto_alegre": "porto_alegre/poa_osm.pbf",
    "beijing_wangjing": "china_osm/beijing_wangjing.osm",
}


def oracle_network(name: str, result: StudyResult, data: Path) -> oracle.OracleNetwork:
    if name == "wuhan":
        network = oracle.read_edges(data / "wuhan" / "streets.parquet", result.crs)
    else:
        network = oracle.read_osm(data / OSM_FILES[name], result.crs)
    table = result.network.table()
    lengths = [edge.length_m for edge in network.edges]
    assert table["length_m"].tolist() == pytest.approx(lengths, abs=1e-6)
    costs = table[["base_mm_fwd", "base_mm_bwd", "delay_ms_fwd", "delay_ms_bwd"]].astype(object)
    rows = costs.where(costs.notna(), None).itertuples(index=False, name=None)
    edges = [
        replace(edge, base_mm_fwd=on, base_mm_bwd=back, delay_ms_fwd=wait, delay_ms_bwd=wait_back)
        for edge, (on, back, wait, wait_back) in zip(network.edges, rows, strict=True)
    ]
    return replace(network, edges=edges)


def places(table: pd.DataFrame, key: str, network: oracle.OracleNetwork) -> list[oracle.Place]:
    points = list(zip(table[c.X_M], table[c.Y_M], strict=True))
    return oracle.places(list(table[key]), points, network)


def product_rows(result: StudyResult, speed: Fraction, wanted: set[str]) -> list[oracle.TimeRow]:
    rows = result.coverage
    cutoff = result.study.walk.circle_min
    rows = rows[(rows[c.SPEED_M_S] == float(speed)) & (rows[c.CUTOFF_MIN] == cutoff)]
    rows = rows[rows[c.DEMAND_ID].isin(wanted)]
    columns = [c.DEMAND_ID, c.TIME_MS, c.FACILITY_ID]
    plain = rows[columns].astype(object).where(rows[columns].notna(), None)
    return list(plain.itertuples(index=False, name=None))
