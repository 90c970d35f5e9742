// Where homes join and how many people they have, from their columns and the people layer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeHomes, placesOf } from "../../coverage/circle15/output/map/scripts/trials/homes.js";
import { sharesOf } from "../../coverage/circle15/output/map/scripts/trials/points.js";
import { mapped, nearestOn } from "../../coverage/circle15/output/map/scripts/trials/streets.js";
import { town } from "./town.js";

const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);

test("places are read from how their steps differ", () => {
  // 5, 15, 25, 20: steps 5, 10, 10, −5; of these the differences 5, 5, 0, −15.
  const read = (name) => (name === "place_x" ? [5, 5, 0, -15] : [0, 0, 0, 0]).map(zigzag);
  const [x, y] = placesOf(read);
  assert.deepEqual([...x], [5, 15, 25, 20]);
  assert.deepEqual([...y], [0, 0, 0, 0]);
});

test("a fraction is read from its bytes, the lowest ones first", () => {
  // 0.5 is 3FE0…, 1 is 3FF0….
  assert.deepEqual([...sharesOf([...Array(12).fill(0), 0xe0, 0xf0, 0x3f, 0x3f])], [0.5, 1]);
  assert.deepEqual([...sharesOf([])], []);
});

test("the nearest place of an edge counts from its first node as mapped", () => {
  const { walkers: { streets } } = town({ junctions: [[0, 0], [10_000, 0]], chains: [[0, 1]] });
  assert.deepEqual(mapped(streets, 0, [1_000, 2_000]), [1, 2, 11, 2]);
  assert.deepEqual(mapped({ ...streets, turned: [1] }, 0, [1_000, 2_000]), [11, 2, 1, 2]);
  assert.deepEqual(nearestOn(1, 2, 11, 2, 4, 6), { share: 0.3, x: 4, y: 2, m: 4 });
  assert.deepEqual(nearestOn(1, 2, 11, 2, 20, 2), { share: 1, x: 11, y: 2, m: 9 });
  assert.deepEqual(nearestOn(1, 2, 1, 2, 1, 3), { share: 0, x: 1, y: 2, m: 1 });
});

test("a home joins where its edge is nearest, or where it is said to", () => {
  const { walkers: { streets } } = town({ junctions: [[0, 0], [10_000, 0]], chains: [[0, 1]] });
  // Two places: the first of parts 0 and 1, the second of part 2; home 2 has no part, home 3 joins no street.
  const living = { parts: [2, 1], micro: [7, 8, 9], x: Float64Array.from([2_500, 7_500]), y: Float64Array.from([3_000, 0]) };
  const columns = {
    home_edge: [0, 0, 0], home_part: [1, 2, 3, 0], home_micro: [0, -2, 5, 1].map(zigzag),
    home_exact: [2], home_leg: [44], home_share: [0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
  };
  const { homes, micro, places } = decodeHomes((name) => columns[name], streets, living, [0, 0], (mm) => 2 * mm);
  assert.equal(homes.n, 3);
  assert.deepEqual([...homes.share], [0.25, 0.75, 1]);
  assert.deepEqual([...homes.leg], [6_000, 0, 44]);
  assert.deepEqual([...micro], [8, 7, 5, 8]);
  assert.deepEqual([...places], [0, 1, 2, 0]);
});
