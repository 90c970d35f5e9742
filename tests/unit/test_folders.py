"""Results are replaced completely or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.builders.replaced_folder import replaced

from circle15.errors import InputDataError, OutsideError
from circle15.workflow.folders.held import repair

FILES = ("summary.json", "map.html")


def content(folder):
    return {p.name: p.read_text("utf-8") for p in sorted(folder.iterdir())}


@pytest.fixture
def target(tmp_path):
    """A folder with an earlier result, an earlier file of ours, and one of the user's."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name, text in {"summary.json": "old", "map.html": "old", "notes.txt": "mine"}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def put(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.json").write_text(text, "utf-8")


def test_a_new_folder(tmp_path):
    with replaced(tmp_path / "a" / "b", FILES) as new:
        put(new, summary="new")
        assert not (tmp_path / "a" / "b" / "summary.json").exists()
    assert content(tmp_path / "a" / "b") == {"summary.json": "new"}
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b"]


def test_old_results_go_and_other_files_stay(target, tmp_path):
    (target / "sub").mkdir()
    (target / "sub" / "x").write_text("mine too", "utf-8")
    with replaced(target, FILES) as new:
        put(new, summary="new")
    assert (target / "sub" / "x").read_text("utf-8") == "mine too"
    (target / "sub" / "x").unlink()
    (target / "sub").rmdir()
    assert content(target) == {"notes.txt": "mine", "summary.json": "new"}
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


def test_another_command_leaves_the_results_of_a_run(target):
    with replaced(target, ("zones.json",)) as new:
        put(new, zones="new")
    assert content(target) == {
        "map.html": "old",
        "notes.txt": "mine",
        "summary.json": "old",
        "zones.json": "new",
    }


class StoppedError(Exception):
    """A stage that fails while results are written."""


@pytest.mark.parametrize(
    ("error", "raised"),
    [(StoppedError(), StoppedError), (OSError(28, "No space left"), OutsideError)],
)
def test_a_failure_leaves_everything_as_it_was(target, tmp_path, error, raised):
    before = content(target)

    def write_half():
        with replaced(target, FILES) as new:
            put(new, summary="half")
            raise error

    with pytest.raises(raised):
        write_half()
    assert content(target) == before
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_open_elsewhere_brings_the_old_results_back(
    name, target, tmp_path, monkeypatch
):
    """Windows replaces no open file: what was replaced before it comes back."""
    before = content(target)
    real = Path.replace

    def refuse(self, other):
        if Path(other) == target / name and not self.name.startswith("earlier."):
            raise PermissionError(13, "used by another process", str(other))
        return real(self, other)

    monkeypatch.setattr(Path, "replace", refuse)

    def write_both():
        with replaced(target, FILES) as new:
            put(new, summary="new")
            (new / "map.html").write_text("new", "utf-8")

    with pytest.raises(OutsideError, match="Close programs that have its files open") as caught:
        write_both()
    assert "earlier results are unchanged" in str(caught.value)
    assert name in str(caught.value)
    assert content(target) == before
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


def test_of_no_earlier_results_nothing_is_said(tmp_path):
    def write_half():
        with replaced(tmp_path / "results", FILES):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutsideError, match="No space left on device") as caught:
        write_half()
    assert "untouched" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_folders_of_others_are_not_taken_for_ours(target, tmp_path):
    """Whatever they are called: beside the results and within them."""
    for name in (".results.old", "results.old", ".results.new-abc"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, summary="kept")
    inside = target / ".circle15-0123456789abcdef"
    inside.mkdir()
    (inside / "journal.json").write_text('{"new": ["notes.txt"], "earlier": []}', "utf-8")
    (inside / "notes.txt").write_text("not mine", "utf-8")
    repair(target)
    with replaced(target, FILES) as new:
        put(new, summary="new")
    for name in (".results.old", "results.old", ".results.new-abc"):
        assert content(tmp_path / name) == {"summary.json": "kept"}
    assert (inside / "notes.txt").read_text("utf-8") == "not mine"
    assert (target / "notes.txt").read_text("utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "results").write_text("a file", "utf-8")
    with pytest.raises(InputDataError, match="is a file"), replaced(tmp_path / "results", FILES):
        pytest.fail("never entered")
    assert (tmp_path / "results").read_text("utf-8") == "a file"


def test_a_copy_of_the_results_that_somebody_keeps_stays(target, tmp_path):
    """`results.old` beside `results` looks like a swap that was cut off, and is none."""
    (tmp_path / "results.old").mkdir()
    put(tmp_path / "results.old", summary="kept")
    with replaced(target, FILES) as new:
        put(new, summary="new")
    assert content(tmp_path / "results.old") == {"summary.json": "kept"}


def links(folder, **aims):
    """Make symbolic links, where the system lets people do so."""
    for name, aim in aims.items():
        try:
            (folder / name).symlink_to(aim)
        except OSError:
            pytest.skip("no right to make links")


def test_links_stay_links(target, tmp_path):
    """Also one that leads nowhere, and one to a folder, which is not copied."""
    (tmp_path / "elsewhere").mkdir()
    links(target, nowhere="no/such/file", aside=tmp_path / "elsewhere")
    with replaced(target, FILES) as new:
        put(new, summary="new")
    assert (target / "nowhere").readlink() == Path("no/such/file")
    assert (target / "aside").is_symlink()


def test_a_target_that_is_a_link(target, tmp_path):
    """The folder that it leads to gets the results; the link stays."""
    links(tmp_path, link=target)
    with replaced(tmp_path / "link", FILES) as new:
        put(new, summary="new")
    assert (tmp_path / "link").is_symlink()
    assert content(target) == {"notes.txt": "mine", "summary.json": "new"}


@pytest.mark.parametrize("place", [".", "../results", ""])
def test_the_working_folder_is_a_folder_like_others(place, target, monkeypatch):
    """Nothing but results is touched in it."""
    monkeypatch.chdir(target)
    with replaced(Path(place), FILES) as new:
        put(new, summary="new")
    assert content(target) == {"notes.txt": "mine", "summary.json": "new"}


def test_a_folder_above_the_working_folder(target, monkeypatch):
    monkeypatch.chdir(target)
    with replaced(Path(".."), ("other.json",)) as new:
        put(new, other="new")
    assert content(target) == {"notes.txt": "mine", "summary.json": "old", "map.html": "old"}
    assert (target.parent / "other.json").read_text("utf-8") == "new"
