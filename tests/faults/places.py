"""Scenes of the place of results and the limits of the system: mounts, modes, limits, streams."""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import circle15
from circle15.workflow import area_and_people
from tests.faults.scenes import NODES, House, Seen, at_event, at_home, hashes, left_in, put_old
from tests.faults.stage import Ended, command, mount, own_mounts
from tests.streets import OsmWay, write_osm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DAC_OVERRIDE, _DAC_READ_SEARCH, _FOWNER = 1, 2, 3


def ran(
    house: House,
    what: str,
    out: Path,
    *,
    prepare: Callable[[], None] | None = None,
    look: Path | None = None,
    **options: Any,
) -> Seen:
    """Run the second study into a folder, and look at it or at another name of it."""

    def at_home_first() -> None:
        at_home(house)
        if prepare is not None:
            prepare()

    ended = command("run", house.new, "--out", out, prepare=at_home_first, **options)
    return Seen(what, ended, left_in(house, look or out))


def without_rights() -> None:
    """Let modes hold for root as for anybody else."""

    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    class Data(ctypes.Structure):
        _fields_ = (
            ("effective", ctypes.c_uint32),
            ("permitted", ctypes.c_uint32),
            ("inheritable", ctypes.c_uint32),
        )

    libc = ctypes.CDLL(None, use_errno=True)
    header, data = Header(0x20080522, 0), (Data * 2)()
    assert libc.capget(ctypes.byref(header), data) == 0
    data[0].effective &= ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH | 1 << _FOWNER)
    assert libc.capset(ctypes.byref(header), data) == 0


def mounted_places(house: House) -> list[Seen]:
    """Run into places that are mounts, or have mounts in them."""
    own_mounts()
    seen = []
    out = house.folder / "with a mount inside"
    put_old(house, out)
    (out / "inner").mkdir()
    mount("-t", "tmpfs", "tmpfs", out / "inner")
    (out / "inner" / "theirs.txt").write_text("theirs", "utf-8")
    one = ran(house, "a file system inside the results", out)
    kept = (out / "inner" / "theirs.txt").read_text("utf-8") == "theirs"
    subprocess.run(["umount", out / "inner"], check=True)
    (out / "inner").rmdir()
    seen.append(Seen(one.what, one.ended, left_in(house, out) if kept else "it was emptied"))

    out = house.folder / "read-only"
    put_old(house, out)
    mount("--bind", out, out)
    mount("-o", "remount,ro,bind", out)
    seen.append(ran(house, "a read-only mount", out))

    out = house.folder / "one file mounted"
    put_old(house, out)
    mount("--bind", out / "report.docx", out / "report.docx")
    seen.append(ran(house, "one result is a mount", out))

    parent = house.folder / "read-only parent"
    out = parent / "results"
    put_old(house, out)
    mount("--bind", parent, parent)
    mount("--bind", out, out)
    mount("-o", "remount,ro,bind", parent)
    seen.append(ran(house, "a mount whose parent is read-only", out))
    return seen


def places_by_mode(house: House) -> list[Seen]:
    """Run into folders with all kinds of modes, as somebody for whom they hold."""
    seen = []
    for mode, parent_mode in (
        (0o755, 0o555),
        (0o700, 0o711),
        (0o2775, 0o755),
        (0o1777, 0o755),
        (0o300, 0o755),
        (0o555, 0o755),
        (0o500, 0o555),
        (0o000, 0o755),
    ):
        parent = house.folder / f"modes {mode:o} {parent_mode:o}"
        out = parent / "results"
        put_old(house, out)
        out.chmod(mode)
        parent.chmod(parent_mode)
        one = ran(house, f"mode {mode:o} below {parent_mode:o}", out, prepare=without_rights)
        after = out.stat().st_mode & 0o7777
        left = one.left if after == mode else f"the mode is {after:o}"
        seen.append(Seen(one.what, one.ended, left))
    link = house.folder / "link"
    out = house.folder / "aim [1]"
    put_old(house, out)
    link.symlink_to(out)
    one = ran(house, "a link", link, look=out)
    seen.append(Seen(one.what, one.ended, one.left if link.is_symlink() else "the link is gone"))
    return seen


