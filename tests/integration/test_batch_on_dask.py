"""Many studies on a real Dask scheduler with two workers, each a process of its own."""

from __future__ import annotations

import threading

import pytest
from tests.builders.batch_results import contents, province_files
from tests.builders.district_studies import write_district
from tests.dask_cluster import dask_cluster

import circle15
from circle15.errors import OutsideError
from circle15.workflow.batch import dask_workers

pytest.importorskip("distributed", reason="Dask is not installed: its tests are skipped")
pytestmark = pytest.mark.usefixtures("as_commands")

NAMES = ("d1", "d2", "d3")


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Three districts, one that cannot be read, and one too large for any worker."""
    folder = tmp_path_factory.mktemp("districts")
    found = [write_district(folder / f"d{k}", k) for k in range(1, 6)]
    (folder / "d4" / "homes.csv").write_text("x,y,demand_id,p60\n1,2,h,3\n", "utf-8")
    with (folder / "d5" / "homes.csv").open("r+b") as file:
        file.truncate(100_000_000)  # takes no room on the disk, and is never read
    return found


def test_the_bytes_of_one_process_though_a_worker_is_killed(studies, tmp_path):
    alone = tmp_path / "alone"
    circle15.run_batch(studies[:4], out=alone, workers=1)
    out = tmp_path / "dask"
    killed: list[str] = []
    with dask_cluster(tmp_path) as cluster:

        def kill_one(state):
            """Kill the first worker that has a study, half a second after it began."""
            if not killed and state.running:
                killed.append(next(iter(state.running)))
                threading.Timer(0.5, cluster.workers[killed[0]].kill).start()

        found = circle15.run_batch(studies, out=out, scheduler=cluster.scheduler, report=kill_one)
        assert cluster.workers[killed[0]].wait() == -9
        again = circle15.run_batch(studies, out=out, scheduler=cluster.scheduler, resume=True)
    assert again.kept == list(NAMES)
    assert again.province == found.province
    faults = {one["name"]: (one["exit_code"], one["message"]) for one in found.missing}
    assert set(faults) == {"d4", "d5"}
    assert faults["d4"][0] == 2
    assert "homes.csv" in faults["d4"][1]
    assert faults["d5"][0] == 3
    assert "needs about 9.6 GB of memory, and no worker has more than 3.2 GB" in faults["d5"][1]
    assert not (out / "d5").exists()
    assert contents(out, NAMES) == contents(alone, NAMES)
    parts = {name for name in province_files(alone) if name.startswith("homes")}
    assert {k: v for k, v in province_files(out).items() if k in parts} == {
        k: v for k, v in province_files(alone).items() if k in parts
    }
    assert found.province is not None
    assert found.province["headline"][0]["persons"] == 345.0


def test_a_scheduler_that_is_not_there(studies, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_workers, "_ANSWER_S", 0.5)
    with pytest.raises(OutsideError, match="no Dask scheduler answers"):
        circle15.run_batch(studies[:1], out=tmp_path / "x", scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "x").exists()
