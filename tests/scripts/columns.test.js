// Columns of the people layer, unpacked from the bytes that Python has packed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { columnsOf, levelOf, needed, partsOfPlaces, stateOf } from "../../coverage/circle15/output/map/scripts/data/columns.js";
import { inflated } from "../../coverage/circle15/output/map/scripts/data/unpack.js";

test("planes and steps are those of the docstring of pack_columns", () => {
  const bytes = Uint8Array.from([0x01, 0x02, 0x00, 0x01, 0x05, 0xff]);
  const column = columnsOf([["a", 2, 2, 0], ["b", 2, 1, 1]], bytes.buffer);
  assert.deepEqual([...column("b")], [5, 4]);
  assert.deepEqual([...column("a")], [1, 258]);
  assert.equal(column("a"), column("a"));
  assert.equal(column("c"), null);
});

test("seven bytes hold 2⁵³ exactly", () => {
  const bytes = Uint8Array.from([0, 0, 0, 0, 0, 0, 0x20]);
  assert.deepEqual([...columnsOf([["n", 1, 7, 0]], bytes.buffer)("n")], [2 ** 53]);
});

test("a width that Python does not write is refused", () => {
  assert.throws(() => columnsOf([["n", 1, 3, 0]], new ArrayBuffer(3))("n"), /values of 3 bytes/);
});

test("a block is inflated", async () => {
  const packed = deflateSync(Buffer.from("people")).toString("base64");
  assert.equal(new TextDecoder().decode(await inflated(packed)), "people");
  await assert.rejects(inflated("AAAA"));
});

// Two places: the first of two parts with 1.5 and 0.5 persons, the second of one with 3.
const people = {
  n: 2,
  breaks: [1, 3],
  codes: ["covered", "gap", "UNREACHABLE"],
  column: (name) => ({ parts: [2, 1], micro: [1_500_000, 500_000, 3_000_000] })[name] || null,
};

test("people of a place are the sum of its parts", () => {
  const { first, persons } = partsOfPlaces(people);
  assert.deepEqual([...first], [0, 2, 3]);
  assert.deepEqual([...persons], [2, 3]);
  assert.throws(() => needed(people, "left"), /no column left/);
});

test("a code is a state with its reason, and 255 is none", () => {
  assert.deepEqual(stateOf(people, 0), ["covered", ""]);
  assert.deepEqual(stateOf(people, 1), ["gap", ""]);
  assert.deepEqual(stateOf(people, 2), ["unknown", "UNREACHABLE"]);
  assert.equal(stateOf(people, 255), null);
});

test("a bound belongs to the class above it", () => {
  assert.deepEqual([0.5, 1, 2.9, 3, 9].map((n) => levelOf(people, n)), [0, 1, 1, 2, 2]);
});
