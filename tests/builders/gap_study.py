"""Small studies of a circle of 300 m, with a gate, walls, rivers or a hill in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from circle15.access.cohorts import Homes
from circle15.access.coverage_counts import straight_lines
from circle15.access.walks import Walks
from circle15.planning.gaps.counterfactuals import tried_changes
from circle15.workflow.reading import read_inputs, silent
from tests.streets import write_dem, write_osm, write_study

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from circle15.planning.gaps.gap_reasons import Tried
    from circle15.study.settings.records import Study
    from tests.streets import XY, Nodes, OsmWay

    Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


def write_gaps(
    folder: Path,
    nodes: Nodes,
    ways: Sequence[str | OsmWay],
    homes: Mapping[str, tuple[float, float, float]],
    sites: Mapping[str, XY],
    *,
    node_tags: Mapping[str, Mapping[str, str]] | None = None,
    height: Height | None = None,
    network: str = "",
    walk: str = "",
    more: str = "",
) -> Path:
    """Write a study of an OSM file whose circle is 5 minutes; `network` is text of `[network]`."""
    folder.mkdir(exist_ok=True)
    walk = f"cutoffs_min = [5]\nsensitivity_m_s = []\n{walk}"
    street = [way for way in ways if isinstance(way, str) or "highway" in way.tags][:1]
    study = write_study(folder, nodes, street, homes, sites, walk=walk, more=more)
    write_osm(folder / "n.osm", nodes, *ways, node_tags=node_tags)
    if height is not None:
        write_dem(folder / "dem.tif", height, west_north=(-1500.0, 1500.0), size_m=3000.0)
        network += 'dem = "dem.tif"\n'
    text = study.read_text("utf-8").replace('"streets.geojson"', f'"n.osm"\n{network}')
    study.write_text(text, "utf-8")
    return study


class Walked(NamedTuple):
    """The homes of a study and how they walk."""

    homes: Homes
    walks: Walks

    def tried(self) -> dict[str, dict[str, Tried]]:
        """What single changes would do."""
        inputs = self.walks.inputs
        return tried_changes(inputs, self.walks, straight_lines(inputs, self.homes))


def walked(study: Study) -> Walked:
    """Read a study and judge its homes."""
    inputs = read_inputs(study, silent)
    homes = Homes(inputs)
    return Walked(homes, Walks(inputs, homes))
