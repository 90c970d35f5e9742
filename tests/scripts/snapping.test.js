// Where a tried site joins: the nearest edge whose straight leg crosses no barrier.

import assert from "node:assert/strict";
import { test } from "node:test";

import { town } from "./town.js";

/* Two streets along the x axis, 100 m apart: y = 0 and y = 100 m; the point stands 30 m above the first. */
const STREETS = { junctions: [[0, 0], [200_000, 0], [0, 100_000], [200_000, 100_000]], chains: [[0, 1], [2, 3]] };
const LINE = [[0, 10_000], [100_000, 10_000], [200_000, 10_000]];

function joined(walls, x = 100_000, y = 30_000) {
  const { edge, mm, code } = town({ ...STREETS, walls }).walkers.snapper.join(x, y);
  return [edge, mm, code];
}

test("the nearest edge counts, of equally near ones the first", () => {
  assert.deepEqual(joined([]), [0, 30_000, ""]);
  assert.deepEqual(joined([], 100_000, 50_000), [0, 50_000, ""]);
  assert.deepEqual(joined([], 100_000, 50_001), [1, 49_999, ""]);
});

test("a wall between sends the site to the other street; two walls leave it none", () => {
  const other = { line: LINE.map(([x, y]) => [x, y + 50_000]) };
  assert.deepEqual(joined([{ line: LINE }]), [1, 70_000, ""]);
  assert.deepEqual(joined([{ line: LINE }, other]), [-1, -1, "ACCESS_BARRIER"]);
  assert.deepEqual(joined([{ line: LINE, soft: 1 }, { ...other, soft: 1 }]), [0, 30_000, "THROUGH_WALL"]);
  assert.deepEqual(joined([{ line: LINE }, { ...other, soft: 1 }]), [1, 70_000, "THROUGH_WALL"]);
});

test("a leg passes where the wall has an opening, a metre to both sides of it", () => {
  const gate = [{ line: LINE.map(([x, y], k) => [x, y, k === 1 ? 1 : 0]) }];
  assert.deepEqual(joined(gate), [0, 30_000, ""]);
  assert.deepEqual(joined(gate, 100_900), [0, 30_000, ""]);
  assert.deepEqual(joined(gate, 101_100), [1, 70_000, ""]);
});

test("beyond the longest leg nothing is joined, but it is known what lies across", () => {
  assert.deepEqual(joined([], 100_000, -200_000), [0, 200_000, ""]);
  assert.deepEqual(joined([], 100_000, -200_001), [-1, -1, "TOO_FAR"]);
  const { snapper } = town(STREETS).walkers;
  assert.equal(snapper.joinAcross(100_000, -500_000, 900_000).mm, 500_000);
  assert.equal(snapper.joinAcross(100_000, -500_000, 499_999), null);
});