def others_at_work(house: House) -> list[Seen]:
    """A second run into one folder, while the first is at its end."""
    out = house.folder / "locked"
    put_old(house, out)
    seen: list[Seen] = []

    def wait() -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    def prepare() -> None:
        at_home(house)
        at_event(30, out, wait)()

    def watch(pid: int) -> None:
        os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
        second = command("run", house.new, "--out", out, prepare=lambda: at_home(house))
        inside = {name for name in hashes(out) if not name.startswith(".circle15")}
        old = set(hashes(house.whole_old)) == inside
        seen.append(Seen("a second run into one folder", second, "old" if old else str(inside)))
        third = command("check", house.new, prepare=lambda: at_home(house))
        seen.append(Seen("a check meanwhile", third, "old" if old else "touched"))
        os.kill(pid, signal.SIGCONT)

    first = command("run", house.new, "--out", out, prepare=prepare, watch=watch)
    return [*seen, Seen("the first run", first, left_in(house, out))]


def under_limits(house: House, memory: Sequence[int], files: Sequence[int]) -> list[Seen]:
    """Run with little memory beyond what the program takes, few open files, short files."""
    seen = []
    limits = [
        *((resource.RLIMIT_AS, f"{mb} MB more", mb) for mb in memory),
        *((resource.RLIMIT_NOFILE, f"{n} files", n) for n in files),
        *((resource.RLIMIT_FSIZE, f"files of {kb} kB", kb * 1000) for kb in (1, 60, 300) if files),
    ]
    for kind, what, value in limits:
        out = house.folder / f"limit {what}"
        put_old(house, out)

        def prepare(kind: int = kind, value: int = value) -> None:
            most = value
            if kind == resource.RLIMIT_AS:
                pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
                most = pages * resource.getpagesize() + value * 1_000_000
            resource.setrlimit(kind, (most, most))

        seen.append(ran(house, what, out, prepare=prepare))
        shutil.rmtree(out)
    return seen


def odd_streams(house: House) -> list[Seen]:
    """Run with output and messages closed, full, or read by nobody."""
    seen = []
    full = os.open("/dev/full", os.O_WRONLY)
    reading, unread = os.pipe()
    os.close(reading)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    kinds = {"closed": None, "full": full, "unread": unread}
    for first, out_stream in kinds.items():
        for second, err_stream in kinds.items():
            out = house.folder / f"streams {first} {second}"
            put_old(house, out)
            streams = {1: out_stream, 2: err_stream}
            seen.append(ran(house, f"output {first}, messages {second}", out, streams=streams))
            shutil.rmtree(out)
    return seen


def odd_homes(house: House) -> list[Seen]:
    """Run without HOME, with one that is not there, is a file, or may not be written."""
    seen = []
    shut = house.folder / "shut"
    shut.mkdir(mode=0o555)
    for what, home in (
        ("no HOME", None),
        ("HOME is not there", "/no/such/folder"),
        ("HOME is a file", str(house.old)),
        ("HOME may not be written", str(shut)),
    ):
        out = house.folder / what
        put_old(house, out)

        def prepare(home: str | None = home) -> None:
            without_rights()
            os.environ.pop("HOME", None)
            if home is not None:
                os.environ["HOME"] = home

        seen.append(ran(house, what, out, prepare=prepare))
    return seen


