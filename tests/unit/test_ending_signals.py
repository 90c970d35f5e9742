"""Signals that ask the program to end are obeyed wherever they meet it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import signal, sys, time
from circle15.workflow.process.streams import end_in_order

class Dying:
    def __del__(self):
        signal.raise_signal({number})

for name in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
end_in_order()
thing = Dying()
try:
    del thing  # Python drops what a finaliser raises
    time.sleep(20)
finally:
    print("put in order")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_end_asked_for_in_a_finaliser_is_not_lost(name: str) -> None:
    number = int(getattr(signal, name))
    begin = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(number=number)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert time.monotonic() - begin < 15
    assert ended.stdout == "put in order\n"
    assert "Exception ignored" not in ended.stderr
    assert ended.returncode == (-number if name == "SIGINT" else 128 + number)


def test_other_faults_of_finalisers_are_still_shown() -> None:
    program = PROGRAM.replace("signal.raise_signal({number})", "raise ValueError('odd')")
    ended = subprocess.run(
        [sys.executable, "-c", program.replace("time.sleep(20)", "pass")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ValueError: odd" in ended.stderr
    assert ended.returncode == 0
