"""Read the streets of a study from a file of any format, and build the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import read_outline
from circle15.inputs.crs.datum_shifts import require_known_place
from circle15.inputs.crs.positions import WGS84, require_crs, require_place, transform
from circle15.inputs.formats.layers import BROKEN
from circle15.network.build import build_network
from circle15.network.costs.elevation import COARSEST_M, open_dem
from circle15.network.osm.osm_file import OsmWays, read_osm
from circle15.network.sources.edge_layers import network_from_lines, read_edge_layer
from circle15.network.sources.exchange import network_from_streets, read_graphml
from circle15.network.sources.graph_streets import GraphStreets
from circle15.network.sources.lost_nodes import missing_nodes, not_used
from circle15.study.database_tables import DatabaseTable
from circle15.study.settings.download_paths import OSM_SUFFIXES
from circle15.study.vocabulary.finding import Finding
from circle15.study.vocabulary.profiles import PLAIN, profiles

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints
    from circle15.inputs.table_sources import Table
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import NetworkSource
    from circle15.study.vocabulary.profiles import Profile


GRAPH_SUFFIX = ".graphml"
_FAR = 20  # vertices this many median distances from the middle are strays
HISTORY_SUFFIXES = (".osh.pbf", ".osh.gz", ".osh.bz2", ".osh")
"""Files with every version of each object; the newest counts."""
EDGE_SUFFIXES = (
    *(".parquet", ".gpkg", ".geojson", ".json", ".shp"),
    *(".zip", ".shz", ".gdb", ".fgb", ".kml", ".kmz"),
)


@dataclass(frozen=True)
class OpenedNetwork:
    """A file of streets that has been read but not projected yet."""

    source: NetworkSource
    content: OsmWays | GraphStreets | Table

    def middle(self) -> tuple[float, float]:
        """Return the longitude and latitude of the middle of the data."""
        return self.places()[0]

    def places(self) -> list[tuple[float, float]]:
        """
        Return longitude and latitude of the middle of the data, then of its four corners.

        Stray ways hardly affect them.

        Raises
        ------
        CrsError
            If the data lie outside the area of their CRS.
        """
        xy, source = self.vertices()
        require_known_place(xy[:, 0], xy[:, 1], source, self.source.file)
        middle = np.nanmedian(xy, axis=0)
        off = np.abs(xy - middle)
        near = xy[(off <= _FAR * np.nanmedian(off, axis=0)).all(axis=1)]
        low, high = np.vstack([near, middle]).min(axis=0), np.vstack([near, middle]).max(axis=0)
        x = np.array([middle[0], low[0], low[0], high[0], high[0]])
        y = np.array([middle[1], low[1], high[1], low[1], high[1]])
        lon, lat = transform(x, y, source, WGS84)
        pairs = zip(lon.tolist(), lat.tolist(), strict=True)
        return [require_place(*pair, self.source.file) for pair in pairs]

    def vertices(self) -> tuple[Floats, CRS]:
        """Return the vertices of the streets in the file, shape (n, 2), and their CRS."""
        if isinstance(self.content, OsmWays):
            nodes = np.concatenate([run for way in self.content.walkable for run in way.runs])
            return nodes[:, 1:] / 1e7, WGS84
        if isinstance(self.content, GraphStreets):
            ends = [place for street in self.content.streets for place in street.vertices]
            return np.array(ends, np.float64), self.content.crs
        assert self.content.geometry is not None
        found: Floats = shapely.get_coordinates(self.content.geometry.to_numpy())
        return found, require_crs(self.content.crs, self.source.file)

    def numbers(self) -> tuple[Ints, str]:
        """Number of the row or way of each vertex, shape (n,), and whether it is row or way."""
        if isinstance(self.content, OsmWays):
            ways = self.content.walkable
            many = [sum(map(len, way.runs)) for way in ways]
            return np.repeat(np.array([way.id for way in ways], np.int64), many), "way"
        if isinstance(self.content, GraphStreets):
            streets = self.content.streets
            many = [len(street.vertices) for street in streets]
            return np.repeat(np.array([one.way.id for one in streets], np.int64), many), "way"
        assert self.content.geometry is not None
        sizes = shapely.get_num_coordinates(self.content.geometry.to_numpy())
        return np.repeat(np.array(self.content.rows, np.int64), sizes), "row"

    def build(
        self,
        crs: CRS,
        *,
        profile: str = PLAIN,
        extent: BaseGeometry | None = None,
    ) -> tuple[WalkNetwork, list[Finding]]:
        """
        Project and build the walking network, with the costs of a profile.

        What the elevation model lacks is listed. An `extent`, in that CRS, goes before the one
        that the source names.
        """
        of_extent: list[Finding] = []
        if extent is None and self.source.extent is not None:
            sheet = self.source.extent_sheet
            extent, of_extent = read_outline(self.source.extent, crs, sheet=sheet)
        network, findings = self._built(crs, profiles()[profile], extent)
        lost = not_used(self.source.file.name, network)
        return network, [*of_extent, *findings, *lost, *_relief_findings(self, network)]

    def _built(
        self, crs: CRS, profile: Profile, extent: BaseGeometry | None
    ) -> tuple[WalkNetwork, list[Finding]]:
        if isinstance(self.content, OsmWays):
            ways = self.content
            network = build_network(ways, crs, self.source, extent=extent, profile=profile)
            return network, [*ways.findings, *missing_nodes(ways, network)]
        if isinstance(self.content, GraphStreets):
            least_m = float(self.source.min_component_m)
            network = network_from_streets(
                self.content,
                crs,
                extent=extent,
                min_component_m=least_m,
                dem=self.source.dem,
                profile=profile,
            )
            return network, []
        findings = [i for i in self.content.findings if i.row is None or i.code == BROKEN]
        network = network_from_lines(self.content, crs, self.source, extent=extent, profile=profile)
        return network, findings


def _relief_findings(opened: OpenedNetwork, network: WalkNetwork) -> list[Finding]:
    """Report where the elevation model lacks heights of the streets, or is coarse."""
    dem, relief = opened.source.dem, network.relief
    if dem is None or relief is None:
        return []
    share = relief.known_share or 0.0
    km = {
        "share": f"{share * 100:.1f}",
        "flat_km": f"{relief.flat_m / 1000:,.1f}",
        "filled_km": f"{relief.filled_m / 1000:,.1f}",
    }
    found = []
    if share == 0.0:
        found.append(Finding("DEM_ELSEWHERE", "warning", dem.name))
    elif relief.flat_m > 0:
        found.append(Finding("DEM_PARTIAL", "warning", dem.name, detail=km))
    if share > 0.0 and (cell_m := open_dem(dem).cell_m) > COARSEST_M:
        found.append(
            Finding("DEM_COARSE", "warning", dem.name, detail={"cell_m": f"{cell_m:,.0f}"})
        )
    if relief.filled_m > 0:
        found.append(Finding("DEM_HOLES", "note", dem.name, detail=km))
    if isinstance(opened.content, GraphStreets):
        said = sum(street.costs is not None for street in opened.content.streets)
        if said:
            detail = {"streets": f"{said:,}"}
            found.append(Finding("DEM_COSTS_GIVEN", "warning", dem.name, detail=detail))
    return found


def open_network(source: NetworkSource) -> OpenedNetwork:
    """
    Read the streets of a study.

    Raises
    ------
    InputDataError
        If the format is unknown or the file cannot be used.
    """
    file = source.file
    name = file.name.lower()
    if isinstance(file, DatabaseTable) or name.endswith(EDGE_SUFFIXES):
        return OpenedNetwork(source, read_edge_layer(source))
    if source.sheet is not None:
        raise InputDataError(
            "[network] sheet only applies to layers of lines.", file=file, mend="Remove it."
        )
    if source.columns or source.default_highway is not None:
        raise InputDataError(
            "[network] columns and default_highway only apply to layers of lines.",
            file=file,
            mend="Remove them.",
        )
    if name.endswith((*OSM_SUFFIXES, *HISTORY_SUFFIXES)):
        return OpenedNetwork(source, read_osm(file))
    if name.endswith(GRAPH_SUFFIX):
        return OpenedNetwork(source, read_graphml(file))
    raise InputDataError(
        f"the format '{file.suffix}' is not that of a network.",
        file=file,
        mend=f"Use one of {', '.join((*OSM_SUFFIXES, GRAPH_SUFFIX, *EDGE_SUFFIXES))}.",
    )
