// What is chosen, and what of the data belongs to it.

import { data } from "./held.js";

/** @import { Asked, Counts, Gaps, Site } from "./types.js" */

/** @param {string} id */
export const choiceOf = (id) => data().choices.find((one) => one.id === id) || null;

/**
 * People by state for what is chosen.
 *
 * @param {Asked} state
 * @returns {Counts | undefined}
 */
export const countsOf = (state) => (data().counts[state.choice] || {})[state.cutoff];

/** @param {Counts} counts */
export const sumOf = (counts) => counts.persons.reduce((total, count) => total + count, 0);

/**
 * Categories of what is chosen: one, or all that the circle requires.
 *
 * @param {{ choice: string }} state
 */
export const categoriesOf = (state) => choiceOf(state.choice)?.categories || [];

/** @param {string} category */
export const labelOf = (category) => choiceOf(category)?.label || category;

/**
 * Facilities of the chosen categories, or those of all the others.
 *
 * @param {{ choice: string }} state
 * @param {boolean} chosen
 */
export function sitesOf(state, chosen) {
  const wanted = new Set(categoriesOf(state));
  return data().facilities.filter((site) => wanted.has(site.category) === chosen);
}

/**
 * Name of a row of the facilities; one site may have several.
 *
 * @param {Site} site
 */
export const siteKey = (site) => String(data().facilities.indexOf(site));

/** Sites that did not join the network or are not surely where they are said to be. */
export const lostSites = () => data().facilities.filter((site) => site.at && (site.snap || site.unsure));

/**
 * Gap areas of what is chosen.
 *
 * @param {Asked} state
 * @returns {Gaps}
 */
export function gapsOf(state) {
  const none = { areas: [], more: 0, more_persons: 0 };
  return (data().gaps[state.choice] || {})[state.cutoff] || none;
}

/**
 * Whether a choice is the circle of one service: it is that service and not offered twice.
 *
 * @param {{ id: string, categories: string[] }} choice
 */
const isOne = (choice) => choice.id === "all" && choice.categories.length === 1;

/** The choices that are offered. */
export const offered = () => data().choices.filter((choice) => !isOne(choice));

/** What is chosen when the page opens: the whole circle; "" where there is nothing to choose. */
export function headline() {
  const [first] = data().choices;
  if (!first) {
    return "";
  }
  return isOne(first) ? first.categories[0] : first.id;
}
