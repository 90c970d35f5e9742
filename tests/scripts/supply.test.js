// The supply of places as classes of a picture, and the texts of classes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { range } from "../../coverage/circle15/output/map/scripts/data/words.js";
import { supplyLook } from "../../coverage/circle15/output/map/scripts/drawing/supply.js";
import { study } from "./study.js";

const people = (codes) => ({
  kind: "points",
  column: (name) => (name === "supply:meal" ? Uint8Array.from(codes) : null),
});

test("none and classes are drawn in their colour, unknown is hatched, the rest is left out", () => {
  study({ colours: { gap: ["x"], supply: ["none", "few", "many"] } });
  const look = supplyLook(people([0, 1, 2, 254, 255]), "meal");
  assert.deepEqual([...look.codes], [1, 1, 1, 2, 255]);
  assert.deepEqual([...look.level], [0, 1, 2, 0, 0]);
  assert.deepEqual(look.colours.gap, ["none", "few", "many"]);
  assert.equal(look.canvas, null);
});

test("a category without a capacity has no supply", () => {
  study();
  assert.equal(supplyLook(people([]), "care"), null);
});

test("classes are named by their bounds", () => {
  study({ words: { "map.below": "<{to}", "map.between": "{from}-{to}", "map.from": ">={from}" } });
  assert.deepEqual([0, 1, 2].map((k) => range(["2", "5"], k)), ["<2", "2-5", ">=5"]);
});
