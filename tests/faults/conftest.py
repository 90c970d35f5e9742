"""The table of trials and their outcomes, printed at the end."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.mutations.trial import Outcome
from tests.faults.scenes import House, Seen, build
from tests.faults.stage import MOST_BYTES, may_mount, played

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS = (
    "tried",
    "old whole",
    "new whole",
    "nothing",
    "tracebacks",
    "crashes",
    "over memory",
    "hangs",
    "other",
)
_TABLE: dict[str, Counter[str]] = {}
INPUT_COLUMNS = (
    "tried",
    "exit 0",
    "exit 2",
    "exit 3",
    "tracebacks",
    "crashes",
    "over memory",
    "hangs",
    "people lost",
    "not run",
    "other",
)
_INPUTS: dict[str, Counter[str]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if not hasattr(os, "memfd_create"):
                item.add_marker(pytest.mark.skip(reason="faults are played on Linux"))


def judged(group: str, seen: Sequence[Seen]) -> None:
    """Count what was seen, and accept nothing but whole results and a clean end."""
    count = _TABLE.setdefault(group, Counter())
    faults = []
    for one in seen:
        kinds = {
            "old whole": one.left == "old",
            "new whole": one.left == "new",
            "nothing": one.left == "none",
            "other": one.left not in {"old", "new", "none"},
            "tracebacks": one.ended.traceback,
            "crashes": one.ended.crashed,
            "over memory": one.ended.bytes > MOST_BYTES,
            "hangs": one.ended.hung,
        }
        count.update(["tried", *(kind for kind, is_so in kinds.items() if is_so)])
        wrong = [k for k in ("other", "tracebacks", "crashes", "over memory", "hangs") if kinds[k]]
        if wrong:
            faults.append(f"{one.what}: {', '.join(wrong)}; {one.left}; {one.ended}")
    assert faults == []


def judged_inputs(outcomes: Sequence[Outcome]) -> None:
    """Count what came of mutated inputs, and accept nothing but results and messages."""
    for one in outcomes:
        code = one.fault or f"exit {one.code}"
        _INPUTS.setdefault(one.reader, Counter()).update(["tried", code])
    faults = [str(one) for one in outcomes if one.fault]
    again = "python -P -m tests.faults.mutations READER SEED"
    assert not faults, f"{len(faults)} faults; again with {again}:\n" + "\n".join(faults[:40])


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """Two studies and their results; in a folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="circle15-faults-"))
    folder.chmod(0o755)
    try:
        yield played(build, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mounts() -> None:
    """Skip where a process may not have mounts of its own."""
    if sys.platform != "linux" or not may_mount():
        pytest.skip("no right to mount (needs root and mount namespaces): full disks not tried")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what a worker of pytest-xdist counted to the process that prints the tables."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["faults"] = [{k: dict(n) for k, n in one.items()} for one in (_TABLE, _INPUTS)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker counted."""
    parts = getattr(node, "workeroutput", {}).get("faults", ())
    for mine, theirs in zip((_TABLE, _INPUTS), parts, strict=False):
        for name, counts in theirs.items():
            mine.setdefault(name, Counter()).update(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for title, counts, columns in (
        ("faults: what was tried and what was left", _TABLE, COLUMNS),
        ("mutated inputs: what was tried and how it ended", _INPUTS, INPUT_COLUMNS),
    ):
        if counts:
            terminalreporter.section(title)
            for line in table(counts, columns):
                terminalreporter.write_line(line)


def table(counts: dict[str, Counter[str]], columns: Sequence[str]) -> list[str]:
    """Lines of a table, the sum last."""
    total: Counter[str] = sum(counts.values(), Counter())
    rows = [*counts.items(), ("all", total)]
    wide = max(len(name) for name, _ in rows)
    head = " ".join([" " * wide, *(f"{name:>11}" for name in columns)])
    return [
        head,
        *(" ".join([f"{name:<{wide}}", *(f"{n[c]:>11}" for c in columns)]) for name, n in rows),
    ]
