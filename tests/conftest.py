"""Shared by all tests: real extracts, a database, the sample study, markers, no internet."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests.postgis_server import PASSWORD, PostgisServer, postgis_server

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from circle15.results.records import StudyResult

pytest.register_assert_rewrite("tests.builders")

os.environ["CIRCLE15_PROGRESS"] = "off"  # a slow machine shows how far commands are, a fast one not

ROOT = Path(__file__).resolve().parents[1]
MARKER_OF_FOLDER = {"real": "real", "browser": "browser", "bench": "bench"}
MARKER_OF_FIXTURE = {
    "real_data": "real",
    "policies": "real",
    "rule_tables": "real",
    "shared_cases": "real",
    "postgis": "postgis",
}
NEVER_SKIPPED = {"real", "browser", "node", "office", "postgis"}

# Derandomized: a red run is red again on the next machine. A slow, shared machine is no fault.
hypothesis.settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _editors_agree() -> Iterator[None]:
    """Let no study and no rule pack load, in any test, that the schemas for editors refuse."""
    from circle15.rules.packs import load, pack_reading
    from circle15.study.settings import reading
    from tests.builders.schema_check import pack_marks, study_faults

    read_study, read_pack = reading._study, pack_reading.read_pack

    def study_compared(raw: dict[str, Any], path: Path, words: Any) -> Any:
        study = read_study(raw, path, words)
        assert study_faults(raw) == [], "the JSON schema refuses a study that loads"
        return study

    def pack_compared(content: dict[str, Any], words: Any) -> Any:
        pack, faults = read_pack(content, words)
        assert pack is None or pack_marks(content) == [], "the JSON schema refuses a pack"
        return pack, faults

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_study", study_compared)
        patch.setattr(load, "read_pack", pack_compared)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-real",
        action="store_true",
        default=os.environ.get("CIRCLE15_REQUIRE_REAL") == "1",
        help="fail instead of skipping when real data, the browser, node or PostGIS is missing "
        "(also CIRCLE15_REQUIRE_REAL=1)",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folders = item.path.relative_to(ROOT).parts if item.path.is_relative_to(ROOT) else ()
        fixtures = getattr(item, "fixturenames", ())
        markers = {MARKER_OF_FOLDER[name] for name in folders if name in MARKER_OF_FOLDER}
        markers |= {MARKER_OF_FIXTURE[name] for name in fixtures if name in MARKER_OF_FIXTURE}
        for marker in sorted(markers):
            item.add_marker(marker)


# Outermost, so that it also sees the skips that pytest's own plugin makes out of `skipif`; and
# an expected failure (`wasxfail`), which pytest also reports as skipped, stays what it is.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not item.config.getoption("--require-real") or not report.skipped:
        return report
    expected = any(item.get_closest_marker(marker) for marker in NEVER_SKIPPED)
    expected = expected or "CIRCLE15_REAL_DATA" in _reason(report.longrepr)
    # A machine without the registry of npm can check everything but this.
    expected = expected and "no axe-core" not in _reason(report.longrepr)
    if expected and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but --require-real is on: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    folders = set(collector.path.parts)
    if (
        collector.config.getoption("--require-real")
        and report.outcome == "skipped"
        and folders & set(MARKER_OF_FOLDER)
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped, but --require-real is on: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: Any) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real extracts (DESIGN: real data for tests); skips where there is none."""
    named = os.environ.get("CIRCLE15_REAL_DATA", "")
    if not named:
        pytest.skip("CIRCLE15_REAL_DATA is not set: tests on real data are skipped")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.skip(f"CIRCLE15_REAL_DATA names {named}, which is no folder")
    return folder


@pytest.fixture(scope="session")
def policies(real_data: Path) -> Path:
    """Folder of the policy documents, beside the real extracts."""
    return _beside(real_data, "policies")


@pytest.fixture(scope="session")
def rule_tables(real_data: Path) -> Path:
    """Folder of `rules.csv` and the worked cases `cases.csv`, beside the real extracts."""
    return _beside(real_data, "rules")


@pytest.fixture(scope="session")
def shared_cases(real_data: Path) -> Path:
    """Folder of small inputs that were got wrong once, beside the real extracts."""
    return _beside(real_data, "cases")


def _beside(real_data: Path, name: str) -> Path:
    folder = real_data.parent / name
    if not folder.is_dir():
        pytest.skip(f"there is no folder '{name}' beside {real_data}")
    return folder


@pytest.fixture(scope="session")
def _postgis(no_internet: None) -> Iterator[PostgisServer]:
    with postgis_server() as server:
        yield server


@pytest.fixture
def postgis(_postgis: PostgisServer, monkeypatch: pytest.MonkeyPatch) -> PostgisServer:
    """A server with PostGIS of this machine, its password in the environment; skips without."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return _postgis


@pytest.fixture(scope="session")
def sample_study() -> Path:
    """The sample study that is committed with the package."""
    return ROOT / "data" / "sample" / "study.toml"


@pytest.fixture(scope="session")
def sample_result(sample_study: Path) -> StudyResult:
    """What a run on the sample study finds; made once for all tests, which do not change it."""
    from circle15.study.settings.reading import load_study
    from circle15.workflow.pipeline import run_study

    return run_study(load_study(sample_study))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository root."""
    return ROOT


class InternetBlockedError(RuntimeError):
    """A test tried to leave this machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):  # AF_UNIX and its like
        return True
    return _is_local_host(address[0])


def _is_local_host(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_internet() -> Iterator[None]:
    """Refuse sockets to other machines; subprocesses get a proxy that nobody listens at."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    lookup = socket.getaddrinfo

    def refuse(target: Any) -> None:
        message = f"tests may not use the internet, and this one wanted {target!r}"
        raise InternetBlockedError(message)

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not _is_local(address):
            refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if not _is_local(address):
            refuse(address)
        return connect_ex(self, address)

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local_host(host):
            refuse(host)
        return lookup(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.setenv(name, "http://127.0.0.1:9")
            patch.setenv(name.upper(), "http://127.0.0.1:9")
        for name in ("no_proxy", "NO_PROXY"):
            patch.setenv(name, "localhost,127.0.0.1,::1")
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_cache() -> Iterator[None]:
    """Commands keep nothing in the cache of whoever tests; tests of the cache name their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIRCLE15_CACHE", "off")
        yield


@pytest.fixture(scope="module")
def as_commands():
    """The command line sets this variable, which counts for whether results stand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROJ_NETWORK", "OFF")
        yield
