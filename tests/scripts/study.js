// A small study for the tests of the scripts: two services, two cutoffs, three sites.

import { held } from "../../coverage/circle15/output/map/scripts/data/held.js";

/** Put the data of a page in place, with changes; they are what a page has, as far as tests ask. */
export function study(changes = {}) {
  const counts = (...persons) => ({ persons, shares: persons.map((n) => n + "%") });
  held.data = {
    language: "en",
    words: { "map.persons": "{n} persons", "map.not_known": "not known", "map.no_verdict": "none", "verdicts.met": "met", "verdicts.not_met": "not met" },
    cutoffs: [5, 15],
    choices: [
      { id: "all", label: "Circle", colour: "#1f3a5f", categories: ["meal", "care"] },
      { id: "meal", label: "Meals", colour: "#ddaa33", categories: ["meal"] },
      { id: "care", label: "Care", colour: "#117733", categories: ["care"] },
    ],
    basis: {},
    counts: { all: { 5: counts(1, 6, 3), 15: counts(5, 4, 1) } },
    facilities: [
      { id: "1", category: "meal", at: [0, 0], snap: "", unsure: false },
      { id: "2", category: "care", at: null, snap: "NO_POSITION", unsure: false },
      { id: "3", category: "other", at: [1, 1], snap: "TOO_FAR", unsure: false },
    ],
    gaps: { all: { 15: { areas: [{ rank: 1 }], more: 2, more_persons: 7 } } },
    full_gaps: { meal: { areas: [{ rank: 1, reason: "capacity" }], more: 0, more_persons: 0 } },
    siting: { candidates: [], more: 0 },
    ...changes,
  };
  return held.data;
}
