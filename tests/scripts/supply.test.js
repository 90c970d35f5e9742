// The supply of places as classes of a picture, and the texts of classes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { range } from "../../coverage/circle15/output/map/scripts/data/words.js";
import { supplyLook, unservedLook } from "../../coverage/circle15/output/map/scripts/drawing/supply.js";
import { study } from "./study.js";

const people = (codes) => ({
  kind: "points",
  column: (name) => (name === "supply:meal" ? Uint8Array.from(codes) : null),
});

test("none and classes are drawn in their colour, unknown is hatched, the rest is left out", () => {
  study({ supply: { meal: { needed: null } }, colours: { gap: ["x"], supply: ["none", "few", "many"] } });
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

test("where a need is stated, the colours are those of the need", () => {
  study({ supply: { meal: { needed: "6" } }, colours: { supply: ["a"], need: ["none", "short"] } });
  assert.deepEqual(supplyLook(people([0]), "meal").colours.gap, ["none", "short"]);
});

test("people turned away have a class, a gap the last colour; the rest is dotted or hatched", () => {
  study({ colours: { gap: ["x"], unserved: ["few", "many", "gap"] } });
  // Two turned away, twelve, all served, some perhaps served, a gap, unknown, not judged.
  const columns = {
    "away:meal": [2e6, 12e6, 0, 0, 0, 0, 0],
    "served:meal": [0, 3e6, 5e6, 4e6, 0, 0, 0],
    "code:meal:15": [0, 0, 0, 0, 1, 2, 255],
  };
  const places = { kind: "points", breaks: [10], column: (name) => columns[name] || null };
  const look = unservedLook(places, "meal", [2, 15, 5, 5, 5, 5, 5]);
  assert.deepEqual([...look.codes], [1, 1, 0, 2, 1, 2, 255]);
  assert.deepEqual([look.level[0], look.level[1], look.level[4]], [0, 1, 2]);
  assert.equal(unservedLook({ ...places, column: () => null }, "meal", []), null);
});
