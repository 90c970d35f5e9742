"""Bundles for closed networks: their bytes, what is missing, what a user is told."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.builders.bundles import (
    VERSION,
    run_bundle,
    small_bundle,
    small_files,
    tools,
    unpacked,
    wheel,
)
from tests.faults.stage import may_mount

from bundle import wheels
from bundle.packing import write_zip
from bundle.platforms import PLATFORMS
from bundle.pythons import PythonArchiveError, cpp_runtime, python_files
from bundle.wheels import NoWheelsError, locked, runtime_wheels

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="run.sh is for Linux")


def launch():
    """The program of a bundle as a module."""
    path = Path(wheels.__file__).parent / "files" / "launch.py"
    spec = importlib.util.spec_from_file_location("launch", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one_line(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """A bundle ended with exit code 3 and one line, in Chinese and in English."""
    assert done.returncode == 3, done
    (line,) = done.stderr.splitlines()
    assert line.startswith("circle15: ")
    for word in said:
        assert word in line


def no_pip(*_: object, **__: object) -> bool:
    return False


# What goes into a bundle.


def test_the_same_files_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        files = small_files(tmp_path / name / "made")
        write_zip(tmp_path / name / "x.zip", dict(sorted(files.items(), reverse=name == "b")))
    assert (tmp_path / "a/x.zip").read_bytes() == (tmp_path / "b/x.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a/x.zip") as packed:
        entries = packed.infolist()
    assert [one.filename for one in entries] == sorted(one.filename for one in entries)
    assert {one.date_time[0] for one in entries} == {1980}
    modes = {
        oct(one.external_attr >> 16 & 0o777) for one in entries if one.filename.endswith(".sh")
    }
    assert modes == {"0o755"}


@LINUX
def test_sha256sum_agrees(tmp_path):
    place = small_bundle(tmp_path)
    subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=place, check=True)


def test_markers_are_those_of_the_platform(tmp_path):
    lock = tmp_path / "lock"
    lock.write_text(
        "one==1.0\ncolorama==2.0 ; sys_platform == 'win32'\n"
        "old==3.0 ; python_full_version < '3.12'\nold==4.0 ; python_full_version >= '3.12'\n"
        "arm==5.0 ; platform_machine == 'aarch64'\n"
    )

    def names(platform, version):
        return {
            f"{pin.name} {pin.version}"
            for pin in locked(lock, PLATFORMS[platform].environment(version)).values()
        }

    assert names("windows-x86_64", "3.11") == {"one 1.0", "colorama 2.0", "old 3.0"}
    assert names("linux-x86_64", "3.12") == {"one 1.0", "old 4.0"}
    assert names("linux-aarch64", "3.13") == {"one 1.0", "old 4.0", "arm 5.0"}


def test_what_is_needed_is_followed_through_the_wheels(tmp_path, monkeypatch):
    """circle15 needs a; a needs b, on Windows alone. Extras are left out."""
    monkeypatch.setattr(wheels, "_pip", no_pip)
    own = wheel(
        tmp_path, "circle15-1.0-py3-none-any", {}, needs=("a>=1", "z[all]; extra == 'more'")
    )
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1.0\nb==2.0\nz==3.0\n")
    for name in ("windows-x86_64-3.12", "linux-x86_64-3.12"):
        (tmp_path / name).mkdir()
        needs = ("b; sys_platform == 'win32'",)
        wheel(tmp_path / name, "a-1.0-py3-none-any", {}, needs=needs)
        wheel(tmp_path / name, "a-0.9-py3-none-any", {}, needs=("z",))  # of an earlier lock
        wheel(tmp_path / name, "b-2.0-py3-none-any", {})

    def found(platform):
        paths = runtime_wheels(own, lock, PLATFORMS[platform], "3.12", tmp_path)
        return [path.name.rpartition("-py3")[0] for path in paths]

    assert found("windows-x86_64") == ["a-1.0", "b-2.0"]
    assert found("linux-x86_64") == ["a-1.0"]


def test_a_package_without_a_wheel_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "_pip", no_pip)
    own = wheel(tmp_path, "circle15-1.0-py3-none-any", {}, needs=("numpy", "scipy"))
    lock = tmp_path / "requirements.lock"
    lock.write_text("numpy==2.0\nscipy==1.0\n")
    with pytest.raises(
        NoWheelsError, match=r"linux-aarch64 with Python 3\.12: numpy 2\.0, scipy 1"
    ):
        runtime_wheels(own, lock, PLATFORMS["linux-aarch64"], "3.12", tmp_path)
    lock.write_text("numpy==2.0\n")
    with pytest.raises(NoWheelsError, match=r"not in requirements\.lock: scipy"):
        runtime_wheels(own, lock, PLATFORMS["linux-aarch64"], "3.12", tmp_path)


@pytest.mark.parametrize(("tag", "taken"), [("py3-none-any", True), ("cp312-cp312-win32", False)])
def test_a_wheel_built_here_must_be_pure(tmp_path, monkeypatch, tag, taken):
    """Where there is only source, the wheel is built on this computer."""

    def pip(command, *_, pins):
        if command == "wheel":
            wheel(tmp_path / "linux-x86_64-3.12", f"folium-0.2-{tag}", {})
        return command == "wheel"

    monkeypatch.setattr(wheels, "_pip", pip)
    own = wheel(tmp_path, "circle15-1.0-py3-none-any", {}, needs=("folium",))
    lock = tmp_path / "requirements.lock"
    lock.write_text("folium==0.2\n")
    call = (own, lock, PLATFORMS["linux-x86_64"], "3.12", tmp_path)
    if taken:
        assert [path.name for path in runtime_wheels(*call)] == [f"folium-0.2-{tag}.whl"]
    else:
        with pytest.raises(NoWheelsError, match=r"folium 0\.2"):
            runtime_wheels(*call)


def test_a_python_is_taken_from_its_archive(tmp_path):
    windows, linux, other = (tmp_path / name for name in ("p.zip", "p.tar.gz", "o.zip"))
    with zipfile.ZipFile(windows, "w") as packed:
        for name in ("python.exe", "python3.dll", "python312.dll", "python312._pth"):
            packed.writestr(name, "x")
    with tarfile.open(linux, "w:gz") as packed:
        for name in ("python/bin/python3.13", "python/lib/a.py", "python/lib/test/b.py"):
            entry = tarfile.TarInfo(name)
            entry.size = 1
            packed.addfile(entry, io.BytesIO(b"x"))
        link = tarfile.TarInfo("python/bin/python3")
        link.type, link.linkname = tarfile.SYMTYPE, "python3.13"
        packed.addfile(link)
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("readme.txt", "x")
    version, files = python_files(windows)
    assert (version, "python/python.exe" in files) == ("3.12", True)
    version, files = python_files(linux)
    assert (version, set(files)) == ("3.13", {"python/bin/python3.13", "python/lib/a.py"})
    other.with_suffix(".tar").write_bytes(b"no tar")
    for path in (other, other.with_suffix(".tar")):
        with pytest.raises(PythonArchiveError):
            python_files(path)


def test_the_python_of_windows_gets_the_runtime_of_numba(tmp_path):
    name = "numpy.libs/msvcp140-a4c2229bdc2a2a63.dll"
    numpy = wheel(tmp_path, "numpy-2.0-cp312-cp312-win_amd64", {name: "library"})
    assert cpp_runtime([numpy]) == {"python/msvcp140.dll": b"library"}


def test_windows_gets_texts_that_its_console_shows(tmp_path):
    files = small_files(tmp_path, "windows-x86_64")
    program = bytes(files["run.bat"])
    assert program.isascii()
    for name in ("run.bat", "README.txt", "README.zh.txt", "app/no-python.txt"):
        text = bytes(files[name])
        assert text.count(b"\n") == text.count(b"\r\n") > 0
        assert b"@" not in text.replace(b"@echo", b"")
        text.decode("utf-8")
    assert "run.sh" not in files
    shown = {line.split()[-1] for line in program.decode().splitlines() if "call :say" in line}
    assert {f"app/{name}" for name in shown} == {"app/no-python.txt", "app/wrong-machine.txt"}


def test_the_linux_bundle_has_no_program_of_windows(tmp_path):
    files = small_files(tmp_path)
    assert {"run.sh", "app/launch.py", "docs/index.html", "LICENSE"} <= set(files)
    assert "run.bat" not in files
    assert b"\r" not in bytes(files["run.sh"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--platform", "windows-x86_64", "--with-python", "no.zip"), "there is no file no.zip"),
        (("--with-python", "no.zip"), "--with-python is for one --platform"),
        (("--platform", "windows-xp"), "invalid choice"),
    ],
)
def test_a_wrong_call_gets_one_message(words, said):
    done = subprocess.run(
        [sys.executable, "-m", "bundle", *words],
        cwd=Path(wheels.__file__).parents[1],
        env={name: text for name, text in os.environ.items() if name != "PYTHONSAFEPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, said in done.stderr) == (2, True), done


# How it starts, and what it says.


@LINUX
def test_a_bundle_installs_itself_once_and_runs(tmp_path):
    place = small_bundle(tmp_path)
    first = run_bundle(place, "run", "a b", "养老")
    assert (first.returncode, first.stdout) == (0, "ran run a b 养老 other 2.0\n"), first
    assert "首次运行" in first.stderr
    second = run_bundle(place, "run")
    assert (second.returncode, second.stderr) == (0, "")


@LINUX
def test_what_the_system_has_is_not_used(tmp_path):
    """A package of the same name elsewhere, PYTHONPATH and the current folder change nothing."""
    place = small_bundle(tmp_path)
    (tmp_path / "other.py").write_text("NAME = 'not this one'")
    done = run_bundle(place, PYTHONPATH=str(tmp_path))
    assert done.stdout == "ran other 2.0\n"


@LINUX
def test_doctor_lists_all_checks_then_asks_circle15(tmp_path):
    done = run_bundle(small_bundle(tmp_path), "doctor")
    *checks, last = done.stdout.splitlines()
    assert (done.returncode, last) == (0, "ran doctor other 2.0")
    assert len(checks) == 4
    assert all(line.startswith("ok  ") for line in checks)


@LINUX
@pytest.mark.parametrize("command", ["doctor", "run"])
def test_a_damaged_and_a_missing_wheel_are_named(tmp_path, command):
    place = small_bundle(tmp_path)
    found = place / "app" / "wheels" / "other-2.0-py3-none-any.whl"
    found.write_bytes(found.read_bytes()[:-1] + b"x")
    done = run_bundle(place, command)
    said = done.stdout if command == "doctor" else done.stderr
    assert done.returncode == 3
    assert "已损坏或被改动：app/wheels/other-2.0-py3-none-any.whl" in said
    assert "damaged or altered: app/wheels/other-2.0-py3-none-any.whl" in said
    found.unlink()
    done = run_bundle(place, command)
    said = done.stdout if command == "doctor" else done.stderr
    assert done.returncode == 3
    assert "missing: app/wheels/other-2.0-py3-none-any.whl" in said
    (place / "SHA256SUMS").unlink()
    one_line(run_bundle(place), "缺少：SHA256SUMS", "missing: SHA256SUMS")
    assert not (place / "env").exists() or not list(place.glob("env/*/installed"))


@LINUX
def test_an_old_python_is_refused(tmp_path):
    place = small_bundle(tmp_path)
    path = tools(tmp_path / "bin", {"python3": "echo 3.8", "python": "echo 2.7"})
    done = run_bundle(place, PATH=str(path), CIRCLE15_PYTHON="")
    one_line(done, f"Python {VERSION} is needed; found: 3.8 2.7")
    (path / "python3").unlink()
    (path / "python").unlink()
    done = run_bundle(place, PATH=str(path), CIRCLE15_PYTHON="")
    one_line(done, "本机只有： 无", "found: none")


@LINUX
def test_the_python_on_the_path_that_fits_is_used(tmp_path):
    place = small_bundle(tmp_path)
    path = tools(
        tmp_path / "bin",
        {"python3": "echo 3.8", f"python{VERSION}": f'exec "{sys.executable}" "$@"'},
    )
    done = run_bundle(place, PATH=str(path), CIRCLE15_PYTHON="")
    assert (done.returncode, done.stdout) == (0, "ran other 2.0\n"), done


@LINUX
def test_a_python_in_the_bundle_comes_first(tmp_path):
    files = small_files(tmp_path / "made")
    program = f'#!/bin/sh\n[ "$1" = -c ] || echo own >&2\nexec "{sys.executable}" "$@"\n'
    files[f"python/bin/python{VERSION}"] = program.encode()
    write_zip(tmp_path / "own.zip", files)
    place = unpacked(tmp_path / "own.zip", tmp_path)
    (place / "python" / "bin" / f"python{VERSION}").chmod(0o644)  # unpacked without modes
    path = tools(tmp_path / "bin", {"python3": "echo 3.8"})
    done = run_bundle(place, PATH=str(path), CIRCLE15_PYTHON="")
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, "own"), done


@LINUX
@pytest.mark.parametrize(
    ("program", "text", "said"),
    [
        ("uname", "echo Linux loongarch64", "this is Linux loongarch64"),
        ("getconf", "echo glibc 2.17", "glibc 2.28 or newer is needed; this system has glibc 2.17"),
        ("getconf", "exit 1", "this system has no glibc"),
    ],
)
def test_another_processor_and_an_old_library_are_refused(tmp_path, program, text, said):
    path = tools(tmp_path / "bin", {program: text})
    one_line(run_bundle(small_bundle(tmp_path), "doctor", PATH=str(path)), said)


@LINUX
def test_a_full_disk_is_refused_before_anything_is_unpacked(tmp_path):
    place = small_bundle(tmp_path, bytes=10**18)
    one_line(run_bundle(place), "磁盘空间不足", "Not enough disk space: 1000000000200 MB needed")


@LINUX
def test_a_folder_that_cannot_be_written_is_named_and_another_one_works(tmp_path):
    place = small_bundle(tmp_path)
    one_line(run_bundle(place, CIRCLE15_ENV="/proc/env"), "无法写入", "/proc/env", "CIRCLE15_ENV")
    if not may_mount():
        pytest.skip("the system does not let this user mount a read-only folder")
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$0/run.sh" "$@"'
    before = ("unshare", "-m", "sh", "-c", script, str(place))
    one_line(run_bundle(place, before=before), "无法写入", "cannot be written")
    done = run_bundle(place, before=before, CIRCLE15_ENV=str(tmp_path / "elsewhere"))
    assert (done.returncode, done.stdout) == (0, f"ran {place}/run.sh other 2.0\n")


@LINUX
def test_an_interrupted_installation_begins_again(tmp_path):
    place = small_bundle(tmp_path)
    assert run_bundle(place).returncode == 0
    (env,) = (place / "env").iterdir()
    (env / "installed").unlink()
    (env / "other.py").write_text("half")
    done = run_bundle(place)
    assert (done.returncode, done.stdout) == (0, "ran other 2.0\n")


def test_a_path_too_long_for_windows_is_refused(tmp_path, monkeypatch):
    module = launch()
    monkeypatch.setattr(module, "BUNDLE", small_bundle(tmp_path))
    names = ["other-2.0-py3-none-any.whl"]
    assert "too long" in module.of_longest_path(names, Path("C:/" + "x" * 200)).fault
    assert module.of_longest_path(names, Path("C:/circle15")).fault == ""


def test_windows_without_the_runtime_is_told_what_to_install(monkeypatch):
    module = launch()
    assert "Redistributable" in module.of_cpp_runtime().fault  # no msvcp140.dll here
    monkeypatch.setattr(module.ctypes, "CDLL", lambda _: None)
    assert module.of_cpp_runtime().fault == ""
