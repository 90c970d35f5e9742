"""One input: `check` it, sometimes run it, and report the outcome."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15 import cli
from circle15.errors import OutsideError
from circle15.output.check.findings import check_entry
from circle15.output.text.wording import Words
from circle15.results.summary.building import build_summary
from circle15.study.settings.reading import load_study
from circle15.workflow.checking import check
from circle15.workflow.pipeline import run_study
from circle15.workflow.process.streams import run_program
from tests.faults.mutations.parts import Parts, base_files
from tests.faults.mutations.readers import input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMMAND_EACH = 8
"""One of so many is checked by the command line as a whole, the others without its printing."""
RUN_EACH = 8
"""One of so many inputs that pass `check` is run, too."""
WRITE_EACH = 64
"""One of so many is run with all results written."""


@dataclass(frozen=True)
class Outcome:
    """What came of an input. `fault` is empty where all is well."""

    reader: str
    seed: int
    code: int
    fault: str = ""
    said: str = ""
    bytes: int = 0

    def __str__(self) -> str:
        return f"{self.reader!r} {self.seed}: {self.fault}; {self.said}"


def tried(reader: str, seed: int, folder: Path) -> Outcome:
    """Write an input, check it, run it if its seed says so, and leave nothing behind."""
    _forget_peak()
    outcome = _tried(reader, seed, folder)
    shutil.rmtree(folder, ignore_errors=True)
    fault = "over memory" if not outcome.fault and peak_bytes() > MOST_BYTES else outcome.fault
    return Outcome(reader, seed, outcome.code, fault, outcome.said, peak_bytes())


MOST_BYTES = 1_000_000_000


def _tried(reader: str, seed: int, folder: Path) -> Outcome:
    written(input_of(reader, seed), folder)
    study = folder / "study.toml"
    by_command = seed % COMMAND_EACH == 0
    code, said = _command("check", study) if by_command else _check(study)
    fault = _fault(code, said, reader)
    if not fault and code == 0 and seed % RUN_EACH == 0:
        code, said = _run(study)
        fault = _fault(code, said, reader) or ("not run" if code == 2 else "")
    if not fault and code == 0 and seed % WRITE_EACH == 0:
        code, said = _command("run", study, "--out", folder / "out")
        fault = _fault(code, said, reader) or ("not run" if code == 2 else "")
    return Outcome(reader, seed, code, fault, said)


def warm_up(folder: Path) -> None:
    """Check and run a study as it is, so that no input pays for what is loaded or compiled."""
    study = written(base_files() | {"study.toml": Parts().text().encode()}, folder)
    for code, said in (_command("check", study), _run(study)):
        assert code == 0, said
    shutil.rmtree(folder, ignore_errors=True)


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files of an input into a folder; return the path of its study."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "study.toml"


def _fault(code: int, said: str, reader: str) -> str:
    if code == TRACEBACK:
        return "people lost" if "PeopleLost" in said else "tracebacks"
    if code == 3 and reader == "kept place" and "download" in said.lower():
        return ""  # what is damaged is asked for again, and tests have no internet
    if code == 2 and len([x for x in said.splitlines() if x.startswith("circle15: ")]) > 1:
        return "other"
    return "" if code in {0, 2} else "other"


TRACEBACK = 1000


def _command(*argv: object) -> tuple[int, str]:
    sys.argv = ["circle15", *map(str, argv)]
    return _ended(cli.main)


def _ended(program: Callable[[], object]) -> tuple[int, str]:
    """Exit code and messages; TRACEBACK where an error was no message."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            program()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    except BaseException:  # noqa: BLE001 - that is what is looked for
        return TRACEBACK, traceback.format_exc()
    else:
        code = 0
    return code, err.getvalue()


def _check(study: Path) -> tuple[int, str]:
    """Check a study and word what was found, as `check --json` does."""

    def program() -> None:
        outcome = check(study)
        entry = check_entry(outcome, Words(outcome.study.language, outcome.study))
        json.dumps(entry, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        if not outcome.ready:
            raise SystemExit(2)

    return _ended(lambda: run_program(program, _say))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


class PeopleLostError(AssertionError):
    """A run has more or fewer people than its input."""


def _run(study: Path) -> tuple[int, str]:
    """Run without writing; people must be conserved to the micro-person."""

    def program() -> None:
        summary = build_summary(run_study(load_study(study)))
        text = json.dumps(summary, allow_nan=False, default=str)
        require_people(json.loads(text))

    return _ended(lambda: run_program(program, _say))


def require_people(summary: Mapping[str, Any]) -> None:
    """
    Compare the sums of people in a summary.

    Raises
    ------
    PeopleLostError
        If input is not inside + outside, or covered + gap + unknown not all; in any row.
    """
    inside = {}
    for row in summary["population"]:
        _require(row, row["input"], row["inside"], row["outside"])
        inside[row["group"]] = row["inside"]
    for row in summary["coverage"]:
        _require(row, row["persons"], row["covered"], row["gap"], row["unknown"])
        if row["group"] in inside:
            _require(row, row["persons"], inside[row["group"]])
    for row in summary["zones"]:
        _require(row, row["persons"], row["covered"], row["gap"], row["unknown"])
    for row in summary["catchments"]:
        if row["persons"] is not None and row["persons"] > inside.get(row["group"], 0) + 1e-6:
            raise PeopleLostError(f"PeopleLost: a catchment of more than all: {row}")


def _require(row: Mapping[str, Any], total: float, *parts: float) -> None:
    if round(total * 1e6) != sum(round(part * 1e6) for part in parts) and abs(
        total - sum(parts)
    ) > 1e-12 * abs(total):
        raise PeopleLostError(f"PeopleLost: {total} is not the sum of {parts}: {row}")


def _forget_peak() -> None:
    """Let the system count the most memory anew (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "utf-8")
    except OSError:
        return


def peak_bytes() -> int:
    """The most memory since it was forgotten; where the system does not say, since the start."""
    try:
        for line in Path("/proc/self/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def shut_off() -> None:
    """Live without internet, terminal and home: as a worker."""
    import socket

    from circle15.network.downloads import places

    def no_download(*_: Any) -> None:
        raise OutsideError("a download is asked for.")

    def refuse(*_: Any) -> None:
        raise OSError("tests may not use the internet")

    setattr(socket.socket, "connect", refuse)  # noqa: B010 - a method, in a worker only
    setattr(socket, "getaddrinfo", refuse)  # noqa: B010 - the same
    setattr(places, "_download", no_download)  # noqa: B010 - which would wait and try again
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        os.environ[name] = "http://127.0.0.1:9"
