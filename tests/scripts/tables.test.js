// The tables beside the map: sorting, printed numbers, and verdicts counted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeOf, tally } from "../../coverage/circle15/output/map/scripts/panel/columns.js";
import { comparing } from "../../coverage/circle15/output/map/scripts/panel/table.js";
import { study } from "./study.js";

const sorted = (values, down) => [...values].sort(comparing({ value: (one) => one }, down, "zh"));

test("what is missing comes last whichever way is sorted", () => {
  assert.deepEqual(sorted([null, 2, 10, 1], false), [1, 2, 10, null]);
  assert.deepEqual(sorted([null, 2, 10, 1], true), [10, 2, 1, null]);
});

test("numbers in names are counted, not spelled", () => {
  assert.deepEqual(sorted(["社区10", "社区9", "社区1"], false), ["社区1", "社区9", "社区10"]);
});

test("a printed number sorts by what it says", () => {
  assert.equal(sizeOf("1,234.5"), 1234.5);
  assert.equal(sizeOf("−3"), -3);
  assert.equal(sizeOf("0"), 0);
  assert.equal(sizeOf(null), null);
});

test("verdicts are counted, the worst first", () => {
  study();
  const rows = ["met", "", "not_met", "met"].map((verdict) => ({ verdict }));
  assert.equal(tally(rows), "not met 1 · met 2 · none 1");
  assert.equal(tally([]), "");
});
