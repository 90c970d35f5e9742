"""A server that speaks the start of PostgreSQL's protocol, and records the passwords it gets."""

from __future__ import annotations

import shutil
import socket
import ssl
import struct
import subprocess
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TLS_REQUEST = struct.pack("!ii", 8, 80877103)
_ASK_CLEARTEXT = b"R" + struct.pack("!ii", 8, 3)


@dataclass
class Talk:
    """What a server was told: its port, passwords, and whether it was asked for TLS."""

    port: int
    passwords: list[str] = field(default_factory=list)
    asked_for_tls: int = 0
    encrypted: int = 0

    @property
    def address(self) -> str:
        return f"postgresql://planner@127.0.0.1:{self.port}/city"


def certificate(folder: Path, host: str = "db.example") -> tuple[Path, Path]:
    """Make a certificate that no authority has signed; skips where there is no openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl is installed")
    key, chain = folder / "key.pem", folder / "chain.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            key,
            "-out",
            chain,
            "-days",
            "3650",
            "-subj",
            f"/CN={host}",
            "-addext",
            f"subjectAltName=DNS:{host}",
        ],
        check=True,
        capture_output=True,
    )
    return chain, key


@contextmanager
def talking(
    answer: Literal["none", "broken", "silent"] | bytes = "none",
    *,
    tls: tuple[Path, Path] | None = None,
) -> Iterator[Talk]:
    """
    Listen on a loopback port; every login is asked for its password in clear and then refused.

    Parameters
    ----------
    answer
        To the request for TLS: there is none, a handshake that breaks, silence, or other bytes.
    tls
        A certificate and its key, with which TLS is spoken instead.
    """
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        talk = Talk(listening.getsockname()[1])
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with suppress(OSError):  # the client has gone, or the test is over
                    line, _ = listening.accept()
                    with closing(line):
                        line.settimeout(10)
                        _serve_one(line, talk, answer, context, over)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield talk
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", talk.port)).close()
            thread.join(5)


def _serve_one(
    line: socket.socket,
    talk: Talk,
    answer: str | bytes,
    context: ssl.SSLContext | None,
    over: threading.Event,
) -> None:
    begin = _read(line, 8)
    if begin == _TLS_REQUEST:
        talk.asked_for_tls += 1
        if context is not None:
            line.sendall(b"S")
            with closing(context.wrap_socket(line, server_side=True)) as inner:
                talk.encrypted += 1
                _ask_for_password(inner, _read(inner, 8), talk)
            return
        if answer == "broken":
            line.sendall(b"S" + b"no handshake at all" * 9)
            return
        if answer == "silent":
            over.wait(10)
            return
        if isinstance(answer, bytes):
            line.sendall(answer)
            return
        line.sendall(b"N")
        begin = _read(line, 8)
    _ask_for_password(line, begin, talk)


def _ask_for_password(line: socket.socket, begin: bytes, talk: Talk) -> None:
    (length,) = struct.unpack("!i", begin[:4])
    _read(line, length - 8)
    line.sendall(_ASK_CLEARTEXT)
    (length,) = struct.unpack("!i", _read(line, 5)[1:])
    password = _read(line, length - 4).rstrip(b"\0")
    talk.passwords.append(password.decode())
    words = b"SFATAL\0C28P01\0Mpassword " + password + b" is wrong\0\0"
    line.sendall(b"E" + struct.pack("!i", len(words) + 4) + words)
    with suppress(OSError):
        line.recv(1)  # until the client has read it


def _read(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = line.recv(size - len(found))
        if not part:
            raise ConnectionError("the client has gone")
        found += part
    return found
