"""Streets of a named place: downloaded once, kept with date and SHA-256, read like any file."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import osmium
import shapely

from circle15._version import __version__
from circle15.errors import InputDataError, OutsideError
from circle15.inputs.shapes import polygons_of
from circle15.network.downloads.answer_faults import shown
from circle15.network.downloads.download_limits import DownloadLimits
from circle15.network.downloads.osm_elements import is_name
from circle15.network.downloads.outlines import surroundings
from circle15.network.downloads.overpass import (
    NOMINATIM,
    OVERPASS,
    TIMEOUT_S,
    Servers,
    download,
    find_place,
    without_password,
)
from circle15.network.osm.osm_writing import osm_writer
from circle15.study.names import readable_name
from circle15.study.settings.download_paths import (
    BOUNDARY,
    EXTENT,
    OSM_SUFFIXES,
    RECORD,
    USUAL_REACH_M,
    beside,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

    from circle15.network.downloads.osm_elements import Elements

_log = logging.getLogger(__name__)

_HALF_EARTH_DEG = 180
_RECORD_BYTES = 1_000_000
_RECORD_TYPES = {
    "place": str,
    "reach_m": int,
    "found": str,
    "mirror": str,
    "fetched": str,
    "data_date": str,
    "nodes": int,
    "ways": int,
    "sha256": str,
}


def fetch_place(
    place: str,
    file: Path | str,
    *,
    reach_m: int = USUAL_REACH_M,
    tell: Callable[[str], None] | None = None,
    mirror: str | None = None,
    geocoder: str | None = None,
    renew: bool = False,
    timeout_s: float = TIMEOUT_S,
    limits: DownloadLimits | None = None,
) -> dict[str, Any]:
    """
    Download the streets and barriers of a place and its surroundings, unless they exist already.

    Parameters
    ----------
    place
        Name as in OpenStreetMap, such as `梁溪区, 无锡市`.
    file
        File to write: `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`. Written beside it are the
        outline of the download (`.extent.geojson`), that of the place (`.boundary.geojson`) and
        the record (`.json`).
    reach_m
        Metres beyond the outline of the place that are downloaded; by default as far as the
        usual settings of a study reach.
    tell
        Called with a line for each request and each wait; by default they are logged.
    mirror, geocoder
        Other Overpass and Nominatim servers than those of openstreetmap.org.
    renew
        Replace an existing download that is damaged; by default it is refused.
    timeout_s
        Seconds for which a server may be silent.
    limits
        Limits on the answers; by default those of `DownloadLimits`.

    Returns
    -------
    The record: place, reach_m, found, mirror, fetched (UTC), data_date, nodes, ways, sha256.

    Raises
    ------
    InputDataError
        If there is no such place or no street in it, a server's address is not valid, or the file
        exists but is not that download, or is the address of a server.
    OutsideError
        If a server cannot be reached, does not answer, or answers with something else.

    Examples
    --------
    >>> import circle15 as c15
    >>> record = c15.fetch_place("梁溪区, 无锡市", "liangxi.osm.pbf")  # doctest: +SKIP
    >>> network = c15.read_network("liangxi.osm.pbf")  # doctest: +SKIP
    """
    say = tell or _log.info
    limits = limits or DownloadLimits()
    place, file = place.strip(), readable_name(Path(file))
    if not is_name(place, limits):
        raise InputDataError(
            f"{shown(place)!r} is not the name of a place.", mend="Write it as in OpenStreetMap."
        )
    if not file.name.lower().endswith(OSM_SUFFIXES):
        raise InputDataError(
            f"downloads cannot be kept in the format '{file.suffix}'.",
            file=file,
            mend=f"Use one of {', '.join(OSM_SUFFIXES)}.",
        )
    try:
        kept = _kept(file, place, reach_m, with_parts=renew)
    except InputDataError as error:
        if not renew:
            raise
        say(f"{error.file}: {error.found} Downloading it again.")
        kept = None
    if kept is not None:
        return kept
    servers = Servers(
        say,
        _server(mirror, OVERPASS, "mirror"),
        _server(geocoder, NOMINATIM, "geocoder"),
        timeout_s,
        limits,
    )
    return _download(place, file, reach_m, servers)


def _download(place: str, file: Path, reach_m: int, servers: Servers) -> dict[str, Any]:
    """Download and write everything to a temporary folder, then move the files into place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".circle15-", dir=file.parent) as scratch:
        folder = Path(scratch)
        outline, found = find_place(place, servers, folder)
        outline = polygons_of(outline)
        area = surroundings(outline, reach_m)
        west, _, east, _ = area.bounds
        if not east - west < _HALF_EARTH_DEG:
            raise OutsideError(
                f"{without_password(servers.geocoder)}: {found} lies within {reach_m} m of the "
                "180th meridian, across which no streets are downloaded. Name another place."
            )
        elements = download(area, servers, folder)
        if not any("highway" in tags for _, tags in elements.ways.values()):
            raise InputDataError(
                f"OpenStreetMap has no street in {found}.", mend="Name a larger place."
            )
        written = folder / file.name
        _write_osm(elements, written)
        parts = {EXTENT: area, BOUNDARY: outline}
        for ending, shape in parts.items():
            _write_json(beside(written, ending), _feature(shape, found))
        record = {
            "place": place,
            "reach_m": reach_m,
            "found": found,
            "mirror": without_password(servers.overpass),
            "fetched": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data_date": elements.date,
            "nodes": len(elements.nodes),
            "ways": len(elements.ways),
            "sha256": _sha256(written),
            **{_sha256_key(ending): _sha256(beside(written, ending)) for ending in parts},
            "circle15": __version__,
            "licence": "© OpenStreetMap contributors, ODbL 1.0",
        }
        _write_json(beside(written, RECORD), record)
        for ending in (*parts, RECORD):
            beside(written, ending).replace(beside(file, ending))
        written.replace(file)  # last: without it, the next call downloads again
    return record


