"""Scenes: a study is run over earlier results while something outside fails; what is left."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from circle15.workflow.folders.replacing import HISTORY
from circle15.workflow.folders.result_names import LOG
from circle15.workflow.reruns.history import LINKED, earlier_runs, is_unaltered
from tests.faults.stage import Ended, command, mount, own_mounts
from tests.streets import write_study

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
BOX = shapely.box(-200, -200, 800, 200)
OURS = "notes.txt"
"""A file of the user's among the results."""


@dataclass(frozen=True)
class Seen:
    """What a scene has come to: how the command ended, and what the folder holds."""

    what: str
    ended: Ended
    left: str
    """`old`, `new`, `none`, or what is wrong."""


@dataclass(frozen=True)
class House:
    """Two studies, the whole results of the first, and those of the second that replaced them."""

    folder: Path

    @property
    def old(self) -> Path:
        return self.folder / "old.toml"

    @property
    def new(self) -> Path:
        return self.folder / "new.toml"

    @property
    def whole_old(self) -> Path:
        return self.folder / "whole old"

    @property
    def whole_new(self) -> Path:
        return self.folder / "whole new"

    @property
    def first_new(self) -> Path:
        """The results of the second study in an empty folder, where no run was before."""
        return self.folder / "first new"

    @property
    def home(self) -> Path:
        return self.folder / "home"


def build(folder: Path) -> House:
    """Write the studies, run both once, and the second over the results of the first."""
    house = House(folder)
    study = write_study(
        folder,
        NODES,
        ["ABC"],
        {"h1": (10, 5, 100)},
        {"f1": (300.0, 10.0)},
        boundary=BOX,
        streets={"S1": BOX},
    )
    text = study.read_text("utf-8")
    house.old.write_text(text.replace('name = "small"', 'name = "small"\ntitle = "Old"'), "utf-8")
    house.new.write_text(text.replace('name = "small"', 'name = "small"\ntitle = "New"'), "utf-8")
    house.home.mkdir()
    for path, out in (
        (house.old, house.whole_old),
        (house.new, house.first_new),
        (house.new, house.whole_new),
    ):
        if out == house.whole_new:
            shutil.copytree(house.whole_old, out)
        ended = command("run", path, "--out", out, prepare=lambda: at_home(house))
        assert ended.code == 0, ended
    (house.whole_old / OURS).write_text("mine", "utf-8")
    return house


def at_home(house: House, cache: Path | None = None) -> None:
    """Live in the house: its own HOME, its own folder for temporary files, perhaps a cache."""
    os.environ["CIRCLE15_CACHE"] = "off" if cache is None else str(cache)
    os.environ["HOME"] = str(house.home)
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR"):
        os.environ.pop(name, None)
    os.chdir(house.home)


def put_old(house: House, out: Path) -> None:
    """Put the earlier results in place, with nothing else."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(house.whole_old, out)


def hashes(folder: Path) -> dict[str, str]:
    """Every entry of a folder with the hash of its content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found


def left_in(house: House, out: Path, *, earlier: bool = True) -> str:
    """Say which results a folder holds, whole and alone; with `earlier` ones in the history."""
    if not out.exists():
        return "none"
    found = hashes(out)
    old, new = hashes(house.whole_old), hashes(house.whole_new if earlier else house.first_new)
    new = {name: value for name, value in new.items() if name.split("/")[0] != HISTORY}
    kept = {name: found.pop(name) for name in list(found) if name.split("/")[0] == HISTORY}
    own = found.pop(OURS, None)
    wrong = own not in {None, old.pop(OURS)}
    if not found:
        return "none"
    if found == old and not wrong:
        return f"old, and a history: {sorted(kept)}" if kept else "old"
    record = out / "run.json"
    if record.is_file() and not wrong:
        with suppress(ValueError):
            told = json.loads(record.read_text("utf-8"))
            rest = {name: value for name, value in found.items() if name not in {"run.json", LOG}}
            for name in ("run.json", LOG):
                new.pop(name)
            if rest == told["files"] == new and found[LOG] == told["log_sha256"]:
                is_right = _is_history(out, kept, old) if earlier else not kept
                return "new" if is_right else f"a wrong history: {kept}"
    names = {
        name: "old" if value == old.get(name) else "new" if value == new.get(name) else "other"
        for name, value in found.items()
    }
    return f"mixed: {names}, missing: {sorted(set(new) - set(found))}"


def _is_history(out: Path, kept: dict[str, str], old: dict[str, str]) -> bool:
    """Whether the history is that of the one run whose results were replaced, and nothing else."""
    folders = [name for name, value in kept.items() if value == "folder"]
    runs = earlier_runs(out)
    if len(runs) != 1 or len(folders) != 2 or not is_unaltered(runs[0].folder):
        return False
    files = {Path(name).name: value for name, value in kept.items() if value != "folder"}
    record = json.loads((runs[0].folder / "run.json").read_text("utf-8"))
    linked = all(files[name] == old[name] for name in LINKED)
    return linked and set(files) == {*record["files"], "run.json"}


