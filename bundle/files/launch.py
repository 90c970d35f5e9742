"""
Check a bundle, unpack its packages on the first run, and start circle15.

run.sh and run.bat call it as `python -I -S -X utf8 app/launch.py ARGUMENTS`, with a Python that the
bundle has packages for; what else is installed on the system is not seen. The packages go into
`env` in the bundle, or into the folder that CIRCLE15_ENV names. Exit code 3: something is missing.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import shutil
import site
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

BUNDLE = Path(__file__).resolve().parents[1]
SUMS = BUNDLE / "SHA256SUMS"
LONGEST_PATH = 259  # of Windows, unless an administrator has allowed longer ones
SPARE_BYTES = 200_000_000  # for compiled code and results


class Check(NamedTuple):
    """What was checked, and what is wrong with it; empty if nothing is."""

    subject: str
    fault: str = ""


def main(arguments: list[str]) -> None:
    """Run circle15 with these arguments; `doctor` shows all checks first."""
    about = json.loads((BUNDLE / "app" / "bundle.json").read_text("utf-8"))
    stop_at([of_python(about)])
    packages = about["pythons"][python_version()]
    place = environment()
    if arguments[:1] == ["doctor"]:
        found = list(all_checks(about, packages, place))
        for one in found:
            print(f"{'!!' if one.fault else 'ok'}  {one.fault or one.subject}")
        if any(one.fault for one in found):
            sys.exit(3)
    if not is_installed(place):
        stop_at(all_checks(about, packages, place))
        install(packages["wheels"], place)
    start(place, arguments)


def python_version() -> str:
    """Return the version of this Python, such as 3.12."""
    return "{}.{}".format(*sys.version_info)


def environment() -> Path:
    """Return the folder of the packages; other contents of the bundle have another one."""
    folder = Path(os.environ.get("CIRCLE15_ENV") or BUNDLE / "env").absolute()
    try:
        digest = hashlib.sha256(SUMS.read_bytes()).hexdigest()[:8]
    except FileNotFoundError:
        digest = "unknown"
    return folder / f"py{python_version()}-{digest}"


def is_installed(place: Path) -> bool:
    """Whether all packages have been unpacked."""
    return (place / "installed").exists()


def all_checks(about: dict[str, Any], packages: dict[str, Any], place: Path) -> Iterator[Check]:
    """Check all that circle15 needs of the system, and all files of the bundle."""
    yield of_python(about)
    yield of_files()
    yield of_folder(place)
    yield of_disk(packages["bytes"], place)
    if os.name == "nt":
        yield of_cpp_runtime()
        yield of_longest_path(packages["wheels"], place)


def of_python(about: dict[str, Any]) -> Check:
    """Check that the packages are for this Python and this processor."""
    machine, wanted = platform.machine(), about["machine"]
    subject = f"Python {platform.python_version()}, {machine}"
    if machine != wanted or sys.maxsize < 2**32:
        return Check(
            subject,
            f"本安装包用于 {wanted} 处理器的 64 位 Python，本机为 {machine}。"
            f"This bundle is for 64-bit Python on {wanted}; this is {machine}.",
        )
    if python_version() not in about["pythons"]:
        versions = ", ".join(about["pythons"])
        return Check(
            subject,
            f"需要 Python {versions}，当前为 {platform.python_version()}。"
            f"Python {versions} is needed; this is {platform.python_version()}.",
        )
    return Check(subject)


def of_files() -> Check:
    """Check that every file of the bundle is there and unaltered."""
    try:
        lines = SUMS.read_text("utf-8").splitlines()
    except OSError:
        lines = []
    if not lines:
        return Check("", _unpack_again(SUMS.name, "缺少", "missing"))
    for line in lines:
        digest, name = line.split("  ", 1)
        path = BUNDLE / name
        if not path.is_file():
            return Check("", _unpack_again(name, "缺少", "missing"))
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                return Check("", _unpack_again(name, "已损坏或被改动", "damaged or altered"))
    return Check(f"{len(lines)} 个文件完整  files are whole and unaltered")


def _unpack_again(name: str, zh: str, en: str) -> str:
    return (
        f"文件{zh}：{name}，请重新复制并解压安装包。"
        f"File {en}: {name}. Copy and unpack the bundle again."
    )


def of_folder(place: Path) -> Check:
    """Check that the folder of the packages can be written, or has them already."""
    if is_installed(place):
        return Check(f"已安装到 installed in {place}")
    try:
        place.mkdir(parents=True, exist_ok=True)
        probe = place / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Check(
            "",
            f"无法写入文件夹 {place}（{error.strerror}），请把安装包解压到可写的位置，或用环境变量 "
            "CIRCLE15_ENV 指定其他文件夹。The folder cannot be written: unpack the bundle "
            "elsewhere, or name another folder in the environment variable CIRCLE15_ENV.",
        )
    return Check(f"可写 can be written: {place}")


def of_disk(needed: int, place: Path) -> Check:
    """Check that the disk has room for the unpacked packages."""
    if is_installed(place):
        needed = 0
    there = next(one for one in (place, *place.parents) if one.exists())
    free, wanted = shutil.disk_usage(there).free // 10**6, (needed + SPARE_BYTES) // 10**6
    if free < wanted:
        return Check(
            "",
            f"磁盘空间不足：需要 {wanted} MB，剩余 {free} MB。"
            f"Not enough disk space: {wanted} MB needed, {free} MB free at {there}.",
        )
    return Check(f"磁盘剩余 disk space: {free} MB (≥ {wanted} MB)")


def of_cpp_runtime() -> Check:
    """Check that Windows has the C++ runtime, which the Python in a bundle brings along."""
    try:
        ctypes.CDLL("msvcp140.dll")
    except OSError:
        return Check(
            "",
            "缺少 msvcp140.dll，请安装 Microsoft Visual C++ 2015-2022 Redistributable (x64)。"
            "msvcp140.dll is missing: install the Visual C++ Redistributable (x64).",
        )
    return Check("msvcp140.dll")


def of_longest_path(wheels: list[str], place: Path) -> Check:
    """Check that no path of an unpacked file is too long for Windows."""
    longest = 0
    for wheel in wheels:
        with zipfile.ZipFile(BUNDLE / "app" / "wheels" / wheel) as packed:
            longest = max(longest, *map(len, packed.namelist()))
    spare = 40  # names of compiled code are longer than those of its modules
    if len(str(place)) + longest + spare > LONGEST_PATH:
        return Check(
            "",
            f"路径太长：{place}，请解压到较短的路径，如 C:\\circle15。"
            "The path is too long for Windows: unpack the bundle to a shorter one, "
            "such as C:\\circle15.",
        )
    return Check("路径长度 length of paths")


def stop_at(checks: Any) -> None:
    """End with one line at the first fault."""
    for one in checks:
        if one.fault:
            print(f"circle15: {one.fault}", file=sys.stderr)
            sys.exit(3)


def install(wheels: list[str], place: Path) -> None:
    """Unpack wheels; `installed` is written last, so an interrupted run begins again."""
    print(
        f"circle15: 首次运行，正在解压到 {place}，约需一分钟。"
        "First run: unpacking, about a minute.",
        file=sys.stderr,
    )
    try:
        for wheel in wheels:
            with zipfile.ZipFile(BUNDLE / "app" / "wheels" / wheel) as packed:
                for entry in packed.infolist():
                    unpack(packed, entry, place)
        (place / "installed").write_text("\n".join(wheels), encoding="utf-8")
    except OSError as error:
        stop_at([Check("", f"解压失败 cannot unpack: {error.strerror}: {error.filename or place}")])


def unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path) -> None:
    """
    Unpack one file of a wheel, under its final name only when it is whole.

    Scripts and data outside packages, `<name>.data/…`, are not needed to run circle15.
    """
    target = place / entry.filename
    outside = entry.filename.partition("/")[0].endswith(".data")
    if entry.is_dir() or outside or (target.exists() and target.stat().st_size == entry.file_size):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{os.getpid()}.part")
    with packed.open(entry) as source, part.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    part.replace(target)


def start(place: Path, arguments: list[str]) -> NoReturn:
    """Run circle15 with the packages of a folder."""
    site.addsitedir(str(place))
    sys.argv = ["circle15", *arguments]
    from circle15.__main__ import start as start_circle15  # noqa: PLC0415 - it has just been unpacked

    start_circle15()
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
