// The streets from which a tried site is reached, and the way of a home to it, in towns drawn by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reachedStreets } from "../../coverage/circle15/output/map/scripts/trials/reached.js";
import { homePlace, wayOf } from "../../coverage/circle15/output/map/scripts/trials/ways.js";
import { on, town } from "./town.js";

const words = (lines) => lines.map((one) => one.map(Math.round).join(" ")).sort();
const same = (found, expected) => assert.deepEqual(words(found), words(expected));

/*
 * A cross: junction 0 in the middle, 100 m to each end; the site stands on the eastern arm, 40 m from
 * the middle. In 70 s one comes 70 m: to the end of its arm (60 m), and 30 m into the three others.
 */
const CROSS = {
  junctions: [[0, 0], [100_000, 0], [0, 100_000], [-100_000, 0], [0, -100_000]],
  chains: [[0, 1], [0, 2], [0, 3], [0, 4]],
};

test("streets are cut where the time ends, on the site's own chain too", () => {
  const { walkers } = town(CROSS);
  same(reachedStreets(walkers, on(0, 0.4), 70_000), [
    [0, 0, -30_000, 0], [0, 0, 0, -30_000], [0, 0, 0, 30_000], [0, 0, 100_000, 0],
  ]);
  // 30 s do not bring one to the middle: both cuts lie on the site's own edge.
  same(reachedStreets(walkers, on(0, 0.4), 30_000), [[10_000, 0, 70_000, 0]]);
  // The site's own leg of 20 m costs 20 s.
  same(reachedStreets(walkers, on(0, 0.4, 20_000), 30_000), [[30_000, 0, 50_000, 0]]);
  assert.deepEqual(reachedStreets(walkers, { ...on(-1, 0), code: "TOO_FAR" }, 70_000), []);
});

test("a chain that is reached from both ends is whole where both cuts meet, else two lines", () => {
  // A ring of 400 m: junctions at its west and east, a bend in each half.
  const { walkers } = town({ junctions: [[0, 0], [100_000, 100_000]], chains: [[0, 1, [[0, 100_000]]], [0, 1, [[100_000, 0]]]] });
  // At the western junction: 150 m into either half; as lines from there, past the bend.
  same(reachedStreets(walkers, on(0, 0), 150_000), [
    [0, 0, 0, 100_000, 50_000, 100_000], [0, 0, 100_000, 0, 100_000, 50_000],
  ]);
  same(reachedStreets(walkers, on(0, 0), 200_000), [
    [0, 0, 0, 100_000, 100_000, 100_000], [0, 0, 100_000, 0, 100_000, 100_000],
  ]);
  // In the middle of the first half, 160 s: that half, and 60 m into each end of the other.
  same(reachedStreets(walkers, on(0, 1), 160_000), [
    [0, 0, 0, 100_000, 100_000, 100_000], [0, 0, 60_000, 0], [100_000, 40_000, 100_000, 100_000],
  ]);
});

test("against a one-way edge nothing is reached", () => {
  // 0 → 1 is one way; a site at 1 is reached along it, a site at 0 is not.
  const { walkers } = town({ junctions: [[0, 0], [100_000, 0]], chains: [[0, 1, [], [[100_000, null]]]] });
  same(reachedStreets(walkers, on(0, 1), 30_000), [[70_000, 0, 100_000, 0]]);
  same(reachedStreets(walkers, on(0, 0), 30_000), []);
  same(reachedStreets(walkers, on(0, 0.5), 30_000), [[20_000, 0, 50_000, 0]]);
});

test("of a round trip the time is that there and back", () => {
  // Uphill 100 m take 300 s, downhill 100: from s metres below the site it is 4 s a metre.
  const { walkers } = town({ junctions: [[0, 0], [100_000, 0]], chains: [[0, 1, [], [[300_000, 100_000]]]], roundTrip: true });
  same(reachedStreets(walkers, on(0, 1), 200_000), [[50_000, 0, 100_000, 0]]);
  same(reachedStreets(walkers, on(0, 0.5), 100_000), [[25_000, 0, 75_000, 0]]);
});

