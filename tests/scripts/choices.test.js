// What is chosen, and what of the data belongs to it.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  categoriesOf, countsOf, fullGapsOf, gapsOf, headline, isFull, labelOf, lostSites, offered, siteKey, sitesOf, sumOf,
} from "../../coverage/circle15/output/map/scripts/data/choices.js";
import { study } from "./study.js";

test("counts are those of the choice and cutoff, and sum to all", () => {
  study();
  assert.deepEqual(countsOf({ choice: "all", cutoff: 15 }).persons, [5, 4, 1]);
  assert.equal(sumOf(countsOf({ choice: "all", cutoff: 5 })), 10);
  assert.equal(countsOf({ choice: "all", cutoff: 10 }), undefined);
  assert.equal(countsOf({ choice: "", cutoff: 15 }), undefined);
});

test("the circle has its categories, and sites are inside or outside of a choice", () => {
  study();
  assert.deepEqual(categoriesOf({ choice: "all" }), ["meal", "care"]);
  assert.deepEqual(categoriesOf({ choice: "gone" }), []);
  assert.deepEqual(sitesOf({ choice: "all" }, true).map((site) => site.id), ["1", "2"]);
  assert.deepEqual(sitesOf({ choice: "meal" }, false).map((site) => site.id), ["2", "3"]);
  assert.equal(labelOf("care"), "Care");
  assert.equal(labelOf("gone"), "gone");
});

test("a site that did not join is shown where it is known where it is", () => {
  const { facilities } = study();
  assert.deepEqual(lostSites().map((site) => site.id), ["3"]);
  assert.equal(siteKey(facilities[1]), "1");
});

test("a circle of one service is that service", () => {
  study();
  assert.equal(headline(), "all");
  assert.equal(offered().length, 3);
  const one = { id: "all", label: "Circle", colour: "", categories: ["meal"] };
  study({ choices: [one, { ...one, id: "meal" }] });
  assert.equal(headline(), "meal");
  assert.deepEqual(offered().map((choice) => choice.id), ["meal"]);
  study({ choices: [] });
  assert.equal(headline(), "");
});

test("gap areas that are not there are none", () => {
  study();
  assert.equal(gapsOf({ choice: "all", cutoff: 15 }).more_persons, 7);
  assert.deepEqual(gapsOf({ choice: "meal", cutoff: 15 }), { areas: [], more: 0, more_persons: 0 });
});

test("areas of full sites are those of the category, and are told from gaps by their reason", () => {
  study();
  assert.deepEqual(fullGapsOf({ choice: "meal" }).areas.map(isFull), [true]);
  assert.deepEqual(fullGapsOf({ choice: "all" }).areas, []);
  assert.equal(isFull(gapsOf({ choice: "all", cutoff: 15 }).areas[0]), false);
});
