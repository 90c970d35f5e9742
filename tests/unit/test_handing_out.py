"""Which study begins where; what becomes of those that fit nowhere or lose their worker."""

from __future__ import annotations

import pytest

from circle15.errors import OutsideError
from circle15.workflow.batch.crews import Ended, Event, Lost, Room
from circle15.workflow.batch.handing_out import hand_out
from circle15.workflow.batch.tasks import Outcome, Task


def task(name, gb=1):
    return Task(name, f"/{name}.toml", f"/out/{name}", needed_bytes=gb * 10**9)


class Played:
    """A crew whose workers end their study at once, or are lost with it as often as is said."""

    def __init__(self, room, *, losses=None, gone=False):
        self.rooms, self.losses, self.gone = room, dict(losses or {}), gone
        self.busy, self.log, self.closed = {}, [], False

    def room(self):
        return self.rooms

    def begin(self, worker, task):
        assert worker not in self.busy
        self.busy[worker] = task
        self.log.append((worker, task.name, len(self.busy)))

    def wait(self, seconds):
        if self.gone:
            raise OutsideError("the scheduler is gone.")
        events: list[Event] = []
        for worker, one in self.busy.items():
            if self.losses.get(one.name, 0):
                self.losses[one.name] -= 1
                events.append(Lost(worker, "killed by signal 9"))
            else:
                events.append(Ended(worker, Outcome(one.name, "run")))
        self.busy = {}
        return events

    def close(self):
        self.closed = True


def played(crew, *tasks, retries=2, patience_s=0.0):
    found = hand_out(
        tasks,
        crew,
        retries=retries,
        begun=lambda _worker, _task: None,
        heard=lambda _event: None,
        patience_s=patience_s,
    )
    assert crew.closed
    assert set(found) == {one.name for one in tasks}
    return found


def gb(**of_worker):
    return {worker: None if size is None else size * 10**9 for worker, size in of_worker.items()}


def test_the_largest_first_on_the_smallest_worker_that_fits():
    """Worker b has 4 GB and a 8 GB: the study of 6 GB is for a, b takes that of 3 GB meanwhile."""
    crew = Played(Room(gb(a=8, b=4)))
    played(crew, task("x", 2), task("y", 6), task("z", 3))
    assert [name for _, name, _ in crew.log] == ["z", "y", "x"]
    assert ("a", "y") in {one[:2] for one in crew.log}


def test_what_fits_nowhere_is_not_begun_and_says_so():
    crew = Played(Room(gb(a=8, b=4)))
    found = played(crew, task("large", 9), task("small"))
    assert [name for _, name, _ in crew.log] == ["small"]
    assert found["large"].exit_code == 3
    assert "needs about 9.0 GB" in found["large"].message
    assert "no worker has more than 8.0 GB" in found["large"].message


def test_a_worker_without_a_limit_takes_everything():
    assert played(Played(Room(gb(a=None))), task("large", 900))["large"].state == "run"


def test_processes_share_the_memory_of_their_host():
    """Of 5 GB, 3 and 2 fit together; 4 has to wait."""
    crew = Played(Room(gb(a=5, b=5), together=5 * 10**9))
    played(crew, task("x", 2), task("y", 3), task("z", 4))
    assert crew.log[0][1:] == ("z", 1)
    assert crew.log[1][1:] == ("y", 1)
    assert crew.log[2][1:] == ("x", 2)


@pytest.mark.parametrize("retries", [0, 2])
def test_a_lost_worker_is_tried_again_so_often(retries):
    crew = Played(Room(gb(a=8)), losses={"x": retries})
    assert played(crew, task("x"), retries=retries)["x"].state == "run"
    crew = Played(Room(gb(a=8)), losses={"x": retries + 1})
    found = played(crew, task("x"), task("y"), retries=retries)
    assert found["x"].exit_code == 3
    assert f"lost {retries + 1} times (killed by signal 9)" in found["x"].message
    assert found["y"].state == "run"


def test_after_a_loss_a_study_runs_alone_on_its_host():
    crew = Played(Room(gb(a=9, b=9), together=9 * 10**9), losses={"x": 1})
    played(crew, task("x"), task("y"), task("z"))
    assert [one[1:] for one in crew.log if one[1] == "x"] == [("x", 1), ("x", 1)]


def test_all_that_is_left_fails_if_the_scheduler_is_gone():
    found = played(Played(Room(gb(a=9)), gone=True), task("x"), task("y"))
    assert {one.message for one in found.values()} == {"the scheduler is gone."}
    assert {one.exit_code for one in found.values()} == {3}


def test_without_a_worker_it_does_not_wait_for_ever():
    found = played(Played(Room({})), task("x"))
    assert found["x"].message == "there is no worker."
