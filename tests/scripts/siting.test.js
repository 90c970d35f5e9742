// Candidates for new sites: which are shown for a choice, and the table of the proposed ones.

import assert from "node:assert/strict";
import { test } from "node:test";

import { candidateKey, candidatesOf, markOf, proposedOf } from "../../coverage/circle15/output/map/scripts/data/choices.js";
import { candidateStyle } from "../../coverage/circle15/output/map/scripts/drawing/styles.js";
import { study } from "./study.js";

const one = (id, category, number = null) => ({ question: "q", id, category, number });
const siting = { candidates: [one("a", "meal", 1), one("b", "care"), one("c", "other")], more: 0 };

test("candidates of the chosen category, or of all that the circle requires", () => {
  study({ siting });
  const shown = (choice) => candidatesOf({ choice }).map((found) => found.id);
  assert.deepEqual(shown("meal"), ["a"]);
  assert.deepEqual(shown("all"), ["a", "b"]);
  assert.deepEqual(shown("none"), []);
  assert.equal(candidateKey(siting.candidates[0]), "q/a");
});

test("a proposed site, a candidate that helps and one that does not look different", () => {
  study({ colours: { proposed: "#111111", candidate: "#222222" } });
  const fills = [candidateStyle(true, true), candidateStyle(false, true), candidateStyle(false, false)].map((look) => look.fill);
  assert.equal(new Set(fills).size, 3);
  assert.equal(candidateStyle(true, false).fill, fills[0]);
});

test("sites of several questions are told apart by a letter, and stand in the order of building", () => {
  const two = { ...one("d", "care", 1), question: "r" };
  const candidates = [one("a", "meal", 2), one("b", "meal", 1), two, one("e", "care")];
  study({ siting: { candidates, more: 0 } });
  const all = proposedOf({ choice: "all" });
  assert.deepEqual([...all.values()].map((each) => each.map((site) => site.id)), [["b", "a"], ["d"]]);
  assert.deepEqual([...all.values()].flat().map((site) => markOf(site, all)), ["A1", "A2", "B1"]);
  const meals = proposedOf({ choice: "meal" });
  assert.deepEqual([...meals.values()].flat().map((site) => markOf(site, meals)), ["1", "2"]);
});
