"""Download from OpenStreetMap: with retries, progress lines and a check that it is complete."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import shapely

from circle15.errors import InputDataError, OutsideError, clause
from circle15.network.downloads.answer_faults import (
    TryAgainError,
    UnusableError,
    not_readable,
    shown,
)
from circle15.network.downloads.answer_json import read_list, read_object
from circle15.network.downloads.answers import Question, fetch_answer
from circle15.network.downloads.download_limits import DownloadLimits
from circle15.network.downloads.osm_elements import Elements, is_name, streets_of
from circle15.network.downloads.outlines import outline_of, rings_to_ask
from circle15.network.osm.barrier_tags import BARRIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TextIO

    from shapely.geometry.base import BaseGeometry

T = TypeVar("T")

OVERPASS: Final = "https://overpass-api.de/api"
NOMINATIM: Final = "https://nominatim.openstreetmap.org"
TIMEOUT_S: Final = 180
PAUSES_S: Final = (5, 15, 45)
"""Wait before each further attempt, where the server does not ask for another one."""
LONGEST_PAUSE_S: Final = 600
_GEOCODER_PAUSE_S: Final = 1.0
"""Nominatim's usage policy allows one request a second."""
_RESULTS: Final = 50

_STREETS_BEYOND_M: Final = 500.0
ALL_STREETS: Final = '["highway"]'
"""Every way with a highway: our own filter decides which can be walked, not the server."""
_OTHERS: Final = {
    **{key: sorted(values) for key, values in BARRIERS.items() if key != "highway"},
    "railway": sorted({*BARRIERS["railway"], "platform"}),
    "man_made": ["pier"],
    "highway": ["pedestrian"],  # for the relations of squares, which the query for streets lacks
}


@dataclass(frozen=True)
class Servers:
    """
    The servers to ask, with time-out and limits.

    `tell` is called with a line for each request and each wait.
    """

    tell: Callable[[str], None]
    overpass: str = OVERPASS
    geocoder: str = NOMINATIM
    timeout_s: float = TIMEOUT_S
    limits: DownloadLimits = field(default_factory=DownloadLimits)


def without_password(url: str) -> str:
    """
    Return an address without its user and password, as it is shown and kept.

    Examples
    --------
    >>> without_password("https://me:secret@overpass.example.org/api")
    'https://overpass.example.org/api'
    """
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def find_place(place: str, servers: Servers, folder: Path) -> tuple[BaseGeometry, str]:
    """
    Ask Nominatim for the outline of a place.

    Parameters
    ----------
    folder
        Folder for the answer while it is read.

    Returns
    -------
    Polygon in degrees, and the full name that was found.

    Raises
    ------
    InputDataError
        If there is no such place, it is a point, or it is too large.
    OutsideError
        If the server cannot be reached, does not answer, or answers with something else.
    """
    fields = {"format": "json", "polygon_geojson": "1", "dedupe": "0", "limit": str(_RESULTS)}
    question = Question(f"{servers.geocoder}/search", {**fields, "q": place})
    servers.tell(f"asking {without_password(servers.geocoder)} for {place}")

    def read(text: TextIO) -> tuple[int, tuple[BaseGeometry, str] | None]:
        n_results, best = _best(text, servers.limits)
        if best is None:
            return n_results, None
        name = best.get("display_name", place)
        if not is_name(name, servers.limits):
            raise not_readable(f"the name of the place is {shown(name)!r}")
        return n_results, (outline_of(best["geojson"], servers.limits), name)

    time.sleep(_GEOCODER_PAUSE_S)
    n_results, found = _ask(question, read, servers.geocoder, servers, folder)
    if not n_results:
        raise InputDataError(
            f"OpenStreetMap knows no place {place!r}.",
            mend="Write it as in OpenStreetMap, with its city: '梁溪区, 无锡市'.",
        )
    if found is None:
        raise InputDataError(
            f"the place {place!r} has no outline in OpenStreetMap.",
            mend="Name the district, town or subdistrict that it lies in.",
        )
    return found


