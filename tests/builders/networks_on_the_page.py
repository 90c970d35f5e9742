"""Random networks judged by the scripts of the page, in a node that answers line by line."""

from __future__ import annotations

import base64
import json
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.output.map.packed_columns import Column, pack_columns
from circle15.output.map.trials.points import point_columns, share_bytes
from circle15.output.map.trials.streets import street_columns
from circle15.output.map.trials.walls import wall_columns
from circle15.planning.trials import TrialWalk
from circle15.travel.engine.graph import Positions, TravelGraph
from tests.builders.drawn_networks import ours, positions

if TYPE_CHECKING:
    from tests.builders.drawn_networks import Drawn

SCRIPT = Path(__file__).parents[1] / "scripts" / "catchments.js"
NOBODY = Positions(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))


class Node:
    """A node that runs the scripts of the page."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def asks(self, drawn: Drawn, *, round_trip: bool) -> dict[str, Any]:
        """
        Return what the page finds of a network.

        Returns
        -------
        `reached`: of each site, homes and milliseconds; `ways`: of each home the nearest site, its
        milliseconds, and whether the lines fit together; `drawn`: whether all homes within reach
        stand on streets that are drawn so. Homes are those of the drawing.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        row, question = _question(drawn, round_trip=round_trip)
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        answer["reached"] = [{int(row[k]): ms for k, ms in one} for one in answer["reached"]]
        answer["ways"] = {int(row[k]): one for k, one in enumerate(answer["ways"])}
        return answer


def _exactly(homes: Positions) -> dict[str, Any]:
    exact = np.arange(len(homes))
    return {"exact": exact, "leg": homes.access_ms, "share": share_bytes(homes.fraction)}


def _question(drawn: Drawn, *, round_trip: bool) -> tuple[Any, dict[str, Any]]:
    network = ours(drawn)
    graph = TravelGraph.from_network(network, drawn.speed)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    weight = np.ones(len(homes), np.int64)
    rank = np.zeros(len(network.u), np.int64)
    walk = TrialWalk(
        network, network, graph, Fraction(1), 0.0, homes, weight, {}, {}, {}, (NOBODY, NOBODY), rank
    )
    made, columns = street_columns(walk, (0, 0))
    columns += wall_columns(network, (0, 0))
    row, of_homes = point_columns("home", homes, graph)
    # All said of each home: that it joins elsewhere than where it is.
    every = {f"home_{name}": values for name, values in _exactly(homes.take(row)).items()}
    columns += [one for one in of_homes if one.name not in every]
    columns += [Column(name, values) for name, values in every.items()]
    for name in ("break", "beside"):
        columns += point_columns(name, NOBODY, graph)[1]
    columns += [
        Column(name, np.zeros(len(row), np.int64))
        for name in ("home_part", "home_micro", "home_street", "home_community")
    ]
    columns.append(Column("beside_break", np.empty(0, np.int64)))
    layout, packed = pack_columns(columns)
    own = {**made, "homeward": False, "access_speed": [1, 1], "longest_leg_mm": 0}
    return row, {
        "meta": {"columns": layout, "origin": [0, 0], "walks": [own], "round_trip": round_trip},
        "bytes": base64.b64encode(packed).decode(),
        "sites": [
            [int(graph.chains.order[edge]), float(share), int(leg)]
            for edge, share, leg in zip(sites.edge, sites.fraction, sites.access_ms, strict=True)
        ],
        "limit": drawn.horizon_ms,
    }
