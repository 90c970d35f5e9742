"""Studies on Dask, with a scheduler that is played: workers and schedulers come and go."""

from __future__ import annotations

from typing import Any

import pytest

from circle15.workflow.batch.crews import Ended, Lost
from circle15.workflow.batch.dask_workers import DaskWorkers
from circle15.workflow.batch.tasks import Outcome, Task


class KilledWorker(Exception):  # noqa: N818 - the name that Dask gives it
    """As Dask raises when a study has been on too many lost workers."""


class Future:
    """A study on a worker; it has ended if it has a result or an error."""

    def __init__(self, found: Any = None, error: Exception | None = None):
        self.found, self.error = found, error
        self.status = "pending" if found is None and error is None else "finished"

    def done(self):
        return self.status != "pending"

    def exception(self):
        return self.error

    def result(self):
        return self.found

    def cancel(self):
        self.status = "cancelled"


class Client:
    """A connection to a scheduler with workers of given limits, bytes."""

    def __init__(self, **limits):
        self.limits, self.status, self.given = limits, "running", {}
        self.futures: dict[str, Future] = {}

    def scheduler_info(self, n_workers):
        assert n_workers == -1
        return {"workers": {name: {"memory_limit": limit} for name, limit in self.limits.items()}}

    def submit(self, function, task, *, workers, allow_other_workers, **_options):
        assert not allow_other_workers
        (worker,) = workers
        self.given[worker] = task.name
        return self.futures.setdefault(worker, Future())

    def cancel(self, futures):
        for one in futures:
            one.cancel()

    def close(self, timeout):
        self.status = "closed"


@pytest.fixture
def played(monkeypatch):
    """Return workers of the clients that it is given, one for each connection."""

    def begun(*clients, memory=None):
        left = list(clients)
        monkeypatch.setattr(DaskWorkers, "_connected", lambda _self, _seconds: left.pop(0))
        return DaskWorkers("tcp://played", memory)

    return begun


TASK = Task("d1", "/d1.toml", "/out/d1")


def test_a_worker_has_four_fifths_of_its_limit(played):
    client = Client(a=10_000_000_000, b=0)
    assert dict(played(client).room().of_worker) == {"a": 8_000_000_000, "b": None}
    assert dict(played(client, memory=5).room().of_worker) == {"a": 5, "b": 5}


def test_a_study_ends_on_its_worker(played):
    client = Client(a=10**9)
    crew = played(client)
    crew.begin("a", TASK)
    assert client.given == {"a": "d1"}
    assert crew.wait(0.0) == []
    found = Outcome("d1", "run")
    client.futures["a"].found, client.futures["a"].status = found, "finished"
    assert crew.wait(0.0) == [Ended("a", found)]
    assert crew.wait(0.0) == []


def test_what_a_worker_cannot_run_fails_and_is_not_tried_again(played):
    client = Client(a=10**9)
    client.futures["a"] = Future(error=ModuleNotFoundError("No module named 'circle15'"))
    crew = played(client)
    crew.begin("a", TASK)
    (event,) = crew.wait(0.0)
    assert isinstance(event, Ended)
    assert event.outcome.exit_code == 3
    assert "the worker a cannot run it (ModuleNotFoundError: No module" in event.outcome.message


def test_a_worker_that_is_gone_is_lost(played):
    client = Client(a=10**9, b=10**9)
    crew = played(client)
    crew.begin("a", TASK)
    del client.limits["a"]
    assert crew.wait(0.0) == [Lost("a", "the worker a is gone")]
    assert client.futures["a"].status == "cancelled"
    client.futures["b"] = Future(error=KilledWorker("d1"))
    crew.begin("b", TASK)
    assert crew.wait(0.0) == [Lost("b", "the worker b is gone")]


def test_a_scheduler_that_was_begun_again_gets_what_it_lost(played):
    first, second = Client(a=10**9), Client(c=10**9)
    crew = played(first, second)
    crew.begin("a", TASK)
    first.status = "closed"
    assert crew.wait(0.0) == [Lost("a", "the scheduler is gone")]
    assert list(crew.room().of_worker) == ["c"]
    crew.begin("c", TASK)
    crew.close()
    assert second.futures["c"].status == "cancelled"
    assert second.status == "closed"
