"""A Dask scheduler and two workers on loopback, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class DaskCluster:
    """Addresses of a scheduler and its workers, each with its process."""

    scheduler: str
    workers: dict[str, subprocess.Popen[bytes]]


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def dask_cluster(folder: Path) -> Iterator[DaskCluster]:
    """Begin a scheduler and two workers, of 4 and 3 GB; end all that still run."""
    limits = ("4GB", "3GB")
    port, *ports = _free_ports(1 + len(limits))
    scheduler = f"tcp://127.0.0.1:{port}"
    begun = [_begun(folder, "scheduler", "--host", "127.0.0.1", "--port", str(port))]
    try:
        _wait_for(port)
        workers = {}
        for own, limit in zip(ports, limits, strict=True):
            workers[f"tcp://127.0.0.1:{own}"] = _begun(
                folder,
                *("worker", scheduler, "--no-nanny", "--nthreads", "2", "--memory-limit", limit),
                *("--host", f"tcp://127.0.0.1:{own}", "--local-directory", str(folder)),
            )
        begun += workers.values()
        for own in ports:
            _wait_for(own)
        yield DaskCluster(scheduler, workers)
    finally:
        for one in reversed(begun):
            with suppress(ProcessLookupError):
                one.kill()
            one.wait()


def _begun(folder: Path, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments, "--no-dashboard"]
    with (folder / f"{kind}.log").open("ab") as said:
        return subprocess.Popen(command, stdout=said, stderr=said, cwd=folder, env=environment)


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