def nowhere_for_compiled_code(house: House) -> list[Seen]:
    """
    Run where compiled code can be kept nowhere: no HOME, package and home folder read-only.

    A process of its own, as the places are looked for when the package is imported.
    """
    own_mounts()
    out = house.folder / "nowhere for compiled code"
    put_old(house, out)
    at_home(house)
    for folder in (Path(circle15.__file__).parents[1], Path(pwd.getpwuid(os.getuid()).pw_dir)):
        mount("--bind", folder, folder)
        mount("-o", "remount,ro,bind", folder)
    own = {"NUMBA_CACHE_DIR": "/proc/no-such-folder", "PYTHONDONTWRITEBYTECODE": "1"}
    env = {name: value for name, value in os.environ.items() if name != "HOME"} | own
    seen = []
    for words in (["doctor"], ["run", str(house.new), "--out", str(out)]):
        begin = [sys.executable, "-P", "-m", "circle15"]
        done = subprocess.run(
            [*begin, *words], env=env, capture_output=True, text=True, check=False
        )
        ended = Ended(done.returncode, done.stdout, done.stderr)
        seen.append(Seen(words[0], ended, left_in(house, out)))
    return seen


def full_temporary_folders(house: House) -> list[Seen]:
    """Run with a full folder for temporary files, and with every such folder full."""
    own_mounts()
    text = house.new.read_text("utf-8")
    notes = {f"note:{k}": "x" * 200 for k in range(100)}  # 20 kB when it is sorted
    write_osm(house.folder / "n.osm", NODES, OsmWay("ABC", {"highway": "footway", **notes}))
    of_osm = house.folder / "osm.toml"
    of_osm.write_text(text.replace("streets.geojson", "n.osm"), "utf-8")
    small = house.folder / "small"
    small.mkdir()
    mount("-t", "tmpfs", "-o", "size=8k", "tmpfs", small)
    seen = [_with_tmpdir(house, "room for a page or two", of_osm, small)]
    kept = Path("/mnt")  # the house stands among the temporary files
    mount("--bind", house.folder, kept)
    for folder in {Path(tempfile.gettempdir()), *map(Path, ("/tmp", "/var/tmp", "/usr/tmp"))}:
        if folder.is_dir():
            mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", folder)
            (folder / "fill").write_bytes(bytes(4096))
    house.folder.mkdir(parents=True, exist_ok=True)
    mount("--bind", kept, house.folder)
    seen.append(_with_tmpdir(house, "no room at all", of_osm, Path("/tmp")))
    seen.append(_with_tmpdir(house, "no room, and none needed", house.new, Path("/tmp")))
    return seen


def _with_tmpdir(house: House, what: str, study: Path, folder: Path) -> Seen:
    out = house.folder / what
    put_old(house, out)

    def prepare() -> None:
        at_home(house)
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None  # look for it again
        os.chdir("/proc")  # the last place where Python would put temporary files

    return Seen(what, command("run", study, "--out", out, prepare=prepare), left_in(house, out))


def old_clock(house: House) -> list[Seen]:
    """Run at a time before zip files could tell it, with inputs of that time."""
    out = house.folder / "old clock"
    put_old(house, out)
    os.utime(house.folder / "homes.csv", (1000.0, 1000.0))

    def prepare() -> None:
        real = time.localtime
        time.time = lambda: 1000.0
        time.localtime = lambda at=None: real(1000.0 if at is None else at)

    return [ran(house, "a clock of 1970", out, prepare=prepare)]


def inputs_at_fault(house: House) -> list[Seen]:
    """Change, take away and cut the inputs while they are read."""
    seen = []
    homes = house.folder / "homes.csv"
    content = homes.read_bytes()
    for what, change in (
        ("an input is taken away", homes.unlink),
        ("an input is cut", lambda: homes.write_bytes(content[:10])),
        ("an input grows", lambda: homes.write_bytes(content * 2)),
    ):
        out = house.folder / what
        put_old(house, out)
        seen.append(ran(house, what, out, prepare=when_the_area_is_read(change)))
        homes.write_bytes(content)
    return seen


def when_the_area_is_read(do: Callable[[], object]) -> Callable[[], None]:
    """Make a hook that does something when the reading has come to the area of the study."""

    def prepare() -> None:
        real = vars(area_and_people)["read_area"]

        def read_area(*args: Any, **kwargs: Any) -> Any:
            do()
            return real(*args, **kwargs)

        vars(area_and_people)["read_area"] = read_area

    return prepare
