"""Mutated inputs of every reader: a result or one message, whatever the bytes; no people lost."""

from __future__ import annotations

import os

import pytest

from tests.faults.conftest import judged_inputs
from tests.faults.mutations.pool import attempted
from tests.faults.mutations.readers import READERS
from tests.faults.stage import played

ATTACK = os.environ.get("CIRCLE15_ATTACK") == "1"
INPUTS = int(os.environ.get("CIRCLE15_INPUTS", "20000" if ATTACK else "2000"))
FIRST = int(os.environ.get("CIRCLE15_SEED", "0"))
"""Seeds begin here: others are tried with another number."""
WORKERS = min(4, os.cpu_count() or 1)
_EACH = -(-INPUTS // len(READERS))


@pytest.mark.parametrize("part", range(4))
def test_mutated_inputs(part, tmp_path):
    readers = [*READERS][part::4]
    tasks = [(reader, FIRST + k) for k in range(_EACH) for reader in readers]
    judged_inputs(played(attempted, tmp_path / "w", tasks, WORKERS))
