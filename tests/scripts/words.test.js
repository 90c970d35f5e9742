// Words and numbers: the same as the report prints.

import assert from "node:assert/strict";
import { test } from "node:test";

import { held } from "../../coverage/circle15/output/map/scripts/data/held.js";
import { amount, clock, message, numberText, say } from "../../coverage/circle15/output/map/scripts/data/words.js";
import { study } from "./study.js";

test("a message takes its values, and one that is not there is a fault", () => {
  study({ words: { "map.minutes": "{n} min of {n}", "states.gap": "Gap {missing}" } });
  assert.equal(say("minutes", { n: 15 }), "15 min of 15");
  assert.equal(message("states.gap"), "Gap undefined");
  assert.throws(() => say("nowhere"), /no message map\.nowhere/);
});

test("numbers have two decimals at most, and few people are never none", () => {
  study();
  assert.equal(numberText(1234567), "1,234,567");
  assert.equal(numberText(0.125), "0.13");
  assert.equal(numberText(0.005), "0.01");
  assert.equal(numberText(0.004), "<0.01");
  assert.equal(numberText(0), "0");
  assert.equal(numberText("1 234.5"), "1 234.5");
});

test("an amount that is not known says so, and zero is known", () => {
  study();
  assert.equal(amount(3, "persons"), "3 persons");
  assert.equal(amount(0, "persons"), "0 persons");
  assert.equal(amount(null, "persons"), "not known");
  assert.equal(amount(undefined, "persons"), "not known");
});

test("seconds are whole minutes and the rest", () => {
  assert.deepEqual(clock(0), { m: 0, s: 0 });
  assert.deepEqual(clock(900), { m: 15, s: 0 });
  assert.deepEqual(clock(61), { m: 1, s: 1 });
});

test("nothing is said before the data are read", () => {
  held.data = null;
  assert.throws(() => say("minutes"), /not read yet/);
});