def _sha256_key(ending: str) -> str:
    """Return the key of the hash of a part in the record."""
    return f"{ending.split('.')[1]}_sha256"


def read_record(file: Path) -> dict[str, Any] | None:
    """Read the record of a download; None where there is no complete one."""
    path = beside(file, RECORD)
    try:
        if path.stat().st_size > _RECORD_BYTES:
            return None
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(record, dict) and all(
        type(record.get(key)) is kind for key, kind in _RECORD_TYPES.items()
    )
    return record if whole else None


def _kept(file: Path, place: str, reach_m: int, *, with_parts: bool) -> dict[str, Any] | None:
    """
    Return the record of an existing download of that place; None where there is none.

    The outlines beside it may have been changed, unless `with_parts` checks them as well.
    """
    record = read_record(file) or {}
    if not file.exists():
        for ending in () if "place" in record else (RECORD, EXTENT, BOUNDARY):
            if beside(file, ending).exists():
                raise InputDataError(
                    "exists already and does not belong to a download.",
                    file=beside(file, ending),
                    mend="Move it, or name another file.",
                )
        return None
    if (record.get("place"), record.get("reach_m")) != (place, reach_m):
        raise InputDataError(
            f"exists already and is not a download of {place!r} with {reach_m} m around it.",
            file=file,
            mend="Delete it, or name another file.",
        )
    hashes = {file: record.get("sha256")}
    if not beside(file, EXTENT).exists():
        return None
    if with_parts:
        hashes |= {beside(file, one): record.get(_sha256_key(one)) for one in (EXTENT, BOUNDARY)}
    for path, known in hashes.items():
        if known is not None and (not path.exists() or known != _sha256(path)):
            raise InputDataError(
                "has changed since it was downloaded: its SHA-256 differs.",
                file=path,
                mend="Delete it to download it again, or use a changed copy as [network] file.",
            )
    return record


def _server(url: str | None, usual: str, key: str) -> str:
    if url is None:
        return usual
    if not _is_address(url):
        raise InputDataError(
            f"the {key} {shown(url)!r} is not an address.",
            mend=f"Write it in full, such as {usual}.",
        )
    return url.rstrip("/").removesuffix("/interpreter").removesuffix("/search")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and not parts.query + parts.fragment and url.isprintable() and " " not in url


def _write_osm(elements: Elements, file: Path) -> None:
    """Write elements in the order of their ids, so that equal elements give equal bytes."""
    header = osmium.io.Header()
    header.set("generator", f"circle15 {__version__}")
    if elements.date is not None:
        header.set("osmosis_replication_timestamp", elements.date)
    kinds = osmium.osm.mutable
    with osm_writer(file, header=header) as writer:
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
