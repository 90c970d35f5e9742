"""The pure modules of the pages' scripts, run by node: its own tests, and Python's columns read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle15.output.map.base.line_blocks import BLOCK_VERTICES, Lines, block_columns, cut
from circle15.output.map.packed_columns import WIDTHS, Column, pack_columns

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.node

SCRIPTS = "coverage/circle15/output/map/scripts"
OLDEST = 18
"""First node with `node --test`."""

READ = """
import { readFileSync } from "node:fs";
const { columnsOf } = await import(process.argv[1]);
const { plan, bytes } = JSON.parse(readFileSync(0, "utf8"));
const column = columnsOf(plan, Uint8Array.from(bytes).buffer);
process.stdout.write(JSON.stringify(plan.map(([name]) => Array.from(column(name)))));
"""

DECODE = """
import { readFileSync } from "node:fs";
const { columnsOf } = await import(process.argv[1] + "data/columns.js");
const { Blocks } = await import(process.argv[1] + "streets/blocks.js");
const { plan, bytes } = JSON.parse(readFileSync(0, "utf8"));
const blocks = new Blocks({ column: columnsOf(plan, Uint8Array.from(bytes).buffer) });
const found = [];
for (let k = 0; k < blocks.n; k += 1) {
  const { xy, start } = blocks.linesOf(k);
  for (let line = 0; line + 1 < start.length; line += 1) {
    found.push([blocks.kinds[k], ...xy.slice(2 * start[line], 2 * start[line + 1])]);
  }
}
process.stdout.write(JSON.stringify(found));
"""


@pytest.fixture(scope="module")
def node() -> str:
    program = os.environ.get("CIRCLE15_NODE") or shutil.which("node")
    if not program:
        pytest.skip("no node on this machine: the scripts of the pages are tested in Chromium only")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.strip().lstrip("v").partition(".")[0]) < OLDEST:
        pytest.skip(f"node {version.stdout.strip()} is older than {OLDEST}: no tests of scripts")
    return program


def test_the_tests_of_the_scripts_pass(node: str, repository: Path) -> None:
    files = sorted((repository / "tests/scripts").glob("*.test.js"))
    assert len(files) >= 6
    done = subprocess.run(
        [node, "--test", *map(str, files)],
        check=False,
        capture_output=True,
        text=True,
        cwd=repository,
        timeout=120,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr


def test_columns_that_python_packs_are_read_exactly(node: str, repository: Path) -> None:
    """Columns of every width, in steps and not, empty ones among them."""
    rng = np.random.default_rng(14)
    columns = [
        Column(f"{width}-{steps}-{n}", rng.integers(0, 256**width, n, dtype=np.int64), steps=steps)
        for width in WIDTHS
        if width < 7
        for steps in (False, True)
        for n in (0, 1, 300)
    ]
    columns.append(Column("largest", np.array([2**53, 0, 2**40 + 1])))
    plan, packed = pack_columns(columns)
    assert {row[2] for row in plan} == set(WIDTHS)
    module = (repository / "coverage/circle15/output/map/scripts/data/columns.js").as_uri()
    done = subprocess.run(
        [node, "--input-type=module", "-e", READ, module],
        capture_output=True,
        text=True,
        input=json.dumps({"plan": plan, "bytes": list(packed)}),
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == [column.values.tolist() for column in columns]


def test_blocks_of_lines_that_python_packs_are_decoded_exactly(node: str, repository: Path) -> None:
    """Lines over many blocks, in two classes; steps of one byte to four, ahead and back."""
    rng = np.random.default_rng(25)
    classes = []
    for n, far in ((1500, 100), (40, 2**23)):
        size = rng.integers(2, 9, n)
        steps = rng.integers(-far, far, (2, size.sum()))
        x, y = np.clip(2**24 + np.cumsum(steps, axis=1) // 40, 0, 2**25 - 1)
        classes.append(Lines(x, y, np.r_[0, np.cumsum(size)]))
    plan, packed = pack_columns(block_columns(classes))
    assert int(plan[0][1]) > sum(len(one.x) for one in classes) // BLOCK_VERTICES
    done = subprocess.run(
        [node, "--input-type=module", "-e", DECODE, f"{(repository / SCRIPTS).as_uri()}/"],
        capture_output=True,
        text=True,
        input=json.dumps({"plan": plan, "bytes": list(packed)}),
        check=True,
        timeout=60,
    )
    expected = []
    for kind, whole in enumerate(classes):
        lines = cut(whole)
        for a, b in pairwise(lines.start.tolist()):
            expected.append([kind, *np.column_stack([lines.x, lines.y])[a:b].ravel().tolist()])
    assert sorted(json.loads(done.stdout)) == sorted(expected)
