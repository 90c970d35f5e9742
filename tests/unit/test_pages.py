"""A page that the caller names is written completely, or the earlier one is kept."""

from __future__ import annotations

import os
import socket
import stat

import pytest

from circle15.errors import InputDataError, OutsideError
from circle15.workflow.folders.pages import write_page


def test_a_new_page_and_a_second_one(tmp_path):
    page = tmp_path / "page.html"
    write_page(page, "一\nfirst")
    assert page.read_bytes() == "一\nfirst".encode()
    page.chmod(0o640)
    write_page(page, "second")
    assert (page.read_text("utf-8"), stat.S_IMODE(page.stat().st_mode)) == ("second", 0o640)
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_full_disk_leaves_the_earlier_page(fails, tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text("earlier", "utf-8")

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OutsideError, match=r"page\.html cannot be written \(No space left"):
        write_page(page, "new")
    assert page.read_text("utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [page]


def test_no_folder_for_it(tmp_path):
    with pytest.raises(OutsideError, match="No such file"):
        write_page(tmp_path / "nowhere" / "page.html", "text")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no links or devices")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes or sockets")
@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a pipe"])
def test_what_nobody_reads_is_refused_at_once(tmp_path, kind):
    page = tmp_path / "page.html"
    if kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(page))
    else:
        pipe = page if kind == "pipe" else tmp_path / "pipe"
        os.mkfifo(pipe)
        if pipe != page:
            page.symlink_to(pipe)
    with pytest.raises(InputDataError, match="is not a file"):
        write_page(page, "text")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes or devices")
def test_a_device_and_a_pipe_that_is_read_are_written_into(tmp_path):
    page = tmp_path / "page.html"
    page.symlink_to(os.devnull)
    write_page(page, "text")
    assert page.is_symlink()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_page(pipe, "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no links")
def test_a_link_stays_one(tmp_path):
    page, link = tmp_path / "page.html", tmp_path / "link.html"
    link.symlink_to(page)
    write_page(link, "text")
    assert link.is_symlink()
    assert page.read_text("utf-8") == "text"


def test_a_loop_of_links(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OutsideError, match="cannot be written"):
        write_page(tmp_path / "a", "text")
