"""Fetch one answer of a server over HTTP: complete, in time and within limits, or an error."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from circle15._version import __version__
from circle15.network.downloads.answer_faults import TryAgainError, UnusableError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests
    from requests.adapters import HTTPAdapter

    from circle15.network.downloads.download_limits import DownloadLimits

CONNECT_S: Final = 30
_BUSY: Final = frozenset({429, 502, 503, 504})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_PIECE: Final = 8192
_UNPACKED_PIECE: Final = 1 << 20
_LOOK_S: Final = 0.1
_PORTS: Final = {"http": 80, "https": 443}
_HEADERS: Final = {
    "User-Agent": f"circle15/{__version__} (walking coverage of elder care)",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Accept-Language": "zh-CN,en",
}


@dataclass(frozen=True)
class Question:
    """A request: its fields go into the address, or with `posted` into the body."""

    url: str
    fields: dict[str, str]
    posted: bool = False


def fetch_answer(
    question: Question, file: Path, *, timeout_s: float, limits: DownloadLimits
) -> None:
    """
    Write the answer to a question, unpacked, into a file.

    Parameters
    ----------
    timeout_s
        How long the server may be silent.

    Raises
    ------
    TryAgainError
        If the server cannot be reached, is busy, or its answer breaks off.
    UnusableError
        If it refuses, redirects to another server, or its answer exceeds a limit.
    """
    with _Watch(timeout_s, limits) as watch:
        response = _send(question, watch, timeout_s, limits)
        try:
            _require_ok(response)
            watch.body_begins()
            with file.open("wb") as out:
                for piece in _unpacked(response, watch, limits):
                    out.write(piece)
        finally:
            response.close()


def _send(
    question: Question, watch: _Watch, timeout_s: float, limits: DownloadLimits
) -> requests.Response:
    """Send a request, following redirects within the same server."""
    import requests  # opens a socket when imported, which only downloads may do
    from urllib3.exceptions import HTTPError

    url, fields = question.url, question.fields
    with requests.Session() as session:
        adapter = _adapter(watch)
        for _ in range(limits.redirects + 1):
            request = requests.Request("POST" if question.posted else "GET", url, _HEADERS)
            if question.posted:
                request.data = fields
            else:
                request.params = fields
            try:
                prepared = session.prepare_request(request)
                options = session.merge_environment_settings(
                    url, {}, stream=True, verify=None, cert=None
                )
                # the session would read the whole body of a redirect
                response = adapter.send(
                    prepared, timeout=(min(CONNECT_S, timeout_s), timeout_s), **options
                )
            except (OSError, HTTPError, ValueError) as error:
                raise watch.reason(error) from None
            if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                return response
            response.close()
            url = _onward(url, response.headers["Location"])
            fields = fields if question.posted else {}  # the new address has them
    raise UnusableError("the server redirects too many times")


def _onward(url: str, location: str) -> str:
    """Return the address of a redirect, which must be on the same server."""
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        ports = [one.port or _PORTS.get(one.scheme) for one in (old, new)]
    except ValueError:
        raise UnusableError(f"the server redirects to {shown(location)!r}") from None
    same = old.hostname == new.hostname
    secured = (old.scheme, new.scheme, ports[1]) == ("http", "https", 443)
    if same and (secured or (old.scheme == new.scheme and ports[0] == ports[1])):
        return target
    raise UnusableError(f"the server redirects to {shown(target)}, which is another server")


def _require_ok(response: requests.Response) -> None:
    said = shown(f"{response.status_code} {response.reason}")
    if response.status_code in _BUSY:
        raise TryAgainError(said, _retry_after(response.headers.get("Retry-After")))
    if response.status_code != _OK:
        raise UnusableError(f"the server answered {said}")


def _retry_after(header: str | None) -> float | None:
    """Return the wait that a server asks for (a number or a date), seconds; None without one."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _unpacked(
    response: requests.Response, watch: _Watch, limits: DownloadLimits
) -> Iterator[bytes]:
    """Yield the unpacked pieces of a body, none beyond the limits."""
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip"}:
        raise UnusableError(f"the answer is packed as {shown(packing)}, which was not asked for")
    unzip = zlib.decompressobj(31) if packing.endswith("gzip") else None
    whole = 0
    for piece in _pieces(response, watch):
        rest = piece
        while rest:
            out = rest
            if unzip is not None:
                try:
                    out = unzip.decompress(rest, _UNPACKED_PIECE)
                except zlib.error:
                    raise TryAgainError("the answer's gzip is damaged") from None
            whole += len(out)
            if whole > limits.answer_bytes:
                raise UnusableError(f"the answer is over {limits.answer_bytes:,} bytes")
            if whole > max(limits.ratio_from_bytes, limits.unpacked_ratio * watch.received):
                raise UnusableError(
                    f"the answer unpacks to over {limits.unpacked_ratio} times what was sent"
                )
            yield out
            rest = b"" if unzip is None else unzip.unconsumed_tail
            if unzip is not None and unzip.unused_data:
                raise TryAgainError("the answer's gzip is damaged")
    if unzip is not None and not unzip.eof:
        raise TryAgainError("the answer broke off")


