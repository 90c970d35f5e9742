"""A process that is killed while it writes leaves complete results after any next command."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import warnings
from pathlib import Path

import pytest
from tests.builders.replaced_folder import replaced

from circle15.errors import InputDataError, OutsideError
from circle15.workflow.folders.held import held, repair
from circle15.workflow.folders.lock import LOCK, lock_folder
from circle15.workflow.folders.replacing import StuckError, replace_files, settle

NAMES = ("online.html", "map.html", "gone.html", "run.json")
OLD = {"map.html": "old", "gone.html": "old", "run.json": "old", "notes.txt": "mine"}
NEW = {"online.html": "new", "map.html": "new", "run.json": "new", "notes.txt": "mine"}
KILLED = 9

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")


def content(folder):
    return {p.name: p.read_text("utf-8") for p in sorted(folder.iterdir())}


def fill(folder, files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def write_new(folder, names=NAMES):
    with replaced(folder, names) as work:
        fill(work, {name: text for name, text in NEW.items() if text == "new"})


def in_process(work):
    """Do work in a process of its own; return the exit code."""
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork beside threads, which processes that share the tests have.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the parent looks at the code
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def dying_at(number):
    """Let this process end, without a word, just before its n-th change of the disk."""
    left = [number]

    def counted(function):
        def call(*args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                os._exit(KILLED)
            return function(*args, **kwargs)

        return call

    for name in ("rename", "replace", "unlink", "rmdir", "mkdir", "chmod", "write_text"):
        setattr(Path, name, counted(getattr(Path, name)))
    for name in ("link", "fsync", "write", "ftruncate", "chown"):
        setattr(os, name, counted(getattr(os, name)))


@forks
@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
@pytest.mark.parametrize("again", ["repair", "write"])
def test_a_kill_before_every_change_of_the_disk(links, again, tmp_path, monkeypatch):
    """Whole old or whole new after a repair; the next run finds its way from everywhere, too."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    outcomes = []
    for moment in range(200):
        folder = fill(tmp_path / f"a[{moment}]*", OLD)

        def killed(folder=folder, moment=moment):
            if not links:
                os.link = refused
            dying_at(moment)
            write_new(folder)

        code = in_process(killed)
        if again == "write":
            write_new(folder)
        else:
            repair(folder)
        outcomes.append(content(folder))
        if code == 0:
            break
        assert code == KILLED
    assert all(one in (OLD, NEW) for one in outcomes), outcomes
    assert len(outcomes) > 20
    if again == "repair":
        assert OLD in outcomes
    assert outcomes[-1] == NEW
    state = tmp_path / "state" / "circle15" / "writing"
    assert again == "repair" or list(state.iterdir()) == []


