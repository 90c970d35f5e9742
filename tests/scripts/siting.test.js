// Candidates for new sites: which are shown for a choice, and the table of the proposed ones.

import assert from "node:assert/strict";
import { test } from "node:test";

import { candidateKey, candidatesOf } from "../../coverage/circle15/output/map/scripts/data/choices.js";
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