test("a home at the rim is within reach where its street is, and not where it is not", () => {
  const homes = [[1, 0.3, 0, 1], [1, 0.301, 0, 2], [2, 0.2, 10_000, 4], [2, 0.2, 10_001, 8]];
  const { walkers } = town({ ...CROSS, homes });
  const { sure } = walkers.reachOf(0, 0, on(0, 0.4), 70_000, 70_000);
  assert.deepEqual([...sure.rows].sort(), [0, 2]);
});

test("a way goes down the times, turns at junctions and bends, and ends at the site", () => {
  const homes = [[0, 0.9, 5_000, 1], [3, 0.5, 0, 1]];
  const { walkers } = town({
    junctions: [[0, 0], [100_000, 0], [0, 50_000]],
    chains: [[0, 1], [0, 2, [[10_000, 0], [10_000, 50_000]]]],
    homes,
  });
  // Chain 1 has edges 1 to 3: 10 m, 50 m, 10 m. The home on edge 3 is 5 m from its end.
  assert.deepEqual(homePlace(walkers, 1), [5_000, 50_000]);
  const near = walkers.spotAt(on(0, 0.2));
  const far = walkers.spotAt(on(0, 0.8, 1_000));
  assert.deepEqual(wayOf(walkers, 1, [[far], [near]]), {
    site: 1, ms: 85_000, ways: [{ ms: 85_000, line: [5_000, 50_000, 10_000, 50_000, 10_000, 0, 0, 0, 20_000, 0] }],
  });
  // On the site's own chain the way is straight; both legs count: 5 s and 1 s.
  assert.deepEqual(wayOf(walkers, 0, [[near], [far]]), {
    site: 1, ms: 16_000, ways: [{ ms: 16_000, line: [90_000, 0, 80_000, 0] }],
  });
  assert.equal(wayOf(walkers, 0, [[far]], 15_999), null);
  assert.equal(wayOf(walkers, 0, [[far], [far]]).site, 0);
});

test("a one-way street sends people round, there and back", () => {
  // A triangle 0 → 1 → 2 → 0 of one-way streets; the home is on the first, the site on the second.
  const one = (ms) => [[ms, null]];
  const { walkers } = town({
    junctions: [[0, 0], [30_000, 0], [0, 40_000]],
    chains: [[0, 1, [], one(30_000)], [1, 2, [], one(50_000)], [2, 0, [], one(40_000)]],
    homes: [[0, 0.5, 0, 1]],
    roundTrip: true,
  });
  const found = wayOf(walkers, 0, [[walkers.spotAt(on(1, 0.4))]]);
  assert.equal(found.ms, 120_000);
  assert.deepEqual(found.ways, [
    { ms: 35_000, line: [15_000, 0, 30_000, 0, 18_000, 16_000] },
    { ms: 85_000, line: [18_000, 16_000, 0, 40_000, 0, 0, 15_000, 0] },
  ]);
});

test("streets of no time are no trap for a way", () => {
  // Between 0 and 1 two streets of no time and a blind one of no time; the site is beyond 1.
  const none = [[0, 0]];
  const { walkers } = town({
    junctions: [[0, 0], [1_000, 0], [0, 1_000], [50_000, 0]],
    chains: [[0, 2, [], none], [0, 1, [], none], [0, 1, [[500, 500]], [[0, 0], [0, 0]]], [1, 3]],
    homes: [[0, 0.5, 0, 1]],
  });
  const { ms, ways: [{ line }] } = wayOf(walkers, 0, [[walkers.spotAt(on(4, 1))]]);
  assert.equal(ms, 49_000);
  assert.deepEqual(line.slice(-4), [1_000, 0, 50_000, 0]);
});
