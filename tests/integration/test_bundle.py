"""The bundle for closed networks of Linux x86-64, unpacked and run without a network.

Its wheels are those that `python -m bundle` left in `.cache/bundle` (`.ci/run` makes bundles before
the tests); without them the tests are skipped.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import zipfile

import pytest
from tests.builders.bundles import VERSION, run_bundle, unpacked

from bundle.__main__ import LOCK, STORE, circle15_wheel, make_bundle
from bundle.packing import write_zip
from bundle.platforms import PLATFORMS
from bundle.wheels import runtime_wheels

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="runs on Linux x86-64"
    ),
]
HERE = "linux-x86_64"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return circle15_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def place(own, tmp_path_factory):
    """The bundle, in a folder with a space and Chinese characters in its name."""
    folder = tmp_path_factory.mktemp("bundle") / "养老 地图"
    folder.mkdir()
    if not (STORE / f"{HERE}-{VERSION}").is_dir():
        pytest.skip(f"no wheels for Python {VERSION}: python -m bundle fetches them")
    docs = folder / "docs.zip"
    with zipfile.ZipFile(docs, "w") as packed:
        packed.writestr("circle15-docs/index.html", "<p>documentation</p>")
    files = make_bundle(PLATFORMS[HERE], (VERSION,), own=own, docs=docs, python=None)
    write_zip(folder / "circle15.zip", files)
    return unpacked(folder / "circle15.zip", folder)


@pytest.fixture(scope="module")
def offline():
    """The words before a command that is to have no network."""
    may = subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True)
    if may.returncode:
        pytest.skip("the system does not let this user run a program without a network")
    return ("unshare", "-n")


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_locked_package_has_a_wheel(name, own):
    """Those that were fetched; `.ci/run` fetches them for all platforms."""
    if not (STORE / f"{name}-{VERSION}").is_dir():
        pytest.skip(f"no wheels for {name}: python -m bundle fetches them")
    found = runtime_wheels(own, LOCK, PLATFORMS[name], VERSION, STORE)
    names = {path.name.partition("-")[0] for path in found}
    assert {"numpy", "numba", "rasterio", "pyogrio", "folium", "xstatic_leaflet"} <= names
    assert ("colorama" in names) == (name == "windows-x86_64")
    assert not names & {"pytest", "ruff", "distributed", "pg8000", "playwright"}


def test_it_runs_without_a_network(place, offline):
    """doctor, demo, and check and run of the sample, with nothing but the files of the bundle."""
    state = str(place.parent / "home")

    def ran(*arguments):
        done = run_bundle(place, *arguments, before=offline, HOME=state)
        assert done.returncode == 0, done
        return done.stdout

    said = ran("doctor")
    assert "!!" not in said
    assert f"sample: {place / 'env'}" in said
    assert "maps/liangxi-sample/map.html" in ran("demo")
    (sample,) = place.glob("env/*/circle15/sample")
    assert "可以运行" in ran("check", sample / "study.toml")
    assert "results/map.html" in ran("run", sample / "study.toml", "--out", "results")
    for name in ("map.html", "report.docx", "results.gpkg"):
        assert (place.parent / "results" / name).stat().st_size > 10_000