_EVENTS = frozenset(
    {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}
)


def at_event(
    number: int | None, folder: Path, do: Callable[[], object], *, second: bool = False
) -> Callable[[], None]:
    """Make a hook that does something at the n-th or any time that a process touches a folder."""

    def prepare() -> None:
        main, count, place = os.getpid(), [0], str(folder)

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if event not in _EVENTS or (os.getpid() == main) is second:
                return
            if not any(str(one).startswith(place) for one in args):
                return
            count[0] += 1
            if number is None or count[0] == number:
                do()

        sys.addaudithook(hook)

    return prepare


def signal_self(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def signal_parent(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getppid(), number)


def events_of_a_run(house: House, second: bool) -> int:
    """Count how often a run touches its results, in its first or its second process."""
    out = house.folder / "counted"
    put_old(house, out)
    report = house.folder / f"count {second}"

    def note() -> None:
        with report.open("ab") as file:
            file.write(b".")

    def prepare() -> None:
        at_home(house)
        at_event(None, out, note, second=second)()

    assert command("run", house.new, "--out", out, prepare=prepare).code == 0
    return report.stat().st_size if report.exists() else 0


def killed(
    house: House,
    moments: Sequence[tuple[str, float]],
    number: int = signal.SIGKILL,
    after: Sequence[str] = ("check",),
    *,
    cache: Path | None = None,
) -> list[Seen]:
    """
    Send a signal at each moment of a run, call the next command, and look.

    With a cache every second run begins with none, the others with what was left of it.

    Parameters
    ----------
    moments
        `first` or `second` with the number of an event in that process; `parent` with one in the
        second process at which the first gets the signal; `time` with seconds; `cache` with an
        event in the cache.
    """
    seen = []
    for k, (kind, at) in enumerate(moments):
        out = house.folder / f"a[{k}]*"
        put_old(house, out)

        if cache is not None and k % 2 == 0:
            shutil.rmtree(cache, ignore_errors=True)

        def prepare(kind: str = kind, at: float = at, out: Path = out) -> None:
            at_home(house, cache)
            do = signal_parent(number) if kind == "parent" else signal_self(number)
            if kind == "cache" and cache is not None:
                at_event(int(at), cache, do)()
            elif kind != "time":
                at_event(int(at), out, do, second=kind != "first")()

        def watch(pid: int, kind: str = kind, at: float = at) -> None:
            if kind == "time":
                time.sleep(at)
                os.kill(pid, number)

        ended = command("run", house.new, "--out", out, prepare=prepare, watch=watch)
        words = after[k % len(after)].split()
        following = [house.new] if words[0] == "check" else []
        then = command(*words, *following, prepare=lambda: at_home(house, cache))
        left = left_in(house, out)
        if then.code != 0:
            left = f"{words} ended with {then.code}: {then.err}"
        seen.append(Seen(f"{signal.Signals(number).name} {kind} {at}", ended, left))
        shutil.rmtree(out, ignore_errors=True)
    return seen


def killed_with_cache(house: House, moments: Sequence[tuple[str, float]]) -> list[Seen]:
    """Kill runs that write or read a cache; then a whole run takes what is left of it."""
    cache = house.folder / "cache"
    seen = killed(house, moments, signal.SIGKILL, ("check",), cache=cache)
    out = house.folder / "after the kills"
    for turn in ("first", "second"):
        put_old(house, out)
        ended = command("run", house.new, "--out", out, prepare=lambda: at_home(house, cache))
        read = json.loads((out / "run.json").read_text("utf-8"))["cache"]
        left = left_in(house, out)
        if turn == "second" and set(read.values()) != {"read"}:
            left = f"the cache of a whole run is not read: {read}"
        seen.append(Seen(f"{turn} run after the kills", ended, left))
        shutil.rmtree(out)
    return seen


def on_a_full_disk(house: House, sizes: Sequence[int], earlier: bool) -> list[Seen]:
    """Run into a mounted file system with each number of bytes beside the earlier results."""
    own_mounts()
    seen = []
    old = [*house.whole_old.iterdir()] if earlier else []
    page = os.sysconf("SC_PAGE_SIZE")  # files of a tmpfs take whole pages
    taken = sum(-(-file.stat().st_size // page) * page for file in old)
    for size in sizes:
        out = house.folder / f"disk {size} {earlier}"
        out.mkdir()
        mount("-t", "tmpfs", "-o", f"size={taken + size}", "tmpfs", out)
        for file in old:
            shutil.copy2(file, out)
        ended = command("run", house.new, "--out", out, prepare=lambda: at_home(house))
        left = left_in(house, out, earlier=earlier)
        seen.append(Seen(f"disk with {size} bytes", ended, left))
        subprocess.run(["umount", out], check=True)
    return seen
