// The current choice, and the data that belong to it.

import { data } from "./held.js";

/** @import { Asked, Candidate, Counts, GapArea, Gaps, Site } from "./types.js" */

/** @param {string} id */
export const choiceOf = (id) => data().choices.find((one) => one.id === id) || null;

/**
 * People by state for the current choice and cutoff.
 *
 * @param {Asked} state
 * @returns {Counts | undefined}
 */
export const countsOf = (state) => (data().counts[state.choice] || {})[state.cutoff];

/** @param {Counts} counts */
export const sumOf = (counts) => counts.persons.reduce((total, count) => total + count, 0);

/**
 * Categories of the current choice: one, or all required ones.
 *
 * @param {{ choice: string }} state
 */
export const categoriesOf = (state) => choiceOf(state.choice)?.categories || [];

/** @param {string} category */
export const labelOf = (category) => choiceOf(category)?.label || category;

/**
 * Facilities of the chosen categories, or of all other categories.
 *
 * @param {{ choice: string }} state
 * @param {boolean} chosen
 */
export function sitesOf(state, chosen) {
  const wanted = new Set(categoriesOf(state));
  return data().facilities.filter((site) => wanted.has(site.category) === chosen);
}

/**
 * Title of a facility row; a site in several categories has several rows.
 *
 * @param {Site} site
 */
export const siteKey = (site) => String(data().facilities.indexOf(site));

/** Sites that are unsnapped or whose position is unsure. */
export const lostSites = () => data().facilities.filter((site) => site.at && (site.snap || site.unsure));

/**
 * Gap areas of the current choice and cutoff.
 *
 * @param {Asked} state
 * @returns {Gaps}
 */
export function gapsOf(state) {
  const none = { areas: [], more: 0, more_persons: 0 };
  return (data().gaps[state.choice] || {})[state.cutoff] || none;
}

/**
 * Areas of people whom full sites of the current choice turn away, in the circle.
 *
 * @param {{ choice: string }} state
 * @returns {Gaps}
 */
export const fullGapsOf = (state) => data().full_gaps[state.choice] || { areas: [], more: 0, more_persons: 0 };

/**
 * Whether an area is one of people whom full sites turn away.
 *
 * @param {GapArea} area
 */
export const isFull = (area) => area.reason === "capacity";

/**
 * Candidates for new sites of the chosen categories, the proposed ones among them.
 *
 * @param {{ choice: string }} state
 */
export function candidatesOf(state) {
  const wanted = new Set(categoriesOf(state));
  return data().siting.candidates.filter((one) => wanted.has(one.category));
}

/**
 * The proposed sites among the candidates of a choice, by question, in the order of building.
 *
 * @param {{ choice: string }} state
 * @returns {Map<string, Candidate[]>}
 */
export function proposedOf(state) {
  /** @type {Map<string, Candidate[]>} */
  const found = new Map();
  for (const one of candidatesOf(state).filter((each) => each.number !== null)) {
    found.set(one.question, [...(found.get(one.question) || []), one]);
  }
  found.forEach((sites) => sites.sort((a, b) => Number(a.number) - Number(b.number)));
  return found;
}

/**
 * The number of a proposed site on the map, with a letter for its question if there are several.
 *
 * @param {Candidate} one
 * @param {Map<string, Candidate[]>} proposed
 */
export function markOf(one, proposed) {
  const letter = proposed.size > 1 ? String.fromCharCode(65 + ([...proposed.keys()].indexOf(one.question) % 26)) : "";
  return letter + one.number;
}

/**
 * @param {Candidate} one
 */
export const candidateKey = (one) => one.question + "/" + one.id;

/**
 * Whether a choice is `all` with a single category, which is not offered twice.
 *
 * @param {{ id: string, categories: string[] }} choice
 */
const isOne = (choice) => choice.id === "all" && choice.categories.length === 1;

/** The choices offered. */
export const offered = () => data().choices.filter((choice) => !isOne(choice));

/** The initial choice: the first one offered; "" if there is none. */
export function headline() {
  const [first] = data().choices;
  if (!first) {
    return "";
  }
  return isOne(first) ? first.categories[0] : first.id;
}
