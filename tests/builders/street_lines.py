"""Networks built from a few lines."""

from __future__ import annotations

from decimal import Decimal

from circle15.network.sources.edge_layers import network_from_lines, read_edge_layer
from circle15.study.settings.records import NetworkSource
from tests.streets import METRIC


def build(path, **options):
    source = NetworkSource(path, min_component_m=Decimal(0), **options)
    return network_from_lines(read_edge_layer(source), METRIC, source)
