// The chosen scenario, and what it changes for the chosen category and cutoff.

import { categoriesOf } from "./choices.js";
import { needed } from "./columns.js";
import { data } from "./held.js";

/** @import { Asked, People, Scenario, State } from "./types.js" */

/** What a scenario does at a home, by the codes of the page. */
export const CHANGES = ["gained", "lost", "new_home", "gap", "unknown"];

/**
 * The chosen scenario; null if the study has none.
 *
 * @param {{ scenario: number }} state
 * @returns {Scenario | null}
 */
export const scenarioOf = (state) => data().scenarios[state.scenario] || null;

/**
 * Printed numbers of people of a scenario for a choice and cutoff.
 *
 * @param {Scenario} scenario
 * @param {Asked} asked
 */
export const figuresOf = (scenario, asked) => scenario.figures[asked.choice]?.[asked.cutoff] || null;

/**
 * Whether any home changes.
 *
 * @param {Scenario} scenario
 * @param {Asked} asked
 */
export function changesAny(scenario, asked) {
  const found = figuresOf(scenario, asked);
  return found !== null && [found.gain, found.lose, found.new || "0"].some((one) => one !== "0");
}

/**
 * Sites of the chosen categories that the scenario changes.
 *
 * @param {Scenario} scenario
 * @param {{ choice: string }} state
 */
export function changedSites(scenario, state) {
  const wanted = new Set(categoriesOf(state));
  return scenario.sites.filter((site) => wanted.has(site.category));
}

/**
 * Index in `CHANGES` of every place that the scenario changes, by the index of the place.
 *
 * @param {People} people
 * @param {State} state
 * @returns {Map<number, number>}
 */
export function changedPlaces(people, state) {
  const key = state.scenario + ":" + state.choice + ":" + state.cutoff;
  if (!people.column("changed:" + key)) {
    return new Map();
  }
  const place = needed(people, "changed:" + key);
  const change = needed(people, "change:" + key);
  return new Map(Array.from(place, (k, i) => [k, change[i]]));
}