@forks
def test_a_kill_while_earlier_results_get_into_the_history(tmp_path, monkeypatch):
    """The history has them exactly if the new ones are in place."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    outcomes = []
    for moment in range(200):
        folder = fill(tmp_path / f"a{moment}", OLD)

        def killed(folder=folder, moment=moment):
            dying_at(moment)
            with replaced(folder, NAMES) as work:
                fill(work, {name: text for name, text in NEW.items() if text == "new"})
                (work / "history" / "one").mkdir(parents=True)
                fill(work / "history" / "one", {"map.html": "old"})

        code = in_process(killed)
        repair(folder)
        kept = folder / "history" / "one"
        history = content(kept) if kept.is_dir() else None
        if history is not None:
            (kept / "map.html").unlink()
            kept.rmdir()
            kept.parent.rmdir()
        outcomes.append((content(folder), history))
        if code == 0:
            break
        assert code == KILLED
    assert all(one in ((OLD, None), (NEW, {"map.html": "old"})) for one in outcomes), outcomes
    assert len(outcomes) > 20
    assert (OLD, None) in outcomes
    assert outcomes[-1] == (NEW, {"map.html": "old"})


def refused(*_args, **_kwargs):
    raise OSError(1, "Operation not permitted")


@forks
def test_a_kill_while_a_kill_is_repaired(tmp_path):
    """The journal is read by a second command that dies, too."""
    for first in range(12, 40, 3):
        for second in range(1, 12, 2):
            folder = fill(tmp_path / f"{first}-{second}", OLD)

            def killed(folder=folder, moment=first):
                dying_at(moment)
                write_new(folder)

            def repairing(folder=folder, moment=second):
                dying_at(moment)
                repair(folder)

            in_process(killed)
            in_process(repairing)
            repair(folder)
            assert content(folder) in (OLD, NEW), (first, second)


def test_files_of_others_are_left_alone(tmp_path, monkeypatch):
    """A socket, a FIFO, a folder that nobody may read, a link: not copied and not moved."""
    folder = fill(tmp_path / "results", OLD)
    monkeypatch.chdir(folder)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        os.mkfifo("fifo")
        (folder / "shut").mkdir(mode=0o000)
        (folder / "unread").write_text("mine", "utf-8")
        (folder / "unread").chmod(0)
        (folder / "nowhere").symlink_to("no/such/file")
        monkeypatch.chdir(tmp_path)
        before = {p.name: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in folder.iterdir()}
        write_new(folder)
        after = {p.name: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in folder.iterdir()}
    theirs = {"socket", "fifo", "shut", "unread", "nowhere", "notes.txt"}
    assert {name: after[name] for name in theirs} == {name: before[name] for name in theirs}
    assert set(after) == theirs | {"online.html", "map.html", "run.json"}


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_not_replaced(kind, tmp_path):
    folder = fill(tmp_path / "results", {"notes.txt": "mine"})
    place = folder / "map.html"
    place.mkdir() if kind == "folder" else os.mkfifo(place)
    with pytest.raises(OutsideError, match=r"map\.html"), held(folder, NAMES):
        pytest.fail("never entered")
    assert sorted(p.name for p in folder.iterdir()) == ["map.html", "notes.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_modes_group_and_umask_are_kept(tmp_path):
    """The folder is as it was, setgid too; an earlier file keeps its mode, new ones by umask."""
    folder = fill(tmp_path / "results", OLD)
    folder.chmod(0o2770)
    (folder / "map.html").chmod(0o664)
    (folder / "run.json").chmod(0o400)
    root = os.geteuid() == 0
    if root:
        os.chown(folder, -1, 1234)
        os.chown(folder / "map.html", 1234, 1234)
    earlier = os.umask(0o027)
    try:
        write_new(folder)
        write_new(tmp_path / "fresh" / "results")
    finally:
        os.umask(earlier)

    def mode(path):
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(folder) == 0o2770
    assert [mode(folder / n) for n in ("map.html", "run.json", "online.html")] == [
        0o664,
        0o400,
        0o640,
    ]
    assert mode(tmp_path / "fresh") == mode(tmp_path / "fresh" / "results") == 0o750
    if root:
        assert (folder / "map.html").stat().st_uid == 1234
        assert (folder / "online.html").stat().st_gid == 1234


def test_a_second_run_is_refused_in_one_line(tmp_path):
    folder = fill(tmp_path / "results", OLD)
    with held(folder, NAMES):
        with pytest.raises(OutsideError, match=rf"process {os.getpid()} on .*--out\.$") as caught:
            write_new(folder)
        repair(folder)  # another command leaves it alone
        assert (folder / LOCK).exists()
        other = fill(tmp_path / "results 2", OLD)
        write_new(other)
        assert content(other) == NEW
    assert "\n" not in str(caught.value)
    assert content(folder) == OLD
    write_new(folder)
    assert content(folder) == NEW


@forks
def test_a_lock_ends_with_its_process(tmp_path):
    folder = fill(tmp_path / "results", OLD)

    def killed():
        with held(folder, NAMES):
            os._exit(KILLED)

    assert in_process(killed) == KILLED
    assert (folder / LOCK).exists()
    write_new(folder)
    assert content(folder) == NEW


@pytest.mark.parametrize("make", ["text", "folder", "link"])
def test_what_is_no_lock_of_ours_is_left_alone(make, tmp_path):
    folder = fill(tmp_path / "results", OLD)
    lock = folder / LOCK
    if make == "text":
        lock.write_text("my own notes", "utf-8")
    elif make == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(folder / "notes.txt")
    with pytest.raises(InputDataError, match="is not one"):
        write_new(folder)
    repair(folder)
    assert os.path.lexists(lock)
    assert (folder / "notes.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize("work", ["..", "../other", "notes", ".circle15-0", "", None, 5])
def test_a_lock_names_no_folder_but_ours(work, tmp_path):
    folder = fill(tmp_path / "results", OLD)
    other = fill(tmp_path / "other", {"run.json": "kept"})
    fill(folder / "notes", {"run.json": "kept"})
    (folder / LOCK).write_text(json.dumps({"circle15": "0", "work": work}), "utf-8")
    repair(folder)
    assert content(other) == content(folder / "notes") == {"run.json": "kept"}
    assert not (folder / LOCK).exists()


def test_a_work_folder_that_cannot_go_is_named_and_blocks_nothing(tmp_path, caplog):
    """Somebody has put a folder of their own into what a killed run has left."""
    folder = fill(tmp_path / "results", OLD)
    work = fill(folder / ".circle15-0123456789abcdef", {"map.html": "half"})
    fill(work / "mine", {"notes.txt": "mine"})
    record = {"circle15": "0", "work": work.name}
    (folder / LOCK).write_text(json.dumps(record), "utf-8")
    write_new(folder)
    assert work.name in caplog.text
    assert (work / "mine" / "notes.txt").read_text("utf-8") == "mine"
    assert (folder / "map.html").read_text("utf-8") == "new"
    (work / "mine" / "notes.txt").unlink()
    (work / "mine").rmdir()
    repair(folder)
    assert content(folder) == NEW


def test_files_that_can_go_neither_forward_nor_back_wait_for_the_next_try(tmp_path, monkeypatch):
    folder, work = fill(tmp_path / "results", OLD), fill(tmp_path / "results" / "w", {})
    fill(work, {name: text for name, text in NEW.items() if text == "new"})
    real = Path.replace

    def refuse(self, other):
        back = self.name.startswith("earlier.")
        if Path(other) == folder / "run.json" or (back and other.parent == folder):
            raise PermissionError(13, "in use", str(other))
        return real(self, other)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(StuckError):
            replace_files(folder, work, NAMES)
    settle(folder, work)
    assert content(folder) == NEW


def test_a_folder_without_locks_goes_by_the_process(tmp_path, monkeypatch):
    """Some network shares know no locks: a living process of this machine holds, a dead one not."""
    monkeypatch.setattr("circle15.workflow.folders.lock._locked", lambda _handle: None)
    folder = fill(tmp_path / "results", OLD)
    lock = lock_folder(folder)
    assert lock is not None
    lock.note(None, ())
    record = json.loads((folder / LOCK).read_text("utf-8"))
    (folder / LOCK).write_text(json.dumps(record | {"pid": os.getppid()}), "utf-8")
    with pytest.raises(OutsideError, match="another run"):
        lock_folder(folder, patience_s=0)
    (folder / LOCK).write_text(json.dumps(record | {"host": "elsewhere"}), "utf-8")
    write_new(folder)
    assert content(folder) == NEW
