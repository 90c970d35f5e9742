"""Write `results.gpkg`: all layers of a result, styled for QGIS."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pyogrio

from circle15.output.document.write_faults import disk_faults_named
from circle15.output.gis.layer_styles import layer_styles
from circle15.output.gis.layers import geometry_type, result_layers, result_tables
from circle15.output.text.wording import Words
from circle15.results.figures import headline_category
from circle15.results.gaps.gap_places import judged_areas
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language


def write_geopackage(
    result: StudyResult,
    path: Path,
    language: Language | None = None,
    *,
    layers: Mapping[str, gpd.GeoDataFrame] | None = None,
) -> None:
    """
    Write all layers in the study CRS, and the tables `equity` and `coverage_basis`.

    A file at `path` is replaced. The legends of the styles are in `language`, by default the
    study's. The same result gives the same bytes.

    Parameters
    ----------
    layers
        Those of `result_layers`, where they have been made already.
    """
    path.unlink(missing_ok=True)
    moment = f"{result.study.as_of.isoformat()}T00:00:00.000Z"
    layers = result_layers(result) if layers is None else layers
    tables = result_tables(result)
    with gdal_settings({"OGR_CURRENT_DATE": moment}), disk_faults_named(path):
        for name, frame in layers.items():
            _write_layer(frame, path, name)
        for name, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=True)
    shown = headline_category(result) or ALL
    served = layers["isochrones"][[c.CATEGORY, c.CUTOFF_MIN]].itertuples(index=False, name=None)
    styles = layer_styles(
        list(layers),
        Words(language or result.study.language, result.study),
        categories=list(result.categories),
        judged=f"{shown}_state",
        served=[(str(category), int(cutoff)) for category, cutoff in served],
        shown=shown,
        gaps=[(found.category, found.full) for found in judged_areas(result)],
        scenarios=[outcome.changes.name for outcome in result.scenarios],
        pointed=geometry_type("residential_zones", layers["residential_zones"]) == "Point",
    )
    with disk_faults_named(path):
        _add_styles(path, styles, moment)
        _require_rows(path, {name: len(frame) for name, frame in (dict(layers) | tables).items()})


@contextmanager
def gdal_settings(settings: dict[str, str]) -> Iterator[None]:
    """Change settings of GDAL, such as the date that files store as that of their last change."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in settings}
    pyogrio.set_gdal_config_options(settings)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _write_layer(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    kind = geometry_type(name, frame)
    pyogrio.write_dataframe(
        frame,
        path,
        layer=name,
        driver="GPKG",
        append=path.exists(),
        geometry_type=kind,
        promote_to_multi=kind == "MultiPolygon",
        # Arrow halves the time for large layers, but cannot promote to multi-geometries.
        use_arrow=kind in {"LineString", "Point"},
    )


_STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME)
"""


def _add_styles(path: Path, styles: dict[str, str], moment: str) -> None:
    """Add the table `layer_styles`, where QGIS finds the default style of a layer."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_STYLES_TABLE)
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
            (moment,),
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', 'circle15', ?)",
            [(name, name, qml, moment) for name, qml in styles.items()],
        )


def _require_rows(path: Path, rows: dict[str, int]) -> None:
    """Check the row count of every layer, as GDAL does not report a disk that fails at the end."""
    with closing(sqlite3.connect(path)) as database:
        for layer, wanted in rows.items():
            (found,) = database.execute(f'SELECT count(*) FROM "{layer}"').fetchone()
            if found != wanted:
                raise OSError(
                    errno.EIO, f"{found} of {wanted} rows of {layer} were written", str(path)
                )