def download(area: BaseGeometry, servers: Servers, folder: Path) -> Elements:
    """
    Ask Overpass for all streets, barriers, squares and platforms of an area in degrees.

    Raises
    ------
    OutsideError
        If the server cannot be reached, does not answer, or answers with something else.
    """
    found = Elements(servers.limits)

    def read(text: TextIO) -> None:
        found.add(_elements(text, servers.limits))

    for name, queries in [
        ("streets", list(_street_queries(area, servers))),
        ("barriers, squares and platforms", list(_other_queries(area, servers))),
    ]:
        for number, query in enumerate(queries, 1):
            part = f", part {number} of {len(queries)}" if len(queries) > 1 else ""
            servers.tell(f"asking {without_password(servers.overpass)} for {name}{part}")
            question = Question(f"{servers.overpass}/interpreter", {"data": query}, posted=True)
            _ask(question, read, servers.overpass, servers, folder)
    try:
        found.require_whole()
        _require_there(found, area)
    except UnusableError as error:
        raise _final(servers.overpass, error) from None
    return found


def _best(text: TextIO, limits: DownloadLimits) -> tuple[int, dict[str, Any] | None]:
    """Count the results, and return the most important one that has an outline."""
    n_results, best, most = 0, None, -math.inf
    for one in read_list(text, limits.item_chars):
        n_results += 1
        importance = one.get("importance") if isinstance(one, dict) else None
        geometry = one.get("geojson", {}) if isinstance(one, dict) else None
        if not isinstance(importance, int | float) or not isinstance(geometry, dict):
            raise not_readable(f"{shown(one)} where a place with its importance belongs")
        if geometry.get("type") in ("Polygon", "MultiPolygon") and importance > most:
            best, most = one, importance
    return n_results, best


def _elements(text: TextIO, limits: DownloadLimits) -> Elements:
    """Read one answer of Overpass."""
    found, keys = Elements(limits), set()
    for key, value in read_object(text, limits.item_chars, "elements"):
        keys.add(key)
        if key == "elements":
            found.take(value)
        elif key == "osm3s":
            found.take_date(value)
        elif key == "remark" and "error" in str(value):
            raise TryAgainError(shown(value))
    if "osm3s" not in keys:
        raise not_readable("it has no date of the map")
    return found


def _require_there(found: Elements, area: BaseGeometry) -> None:
    """Require that the streets, if any, lie in the area."""
    shapely.prepare(area)
    streets = [ref for refs in streets_of(found) for ref in refs]
    if streets and not any(area.intersects(shapely.Point(found.nodes[ref][:2])) for ref in streets):
        raise UnusableError("the answer holds the streets of another place")


def _head(servers: Servers) -> str:
    return f"[out:json][timeout:{max(1, round(servers.timeout_s))}]"


def _street_queries(area: BaseGeometry, servers: Servers) -> Iterator[str]:
    """Yield a query for the ways with a highway, with their nodes, for each part of an area."""
    for ring in rings_to_ask(area, wider_m=_STREETS_BEYOND_M):
        yield f"{_head(servers)};(way{ALL_STREETS}(poly:'{ring}');>;);out;"


def _other_queries(area: BaseGeometry, servers: Servers) -> Iterator[str]:
    """Yield a query for barriers, squares and platforms, with their members, for each part."""
    for ring in rings_to_ask(area):
        asked = "".join(
            f"({kind}['{key}'='{value}'](poly:'{ring}');(._;>;););"
            for key, values in _OTHERS.items()
            for value in values
            for kind in ("node", "way", "relation")
        )
        yield f"{_head(servers)};({asked});out;"


def _ask(
    question: Question,
    read: Callable[[TextIO], T],
    server: str,
    servers: Servers,
    folder: Path,
) -> T:
    """Ask, and retry with a progress line where a server is busy, silent or breaks off."""
    answer = folder / "answer.json"
    for pause_s in (*PAUSES_S, None):
        try:
            fetch_answer(question, answer, timeout_s=servers.timeout_s, limits=servers.limits)
            with answer.open(encoding="utf-8-sig", newline="") as text:
                return read(text)
        except UnusableError as error:
            raise _final(server, error) from None
        except TryAgainError as error:
            wait_s = pause_s if error.pause_s is None else max(error.pause_s, 1.0)
            if pause_s is None or wait_s is None or wait_s > LONGEST_PAUSE_S:
                asked = f" It asks for a wait of {error.pause_s:.0f} s." if error.pause_s else ""
                raise OutsideError(
                    f"{without_password(server)}: {clause(error)}.{asked} Try again later, name "
                    "another server, or give a file of the streets as [network] file."
                ) from None
            reason = str(error)
        servers.tell(f"{without_password(server)}: {reason}; trying again in {wait_s:.0f} s")
        time.sleep(wait_s)
    raise AssertionError


def _final(server: str, error: UnusableError) -> OutsideError:
    return OutsideError(
        f"{without_password(server)}: {clause(error)}. Name another server, or ask later."
    )
