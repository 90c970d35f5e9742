// The gain map: whom a site at each street corner would newly cover, in towns drawn by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GainMap } from "../../coverage/circle15/output/map/scripts/trials/gain_map.js";
import { Gains, cornersOf, hotSpots } from "../../coverage/circle15/output/map/scripts/trials/gains.js";
import { town } from "./town.js";

/*
 * Three corners in a row, 800 s apart, a home 100 s east of each, of 1, 2 and 4 persons, the last on a
 * blind street of 200 s. Within 900 s a site at the first corner is reached by the first home (100 s)
 * and the second (900 s); one at the second by all (700, 100, 900 s); one at the third or at the blind
 * end by the second (700 or 900 s) and the third.
 */
const ROW = {
  junctions: [[0, 0], [800_000, 0], [1_600_000, 0], [1_800_000, 0]],
  chains: [[0, 1], [1, 2], [2, 3]],
  homes: [[0, 0.125, 0, 1], [1, 0.125, 0, 2], [2, 0.5, 0, 4]],
};

const trialsOf = ({ meta, walkers }) => ({ meta, walkers: [walkers], buffer: new ArrayBuffer(0) });
const trialOf = (trials, sure) => ({ trials, limit: 900_000, people: [{ sure: Uint32Array.from(sure) }] });
const persons = (gain) => [...gain].map((micro) => micro / 1e6);

test("the gain counts each uncovered person once, on whatever side of the corner", () => {
  const gains = new Gains(trialsOf(town(ROW)));
  assert.deepEqual([...gains.corners.x], [0, 800_000, 1_600_000, 1_800_000]);
  gains.begin([[0, 0, 0]], 900_000);
  assert.deepEqual(persons(gains.some(0, 1e6)), [3, 7, 6, 6]);
  // With the second home covered nobody gains it again.
  gains.begin([[0, 3, 0]], 900_000);
  assert.deepEqual(persons(gains.some(0, 1e6)), [1, 5, 4, 4]);
});

test("it is what a trial of the same site counts", () => {
  const { walkers, meta } = town(ROW);
  const gains = new Gains(trialsOf({ walkers, meta }));
  gains.begin([[0, 0, 0]], 900_000);
  [...gains.corners.x].forEach((x, corner) => {
    const { sure } = walkers.reachOf(x, 0, walkers.snapper.join(x, 0), 900_000, 900_000);
    const sum = [...sure.rows].reduce((all, row) => all + walkers.micro[row], 0);
    assert.equal(gains.at(corner), sum);
  });
});

test("corners of several ways of walking occur once", () => {
  const [one, other] = [town(ROW), town({ ...ROW, junctions: [[0, 0], [800_000, 0], [1_600_000, 0], [1_600_000, 200_000]] })];
  const { x, y } = cornersOf([one.walkers, other.walkers]);
  assert.deepEqual([...x].map((east, k) => [east, y[k]]), [[0, 0], [800_000, 0], [1_600_000, 0], [1_800_000, 0], [1_600_000, 200_000]]);
});

test("hot spots are the highest gains at least 150 m apart, none without gain", () => {
  const x = Float64Array.from([0, 100_000, 150_000, 400_000, 900_000]);
  const y = new Float64Array(5);
  const found = hotSpots({ x, y }, Float64Array.from([5, 7, 4, 6, 0]));
  assert.deepEqual(found.map((one) => [one.x, one.gain]), [[100_000, 7], [400_000, 6]]);
  assert.deepEqual(hotSpots({ x, y }, Float64Array.from([5, 4, 5, 0, 0]), 1).map((one) => one.x), [0]);
});

test("without a worker it is computed on the page, and says how far it is", async () => {
  const trials = trialsOf(town(ROW));
  const map = new GainMap(trials, null);
  const seen = [];
  const result = await map.start(trialOf(trials, [0, 0, 0]), (so) => seen.push([so.done, so.spots.length]));
  assert.deepEqual(persons(result.gain), [3, 7, 6, 6]);
  assert.equal(seen.at(-1)[0], 4);
  assert.deepEqual(result.spots.map((one) => one.x), [800_000, 1_600_000, 1_800_000, 0]);
});

test("a change ends the computation before it; where none runs there is nothing to cancel", async () => {
  const trials = trialsOf(town(ROW));
  const map = new GainMap(trials, null);
  map.cancel();
  const first = map.start(trialOf(trials, [0, 0, 0]));
  const second = map.start(trialOf(trials, [1, 1, 0]));
  assert.equal(await first, null);
  assert.deepEqual(persons((await second).gain), [0, 4, 4, 4]);
  const third = map.start(trialOf(trials, [0, 0, 0]));
  map.close();
  assert.equal(await third, null);
});

test("a town without corners gives an empty map", async () => {
  const trials = trialsOf(town({ junctions: [], chains: [] }));
  const result = await new GainMap(trials, null).start(trialOf(trials, []));
  assert.deepEqual([...result.gain, ...result.spots], []);
});

test("a browser that has no worker, or stops it, gets the same map", async () => {
  const trials = trialsOf(town(ROW));
  const asked = [];
  class Refused {
    constructor() {
      setTimeout(() => this.onerror({ preventDefault: () => asked.push("error") }));
    }
    postMessage(question) {
      asked.push(question.kind);
    }
    terminate() {
      asked.push("end");
    }
  }
  globalThis.Worker = Refused;
  try {
    const map = new GainMap(trials, "code");
    const result = await map.start(trialOf(trials, [0, 0, 0]));
    assert.deepEqual(persons(result.gain), [3, 7, 6, 6]);
    assert.deepEqual(asked, ["data", "begin", "error", "end"]);
    globalThis.Worker = function () {
      throw new Error("no memory");
    };
    assert.equal(new GainMap(trials, "code").worker, null);
  } finally {
    delete globalThis.Worker;
  }
});