def _pieces(response: requests.Response, watch: _Watch) -> Iterator[bytes]:
    from urllib3.exceptions import HTTPError

    while True:
        try:
            piece = response.raw.read(_PIECE, decode_content=False)
        except (OSError, HTTPError, ValueError) as error:  # ValueError: a length below 0
            raise watch.reason(error, "the answer broke off") from None
        watch.received += len(piece)
        watch.require_in_time()
        if not piece:
            return
        yield piece


class _Watch:
    """
    Closes the connections of a request when its time is over, whatever they are doing.

    A socket's own time-out only covers silence: a byte a second would keep it open for ever.
    """

    def __init__(self, timeout_s: float, limits: DownloadLimits) -> None:
        self.received = 0
        """Bytes of the body, as sent."""
        self._timeout_s = timeout_s
        self._limits = limits
        self._begun = time.monotonic()
        self._body_begun: float | None = None
        self._verdict: str | None = None
        self._connections: list[Any] = []
        self._sockets: list[Any] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for one in self._sockets:  # a library that fails leaves them open
            if isinstance(one, socket.socket) and (number := one.detach()) >= 0:
                socket.close(number)

    def body_begins(self) -> None:
        """Note that the headers have arrived: from now on the body is timed."""
        self._body_begun = time.monotonic()

    def require_in_time(self) -> None:
        """Raise UnusableError if the time is over."""
        if self._verdict is not None:
            raise UnusableError(self._verdict)

    def reason(self, error: Exception, broke: str | None = None) -> TryAgainError | UnusableError:
        """Return the error that says why there is no answer."""
        import requests
        from urllib3.exceptions import ReadTimeoutError

        cause = _cause(error)
        if self._verdict is not None:
            return UnusableError(self._verdict)
        if isinstance(error, requests.exceptions.SSLError):
            return UnusableError(f"the secure connection failed ({cause})")
        if isinstance(error, requests.Timeout | ReadTimeoutError):
            return TryAgainError("no answer in time")
        if broke is not None:
            return TryAgainError(broke)
        if isinstance(error, requests.ConnectionError):
            return TryAgainError(f"no connection ({cause})")
        return UnusableError(f"the request cannot be sent ({cause})")

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            self._verdict = self._verdict or self._judge(time.monotonic())
            if self._verdict is None:
                continue
            for one in [*self._sockets, *(one.sock for one in self._connections)]:
                if isinstance(one, socket.socket):
                    with suppress(OSError):
                        socket.socket.shutdown(one, socket.SHUT_RDWR)

    def _judge(self, now: float) -> str | None:
        limits = self._limits
        if now - self._begun > limits.answer_s:
            return f"no complete answer within {limits.answer_s:g} s"
        if self._body_begun is None:
            longest_s = self._timeout_s + CONNECT_S
            return "no answer in time" if now - self._begun > longest_s else None
        took_s = now - self._body_begun
        if took_s > limits.slow_after_s and self.received < limits.slowest_bytes_s * took_s:
            return f"the answer comes too slowly ({self.received:,} bytes in {took_s:.0f} s)"
        return None

    def connecting(self, connection: Any) -> None:
        """Record a connection; its socket is replaced when it becomes a secure one."""
        self._connections.append(connection)

    def connected(self, connection: Any) -> None:
        """Record the socket of a connection, which the connection may hand over."""
        self._sockets.append(connection.sock)


def _adapter(watch: _Watch) -> HTTPAdapter:
    """Return an adapter of requests that reports its connections to the watch."""
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection

    class Plain(HTTPConnection):
        def connect(self) -> None:
            watch.connecting(self)
            super().connect()
            watch.connected(self)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            watch.connecting(self)
            super().connect()
            watch.connected(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *options: Any, **more: Any) -> None:
            super().init_poolmanager(*options, **more)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
            manager = super().proxy_manager_for(proxy, **options)
            if not proxy.lower().startswith("socks"):
                manager.pool_classes_by_scheme = pools
            return manager

    pools = {"http": PlainPool, "https": SecurePool}
    return Adapter()


def _cause(error: BaseException) -> str:
    """Return the message of the error at the root of the chain."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    said = error.strerror if isinstance(error, OSError) else None
    return shown(said or str(error) or type(error).__name__)
