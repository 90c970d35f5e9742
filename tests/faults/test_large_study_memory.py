"""A large study with the least memory with which a run may start: results, or one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from circle15.workflow.process.streams import least_memory_mb
from tests.large_studies import many_sites

resource = pytest.importorskip("resource", reason="the system has no limits of memory")
ROOT = Path(__file__).resolve().parents[2]
TIME_S = 240


def test_a_large_study_just_above_the_least_memory(tmp_path: Path) -> None:
    """All is compiled anew, which takes more memory than the run itself."""
    study = many_sites(tmp_path)
    cache = tmp_path / "compiled"
    cache.mkdir()
    most = (least_memory_mb() + 50) * 1_000_000
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "circle15", "run", str(study), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIME_S,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "coverage"), "NUMBA_CACHE_DIR": str(cache)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most)),
    )
    assert ended.returncode in {0, 3}, ended.stderr
    assert "Traceback" not in ended.stderr
    if ended.returncode == 0:
        summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
        assert summary["facilities"][0]["rows"] > 1000
    else:
        assert "memory" in ended.stderr
        assert not (tmp_path / "out" / "summary.json").exists()
