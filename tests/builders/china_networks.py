"""Networks of real places in China."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from circle15.inputs.crs.positions import choose_crs
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.network.walk_network import WalkNetwork


def network_of(data: Path, name: str, *, profile: str = "plain") -> WalkNetwork:
    path = data / "china_osm" / f"{name}.osm"
    source = NetworkSource(path, squares="around", min_component_m=Decimal(500))
    opened = open_network(source)
    return opened.build(choose_crs("auto", *opened.middle(), path), profile=profile)[0]
