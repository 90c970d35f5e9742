"""Download from OpenStreetMap through OSMnx: patiently, visibly, and leaving no trace in it."""

from __future__ import annotations

import json
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from circle15 import __version__
from circle15.errors import InputDataError, OutsideError
from circle15.network.walk_filter import BARRIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests
    from shapely.geometry.base import BaseGeometry

T = TypeVar("T")

OVERPASS: Final = "https://overpass-api.de/api"
NOMINATIM: Final = "https://nominatim.openstreetmap.org"
TIMEOUT_S: Final = 180
PAUSES_S: Final = (5, 15, 45)
"""How long to wait before each further attempt, where the server does not say it."""
LONGEST_PAUSE_S: Final = 600
_BUSY: Final = frozenset({429, 502, 503, 504})

ALL_STREETS: Final = '["highway"]'
"""Every way with a highway: what can be walked is decided by our own filter, not by OSMnx's."""


class _TryAgainError(OSError):
    """The server is busy or its answer is not whole; `pause_s` is how long it asks to wait."""

    def __init__(self, what: str, pause_s: float | None = None) -> None:
        super().__init__(what)
        self.pause_s = pause_s


class _RefusedError(OSError):
    """The server will not answer this."""


@dataclass(frozen=True)
class Servers:
    """
    The servers that are asked, and how.

    `tell` is given a line for each request and each wait.
    """

    tell: Callable[[str], None]
    overpass: str = OVERPASS
    geocoder: str = NOMINATIM
    timeout_s: float = TIMEOUT_S


@dataclass
class Elements:
    """What OpenStreetMap answered, by id."""

    nodes: dict[int, tuple[float, float, dict[str, str]]] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], dict[str, str]]] = field(default_factory=dict)
    relations: dict[int, tuple[list[tuple[str, int, str]], dict[str, str]]] = field(
        default_factory=dict
    )
    date: str | None = None
    """The oldest state of the map among the answers."""

    def add(self, answer: dict[str, Any]) -> None:
        """Take the elements of one answer; the same ones again change nothing."""
        date = str(answer["osm3s"]["timestamp_osm_base"])
        self.date = min(date, self.date or date)
        for one in answer["elements"]:
            tags = {str(k): str(v) for k, v in one.get("tags", {}).items()}
            if one["type"] == "node":
                self.nodes[int(one["id"])] = (float(one["lon"]), float(one["lat"]), tags)
            elif one["type"] == "way":
                self.ways[int(one["id"])] = ([int(ref) for ref in one["nodes"]], tags)
            elif one["type"] == "relation":
                members = [(str(m["type"])[0], int(m["ref"]), m["role"]) for m in one["members"]]
                self.relations[int(one["id"])] = (members, tags)


def find_place(place: str, servers: Servers, folder: Path) -> tuple[BaseGeometry, str]:
    """
    Ask Nominatim for the outline of a place.

    Parameters
    ----------
    folder
        Where answers may be kept.

    Returns
    -------
    Polygon in degrees, and the full name that was found.

    Raises
    ------
    InputDataError
        If there is no such place, or it is a point.
    OutsideError
        If the server cannot be reached or does not answer.
    """
    servers.tell(f"asking {servers.geocoder} for {place}")
    with _osmnx(servers, folder) as osmnx:
        try:
            found = _patiently(lambda: osmnx.geocode_to_gdf(place), servers.geocoder, servers.tell)
        except (KeyError, TypeError, ValueError) as error:
            raise _not_found(place, servers.geocoder, error) from None
    row = found.iloc[0]
    return row.geometry, str(row.get("display_name", place))


def _not_found(place: str, server: str, error: Exception) -> InputDataError | OutsideError:
    """Tell from OSMnx's words whether there is no such place, or what came is no answer."""
    if "returned 0 results" in str(error):
        return InputDataError(
            f"OpenStreetMap knows no place {place!r}.",
            mend="Write it as the map has it, with its city: '梁溪区, 无锡市'.",
        )
    if "did not geocode" in str(error):
        return InputDataError(
            f"the place {place!r} has no outline in OpenStreetMap.",
            mend="Name the district, town or street office that it lies in.",
        )
    return _unreadable(server, error)


