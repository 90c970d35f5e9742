"""Streets of a place: downloaded once, kept with their date and SHA-256, read like any file."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import osmium
import shapely

from circle15 import __version__
from circle15.errors import InputDataError
from circle15.inputs.positions import WGS84, choose_crs
from circle15.inputs.shapes import polygons_of, project
from circle15.network.overpass import NOMINATIM, OVERPASS, Elements, Servers, download, find_place
from circle15.study.kept_places import BOUNDARY, EXTENT, OSM_SUFFIXES, RECORD, beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

_SIMPLIFY_M = 50.0
"""The outline that is asked for may be this much wider; a query with every bend is slow."""


def fetch_place(
    place: str,
    file: Path | str,
    *,
    reach_m: int,
    tell: Callable[[str], None],
    mirror: str | None = None,
    geocoder: str | None = None,
) -> dict[str, Any]:
    """
    Download the streets and barriers of a place and its surroundings, unless they are there.

    Parameters
    ----------
    place
        As OpenStreetMap knows it, such as `梁溪区, 无锡市`.
    file
        Where to keep it: `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`. Beside it come the outline
        of what was downloaded (`.extent.geojson`), that of the place (`.boundary.geojson`) and
        the record (`.json`).
    reach_m
        How far beyond the outline of the place the streets go, metres.
    tell
        Is given a line for each request and each wait.
    mirror, geocoder
        Other Overpass and Nominatim servers than those of openstreetmap.org.

    Returns
    -------
    The record: place, reach_m, found, mirror, fetched (UTC), data_date, nodes, ways, sha256.

    Raises
    ------
    InputDataError
        If there is no such place or no street in it, a server's address is none, or the file is
        there but is not that download.
    OutsideError
        If a server cannot be reached or does not answer.
    """
    place, file = place.strip(), Path(file)
    if not file.name.lower().endswith(OSM_SUFFIXES):
        raise InputDataError(
            f"the format '{file.suffix}' is none that downloads are kept in.",
            file=file,
            mend=f"Use one of {', '.join(OSM_SUFFIXES)}.",
        )
    kept = _kept(file, place, reach_m)
    if kept is not None:
        return kept
    servers = Servers(
        tell, _server(mirror, OVERPASS, "mirror"), _server(geocoder, NOMINATIM, "geocoder")
    )
    return _download(place, file, reach_m, servers)


def _download(place: str, file: Path, reach_m: int, servers: Servers) -> dict[str, Any]:
    """Ask for everything, write it, and put the files in place at the end."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".circle15-", dir=file.parent) as scratch:
        answers = Path(scratch) / "answers"
        outline, found = find_place(place, servers, answers)
        outline = polygons_of(shapely.make_valid(shapely.force_2d(outline)))
        area = surroundings(outline, reach_m)
        elements = download(area, servers, answers)
        if not any("highway" in tags for _, tags in elements.ways.values()):
            raise InputDataError(
                f"OpenStreetMap has no street in {found}.", mend="Name a larger place."
            )
        written = Path(scratch) / file.name
        _write_osm(elements, written)
        record = {
            "place": place,
            "reach_m": reach_m,
            "found": found,
            "mirror": servers.overpass,
            "fetched": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data_date": elements.date,
            "nodes": len(elements.nodes),
            "ways": len(elements.ways),
            "sha256": _sha256(written),
            "circle15": __version__,
            "licence": "© OpenStreetMap contributors, ODbL 1.0",
        }
        _write_json(beside(file, EXTENT), _feature(area, found))
        _write_json(beside(file, BOUNDARY), _feature(outline, found))
        _write_json(beside(file, RECORD), record)
        written.replace(file)  # last: without it, the next call downloads again
    return record


def read_record(file: Path) -> dict[str, Any] | None:
    """Read the record of a download; None where there is none."""
    try:
        record = json.loads(beside(file, RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _kept(file: Path, place: str, reach_m: int) -> dict[str, Any] | None:
    """Return the record of a download that is already there, whole and for that place."""
    record = read_record(file) or {}
    if not file.exists():
        for ending in () if "place" in record else (RECORD, EXTENT, BOUNDARY):
            if beside(file, ending).exists():
                raise InputDataError(
                    "is there already, and belongs to no download.",
                    file=beside(file, ending),
                    mend="Move it or name another file.",
                )
        return None
    if (record.get("place"), record.get("reach_m")) != (place, reach_m):
        raise InputDataError(
            f"is there already, and no download of {place!r} with {reach_m} m around it.",
            file=file,
            mend="Delete it or name another file.",
        )
    if record.get("sha256") != _sha256(file):
        raise InputDataError(
            "is not what was downloaded: its SHA-256 has changed.",
            file=file,
            mend="Delete it to download it again, or use a changed copy as [network] file.",
        )
    return record if beside(file, EXTENT).exists() else None


def _server(url: str | None, usual: str, key: str) -> str:
    if url is None:
        return usual
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InputDataError(
            f"the {key} {url!r} is no address.", mend=f"Write it in full, such as {usual}."
        )
    return url.rstrip("/").removesuffix("/interpreter").removesuffix("/search")


def surroundings(outline: BaseGeometry, reach_m: float) -> BaseGeometry:
    """
    Widen an outline in degrees by a distance, without holes and without small bends.

    The result holds every point within `reach_m`, and none beyond `reach_m` + 100 m.
    """
    middle = outline.centroid
    metric = choose_crs("auto", middle.x, middle.y, Path())
    wide = project(outline, WGS84, metric).buffer(reach_m + _SIMPLIFY_M).simplify(_SIMPLIFY_M)
    rims = [shapely.Polygon(part.exterior) for part in shapely.get_parts(wide)]
    return project(shapely.union_all(rims), metric, WGS84)


def _write_osm(elements: Elements, file: Path) -> None:
    """Write elements in the order of their ids, so that the same ones give the same bytes."""
    header = osmium.io.Header()
    header.set("generator", f"circle15 {__version__}")
    if elements.date is not None:
        header.set("osmosis_replication_timestamp", elements.date)
    kinds = osmium.osm.mutable
    with osmium.SimpleWriter(str(file), header=header) as writer:
        for key, (lon, lat, tags) in sorted(elements.nodes.items()):
            writer.add_node(kinds.Node(id=key, location=(lon, lat), tags=tags, version=1))
        for key, (refs, tags) in sorted(elements.ways.items()):
            writer.add_way(kinds.Way(id=key, nodes=refs, tags=tags, version=1))
        for key, (members, tags) in sorted(elements.relations.items()):
            writer.add_relation(kinds.Relation(id=key, members=members, tags=tags, version=1))


def _feature(shape: BaseGeometry, name: str) -> dict[str, Any]:
    feature = {
        "type": "Feature",
        "properties": {"name": name, "source": "© OpenStreetMap contributors, ODbL 1.0"},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
    return {"type": "FeatureCollection", "features": [feature]}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
