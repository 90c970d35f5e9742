"""Read a walking network from a file, independent of a study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from circle15.inputs.crs.among_streets import layer_of, note_streets
from circle15.inputs.files.named_files import source_of
from circle15.inputs.frames import area_in, require_word
from circle15.network.sources.network_source import open_network
from circle15.network.sources.study_crs import crs_for
from circle15.network.sources.study_network import walked_by
from circle15.network.walk_network import Gated, Walls
from circle15.study.names import readable_name
from circle15.study.settings.records import NetworkSource
from circle15.study.vocabulary.profiles import OLDER_ADULT, known_profile
from circle15.workflow.frames.findings import in_words, noted
from circle15.workflow.frames.settings import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from circle15.network.walk_network import WalkNetwork


Squares = Literal["cross", "around"]


def read_network(
    file: Path | str,
    *,
    crs: str = "auto",
    profile: str = OLDER_ADULT,
    dem: Path | str | None = None,
    barriers: Path | str | None = None,
    extent: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    squares: Squares = "cross",
    gated: Gated = "open",
    walls: Walls = "prefer",
    min_component_m: float = 500.0,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    default_highway: str | None = None,
) -> WalkNetwork:
    """
    Read the walking network of a file, as `[network]` of a study does.

    Parameters
    ----------
    file
        OpenStreetMap (`.osm.pbf`, `.osm`, …), a graph (`.graphml`), a line layer (`.gpkg`,
        `.geojson`, `.parquet`, `.shp`, …), or the address of a table in a PostGIS database.
    crs
        Projected CRS in metres such as `EPSG:4549`; `auto` takes the CGCS2000 3-degree belt in
        China and UTM elsewhere, by the centre of the streets (in a study with a boundary: by the
        centre of the boundary).
    profile
        Walking profile, which sets the cost of stairs, slopes and crossings: `older-adult`,
        `adult`, `wheelchair`, `pushchair`, or `plain` for lengths only.
    dem
        Elevation raster in metres; None for flat streets.
    barriers
        Layer of lines or polygons that no access leg may cross, in addition to those of the file.
    extent
        Polygons, in any CRS, around the data; homes from which one could walk out of it may be
        unknown. None for the bounds in the file's header, else a hull around the streets.
    squares
        Whether people walk across squares (`cross`) or along their edges (`around`).
    gated
        Who may walk through gated compounds: everyone (`open`), residents on their way out
        (`residents`), or only trips that start and end inside (`closed`).
    walls
        Walls, fences and hedges near an access leg: `prefer` legs that pass none, `stop` legs, or
        `ignore` them.
    min_component_m
        Components of the network shorter than this, metres, take no snaps.
    sheet
        Layer of a file that holds several.
    columns
        Heading of a line layer by OpenStreetMap key, such as `{"highway": "type"}`.
    default_highway
        Street class of the lines of a layer without such a column.

    Returns
    -------
    The network; its `findings` list what could not be used as it is.

    Raises
    ------
    CrsError
        If a layer has no CRS, or `crs` cannot be used at its location.
    InputDataError
        If the file cannot be used, or a parameter has an unknown value.

    Examples
    --------
    >>> import circle15 as c15
    >>> network = c15.read_network("data/sample/network.osm.pbf", profile="plain")
    >>> network.crs.to_string(), network.extent_source
    ('EPSG:4549', 'header')
    """
    require_word("squares", squares, get_args(Squares))
    require_word("gated", gated, get_args(Gated))
    require_word("walls", walls, get_args(Walls))
    source = NetworkSource(
        source_of(file),
        sheet=sheet,
        columns=dict(columns or {}),
        default_highway=default_highway,
        dem=None if dem is None else readable_name(Path(dem)).resolve(),
        squares=squares,
        gated=gated,
        barriers=None if barriers is None else source_of(barriers),
        walls=walls,
        min_component_m=exact("min_component_m", min_component_m),
    )
    walker = known_profile(profile)
    with noted() as others:
        opened = open_network(source)
        places = opened.places()
        xy, given = opened.vertices()
        note_streets(layer_of(source.file, xy[:, 0], xy[:, 1], given))
        metric = crs_for(crs, places, source.file)
        area = None if extent is None else area_in(extent, metric, "extent")
        network, findings = walked_by(walker.id, opened, metric, extent=area)
    return replace(network, findings=tuple(in_words([*findings, *others])))
