// The search: how text is compared, and in which order entries are found.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findEntries, folded, searched } from "../../coverage/circle15/output/map/scripts/data/folding.js";

test("accents, widths, capitals and signs make no difference", () => {
  assert.equal(folded("  Çafé\u200b  ÅRHUS "), "cafe arhus");
  assert.equal(folded("Ｃ１２－３"), "c12-3");
  assert.equal(folded("Łódź Straße"), "lodz strasse");
  assert.equal(folded("「a」—“b”"), folded('「a」-"b"'));
});

test("an id comes before a name, and both before a part of one", () => {
  const entries = [
    searched("Lake Road 7", "a1", "Meals"), searched("7", "a2", "Meals"), searched("Home", "7", "Care"),
  ];
  assert.deepEqual(findEntries(entries, "7").map((one) => one.name), ["home", "7", "lake road 7"]);
});

test("words may come in any order, and blanks may be missing", () => {
  const entries = [searched("Lake Road Home", "x1", "Care")];
  assert.equal(findEntries(entries, "care lake").length, 1);
  assert.equal(findEntries(entries, "lakeroad").length, 1);
  assert.equal(findEntries(entries, "hill").length, 0);
  assert.equal(findEntries(entries, "  ").length, 0);
  assert.equal(findEntries(entries, "--").length, 0);
});
