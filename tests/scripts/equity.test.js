// Equity beside the map: which measure is shown, what colours a zone, and what its table lists.

import assert from "node:assert/strict";
import { test } from "node:test";

import { haveOf, measureOf } from "../../coverage/circle15/output/map/scripts/data/equity.js";
import { equityColour } from "../../coverage/circle15/output/map/scripts/drawing/equity.js";
import { listsOf } from "../../coverage/circle15/output/map/scripts/panel/lists.js";
import { study } from "./study.js";

const counts = (...persons) => ({ persons, shares: persons.map((n) => n + "%") });

/** Two zones of a study with supply of meals; of care no minutes are known. */
function measured() {
  const zone = (id, meal, care, covered) => ({
    id, name: id, shape: [], equity: { meal, care }, served: {},
    counts: { meal: { 15: counts(...covered) }, care: { 15: counts(...covered) } },
  });
  const first = zone("a", ["9.0", 1, "30", "0.00", 0], [null, null, null, null, null], [9, 1, 0]);
  const second = zone("b", [null, null, "4", null, null], [null, null, null, null, null], [1, 9, 0]);
  const names = ["name", "column_community", "column_persons", "column_share", "column_minutes", "column_worst", "list_equity_community", "place_unserved"];
  const words = Object.fromEntries(names.map((name) => ["map." + name, name]));
  return study({
    words: { ...words, "states.gap": "gap", "states.unknown": "unknown" },
    equity: { meal: { minutes: { of: "min" }, coverage: {}, supply: { of: "meals" } }, care: { coverage: {} } },
    supply: { meal: { needed: null } },
    served_people: {},
    siting: { candidates: [] }, scenarios: [], residential: [], rules: [],
    zones: { community: [first, second], street: [] },
    colours: { share: ["s0", "s1"], share_steps: [50], supply: ["none", "few"] },
  });
}

const asked = (choice, measure) => ({ choice, measure, cutoff: 15, view: "equity" });

test("a measure stays where the service has it, and gives way where it does not", () => {
  measured();
  assert.equal(measureOf(asked("meal", "supply")), "supply");
  assert.equal(measureOf(asked("care", "supply")), "coverage");
  assert.equal(measureOf(asked("all", "minutes")), null);
});

test("a zone has the colour of its class, and grey where nothing is known", () => {
  const [first, second] = measured().zones.community;
  assert.equal(equityColour(first, asked("meal", "minutes")), "s1");
  assert.equal(equityColour(second, asked("meal", "minutes")), "#c9c9c9");
  assert.equal(equityColour(first, asked("meal", "supply")), "none");
  assert.equal(equityColour(first, asked("meal", "coverage")), "s0");
  assert.equal(equityColour(second, asked("meal", "coverage")), "s1");
  assert.equal(haveOf(first, "unheard"), null);
});

test("the table lists what is measured, the worst off first", () => {
  measured();
  const [known] = listsOf("equity");
  const columns = (measure, choice = "meal") => known.build(asked(choice, measure)).columns.map((one) => one.id);
  assert.deepEqual(columns("minutes"), ["name", "persons", "minutes", "worst"]);
  assert.deepEqual(columns("supply"), ["name", "persons", "supply"]);
  assert.deepEqual(columns("minutes", "care"), ["name", "persons", "share", "gap"]);
  const list = known.build(asked("meal", "minutes"));
  assert.deepEqual(list.sort, { column: "worst", down: true });
  const worst = list.columns.find((one) => one.id === "worst");
  assert.deepEqual(list.rows.map((row) => worst.value(row)), [30, 4]);
  assert.deepEqual(known.build(asked("all", "minutes")).rows, []);
});