def download(area: BaseGeometry, servers: Servers, folder: Path) -> Elements:
    """
    Ask Overpass for all streets, barriers, squares and platforms of an area.

    OSMnx sends the queries and keeps each answer in `folder`, so that one that is asked again is
    not sent again; the answers are read from there with all their tags.

    Raises
    ------
    OutsideError
        If the server cannot be reached, does not answer, or answers with something else.
    """
    others = {key: sorted(values) for key, values in BARRIERS.items() if key != "highway"}
    others |= {"railway": sorted({*BARRIERS["railway"], "platform"}), "man_made": ["pier"]}
    others["highway"] = ["pedestrian"]  # with the relations of squares, which streets lack
    with _osmnx(servers, folder) as osmnx:
        osmnx.settings.cache_only_mode = True
        queries: list[tuple[str, Callable[[], Any]]] = [
            ("streets", lambda: osmnx.graph_from_polygon(area, custom_filter=ALL_STREETS)),
            ("barriers, squares and platforms", lambda: osmnx.features_from_polygon(area, others)),
        ]
        for name, query in queries:
            servers.tell(f"asking {servers.overpass} for {name}")
            try:
                _patiently(query, servers.overpass, servers.tell)
            except InterruptedError:  # so OSMnx says that it has only kept the answers
                continue
            except ValueError as error:
                raise _unreadable(servers.overpass, error) from None
    found = Elements()
    try:
        for path in sorted(folder.glob("*.json")):
            answer = json.loads(path.read_text("utf-8"))
            if isinstance(answer, dict):
                found.add(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(servers.overpass, error) from None
    return found


def _unreadable(server: str, error: Exception) -> OutsideError:
    return OutsideError(
        f"{server}: the answer cannot be read ({type(error).__name__}: {str(error)[:200]}). "
        "Try again later, or name another server."
    )


@contextmanager
def _osmnx(servers: Servers, folder: Path) -> Iterator[Any]:
    """Lend OSMnx with settings of our own; all that it and they change is put back."""
    import osmnx

    settings = osmnx.settings
    before = {k: v for k, v in vars(settings).items() if not k.startswith("__")}
    lookup = socket.getaddrinfo  # OSMnx replaces it to stay with one of several servers
    try:
        settings.overpass_url = servers.overpass
        settings.nominatim_url = servers.geocoder
        settings.overpass_rate_limit = False  # its pauses are silent; ours are told
        settings.doh_url_template = None  # ask nobody else for addresses
        settings.use_cache = True
        settings.cache_folder = folder
        settings.data_folder = folder
        settings.logs_folder = folder
        settings.log_file = settings.log_console = False
        settings.requests_timeout = servers.timeout_s
        settings.requests_kwargs = {"hooks": {"response": _refuse_what_is_not_whole}}
        settings.http_accept_language = "zh-CN,en"
        settings.http_user_agent = f"circle15/{__version__} (OSMnx)"
        yield osmnx
    finally:
        socket.getaddrinfo = lookup
        vars(settings).update(before)


def _refuse_what_is_not_whole(response: requests.Response, *_: Any, **__: Any) -> None:
    """Stop OSMnx before it waits in silence or takes a partial answer for the whole."""
    if response.is_redirect:
        return
    try:
        _require_whole(response)
    except OSError:
        response.close()
        raise


def _require_whole(response: requests.Response) -> None:
    said = f"{response.status_code} {response.reason}"
    if response.status_code in _BUSY:
        raise _TryAgainError(said, _retry_after(response.headers.get("Retry-After")))
    if not response.ok:
        raise _RefusedError(f"the server answered {said}")
    try:
        answer = response.json()
    except ValueError:
        raise _TryAgainError("the answer is cut off or no JSON") from None
    if isinstance(answer, dict) and "error" in str(answer.get("remark", "")):
        raise _TryAgainError(str(answer["remark"]))


def _retry_after(header: str | None) -> float | None:
    """Seconds that a server asks to wait: a number or a date; None where it does not say."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _patiently(ask: Callable[[], T], server: str, tell: Callable[[str], None]) -> T:
    """Ask again where a server is busy, does not answer or breaks off; say so each time."""
    import requests  # opens a socket when it is imported: no run without a place does

    for pause_s in (*PAUSES_S, None):
        try:
            return ask()
        except _RefusedError as error:
            raise OutsideError(f"{server}: {error}. Name another server, or ask later.") from None
        except (_TryAgainError, requests.RequestException) as error:
            reason = _reason(error)
            wished = error.pause_s if isinstance(error, _TryAgainError) else None
            wait_s = pause_s if wished is None else wished
            if pause_s is None or wait_s is None or wait_s > LONGEST_PAUSE_S:
                asked = f" It asks to wait {wished:.0f} s." if wished is not None else ""
                raise OutsideError(
                    f"{server}: {reason}.{asked} Try again later, name another server, "
                    "or give a file of the streets as [network] file."
                ) from None
        tell(f"{server}: {reason}; trying again in {wait_s:.0f} s")
        time.sleep(wait_s)
    raise AssertionError


def _reason(error: OSError) -> str:
    if isinstance(error, _TryAgainError):
        return str(error)
    import requests

    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the answer broke off"
    return "no connection"
