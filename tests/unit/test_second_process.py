"""Work in a second process: same files, same errors, and no process left after a failure."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from circle15.errors import InputDataError, OutsideError
from circle15.workflow.process.second_process import beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

forking = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="needs a second core"
)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_work_is_done_when_its_end_has_been_waited_for(tmp_path: Path, processes: int) -> None:
    file = tmp_path / "map.html"
    with beside([lambda: file.write_text("drawn")], processes=processes) as end:
        end()
        assert file.read_text() == "drawn"


@forking
def test_it_goes_on_in_another_process(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    with beside([lambda: file.write_text(str(os.getpid()))], processes=2) as end:
        end()
    assert int(file.read_text()) != os.getpid()


@pytest.mark.parametrize("processes", [1, 2])
def test_each_piece_is_done_once_by_whoever_is_free(tmp_path: Path, processes: int) -> None:
    def piece(number: int) -> Callable[[], object]:
        def work() -> None:
            time.sleep(0.002 * (number % 3))
            with (tmp_path / f"{number}").open("a") as file:
                file.write(f"{os.getpid()} ")

        return work

    with beside([piece(number) for number in range(40)], processes=processes) as end:
        took = end()
    by = [file.read_text().split() for file in tmp_path.iterdir()]
    assert [len(one) for one in by] == [1] * 40
    assert len({one[0] for one in by}) == (processes if len(os.sched_getaffinity(0)) > 1 else 1)
    assert took >= 0.002 * sum(number % 3 for number in range(40))


@forking
def test_an_error_of_a_piece_that_this_process_took_ends_the_other(tmp_path: Path) -> None:
    file = tmp_path / "pid"

    def first() -> None:
        file.write_text(str(os.getpid()))
        time.sleep(60)

    def second() -> None:
        while not (file.exists() and file.read_text()):
            time.sleep(0.01)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk"), beside([first, second], processes=2) as end:
        end()
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


class NeedsTwoError(Exception):
    """An error that pickle cannot make again, nor what extends pickle (tblib, that of Dask)."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")
        self.lock = threading.Lock()


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    "error",
    [
        PermissionError(13, "Permission denied", "map.html"),
        InputDataError("is wrong.", mend="Mend it.", file="a.csv", row=3, column="x"),
        ValueError("鼓楼 <b>"),
    ],
)
def test_what_it_raises_is_raised_at_its_end(error: Exception, processes: int) -> None:
    def work() -> None:
        raise error

    with beside([work], processes=processes) as end, pytest.raises(type(error)) as raised:
        end()
    assert str(raised.value) == str(error)
    assert raised.value.__dict__.get("row") == error.__dict__.get("row")


@forking
def test_an_error_that_cannot_be_pickled_is_told_in_words() -> None:
    def work() -> None:
        raise NeedsTwoError(1, 2)

    with beside([work], processes=2) as end, pytest.raises(RuntimeError, match="1 and 2"):
        end()


@forking
def test_a_process_that_the_system_ends_is_told() -> None:
    def work() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with beside([work], processes=2) as end, pytest.raises(OutsideError, match="SIGKILL"):
        end()


@forking
def test_the_process_ends_with_a_body_that_fails(tmp_path: Path) -> None:
    file = tmp_path / "pid"

    def work() -> None:
        file.write_text(str(os.getpid()))
        time.sleep(60)

    def fail_beside_it() -> None:
        with beside([work], processes=2):
            while not (file.exists() and file.read_text()):
                time.sleep(0.01)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk"):
        fail_beside_it()
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


class OfThisProcess:
    """Something that dies where it was not made, like a reader whose thread is gone."""

    def __init__(self) -> None:
        self.itself = self
        self.pid = os.getpid()

    def __del__(self) -> None:
        if os.getpid() != self.pid:
            os.kill(os.getpid(), signal.SIGSEGV)


@forking
def test_what_the_caller_has_thrown_away_is_left_alone() -> None:
    gc.collect()
    gc.disable()
    try:
        OfThisProcess()
        with beside([gc.collect], processes=2) as end:
            end()
    finally:
        gc.enable()
