"""Read back what the studies of a batch have written, as the roll-up needs it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from circle15.errors import Circle15Error, OutsideError, clause
from circle15.inputs.area.study_area import read_area
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import WGS84
from circle15.study.vocabulary import columns as c
from circle15.workflow.folders.result_names import SUMMARY
from circle15.workflow.reruns.history import GEOPACKAGE
from circle15.workflow.reruns.run_record import altered, read_sealed, short_code

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from circle15.results.summary.entries import Summary
    from circle15.study.settings.records import Study
    from circle15.workflow.batch.tasks import Outcome

_HOMES: Final = "demand"
"""Layer of homes in `results.gpkg`."""


@dataclass(frozen=True)
class KeptStudy:
    """
    The results of one study in its folder, whole and unaltered.

    Attributes
    ----------
    study
        Its settings.
    folder
        Its folder.
    summary
        Content of `summary.json`.
    sha256, code
        Its hash, and its code as reports bear it.
    columns
        Columns of the layer of homes with their kinds, in order.
    """

    study: Study
    folder: Path
    summary: Summary
    sha256: str
    code: str
    columns: dict[str, str]

    @property
    def crs(self) -> CRS:
        """The CRS of the study."""
        return CRS.from_user_input(self.summary["study"]["crs"])


def read_kept_study(study: Study, outcome: Outcome) -> KeptStudy:
    """
    Read the results of a study that a worker has reported, and check that they are whole.

    Raises
    ------
    OutsideError
        If this machine does not see them, or they are no longer what the worker wrote.
    """
    folder = Path(outcome.record).parent
    record = read_sealed(folder)
    if record is None:
        raise OutsideError(
            f"its worker wrote the results into {folder}, and they are not there; --out must be a "
            "folder that all workers and this machine see under one path."
        )
    faults = altered(folder, record)
    if faults or record["files"].get(SUMMARY) != outcome.sha256:
        fault = faults[0] if faults else f"{SUMMARY} is of another run."
        raise OutsideError(f"{folder}: the results were changed while the batch ran: {fault}")
    content = (folder / SUMMARY).read_bytes()
    try:
        info = pyogrio.read_info(folder / GEOPACKAGE, layer=_HOMES)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(folder, error) from error
    kinds = [str(kind) for kind in info["dtypes"]]
    columns = dict(zip(map(str, info["fields"]), kinds, strict=True))
    summary: Summary = json.loads(content)
    return KeptStudy(study, folder, summary, outcome.sha256, short_code(content), columns)


def read_homes(kept: KeptStudy) -> gpd.GeoDataFrame:
    """
    Read the homes of a study, in degrees (WGS 84).

    Raises
    ------
    OutsideError
        If they cannot be read.
    """
    path = kept.folder / GEOPACKAGE
    try:
        frame = pyogrio.read_dataframe(path, layer=_HOMES, use_arrow=True)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(kept.folder, error) from error
    points = project(frame.geometry.to_numpy(), kept.crs, WGS84)
    placed = gpd.GeoSeries(points, index=frame.index, crs=WGS84)
    found: gpd.GeoDataFrame = frame.set_geometry(placed)
    return found


def outline_of(study: Study, crs: CRS) -> BaseGeometry | None:
    """
    Return the boundary of a study in degrees (WGS 84); None if it has none or it cannot be read.

    Parameters
    ----------
    crs
        A projected CRS in whose range it lies.
    """
    if not isinstance(study.area.boundary, Path):
        return None
    only = replace(study.area, streets=None, communities=None)
    try:
        boundary = read_area(only, crs).boundary
    except Circle15Error:
        return None
    if boundary is None:
        return None
    valid: BaseGeometry = shapely.make_valid(project(boundary, crs, WGS84))
    return valid


def hull_of(homes: gpd.GeoDataFrame) -> BaseGeometry | None:
    """Return the hull of the homes inside, for a study without a boundary; None without homes."""
    points = shapely.multipoints(shapely.get_coordinates(homes.geometry[homes[c.IN_AREA]]))
    hull: Any = shapely.concave_hull(points, ratio=0.3)
    return hull if shapely.area(hull) > 0 else None


def _unreadable(folder: Path, error: Exception) -> OutsideError:
    return OutsideError(f"{folder / GEOPACKAGE} cannot be read ({clause(error)}).")
