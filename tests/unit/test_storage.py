"""A network cached on disk: complete and of this version, or refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.streets import plane

from circle15.errors import InputDataError
from circle15.travel.engine.graph import TravelNetwork
from circle15.travel.engine.storage import load_network, save_network


@pytest.fixture
def folder(tmp_path):
    travel = TravelNetwork.from_network(plane({"A": (0, 0), "B": (100, 0)}, "AB"))
    save_network(travel, tmp_path / "net")
    return tmp_path / "net"


def test_arrays_stay_on_disk(folder):
    opened = load_network(folder)
    assert isinstance(opened.base_mm_fwd, np.memmap)
    assert opened.base_mm_fwd.tolist() == [100_000]


def test_another_version_is_refused(folder):
    about = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps(about | {"version": 0}))
    with pytest.raises(InputDataError, match="version 0"):
        load_network(folder)


def test_an_incomplete_folder_is_refused(folder):
    (folder / "edges.npy").unlink()
    with pytest.raises(InputDataError, match="no complete network"):
        load_network(folder)


def test_changed_arrays_are_found(folder):
    np.save(folder / "base_mm_fwd.npy", np.array([1], np.int64))
    with pytest.raises(InputDataError, match="has changed since it was written"):
        load_network(folder, verify=True)
