// Equity of the chosen service: its measures, and what a zone has of it.

import { data } from "./held.js";

/** @import { Evenness, Measure, State, Zone } from "./types.js" */

/** @type {Measure[]} */
export const MEASURES = ["minutes", "coverage", "supply"];

/**
 * Whether a measure is known of the chosen service; none is of several services together.
 *
 * @param {Pick<State, "choice">} state
 * @param {Measure} measure
 */
export const isMeasured = (state, measure) => Boolean(data().equity[state.choice]?.[measure]);

/**
 * The chosen measure, or the first one known of the service; null if there is none.
 *
 * @param {Pick<State, "choice" | "measure">} state
 * @returns {Measure | null}
 */
export function measureOf(state) {
  const known = MEASURES.filter((one) => isMeasured(state, one));
  return known.includes(state.measure) ? state.measure : known[0] || null;
}

/**
 * @param {Pick<State, "choice" | "measure">} state
 * @returns {Evenness | null}
 */
export function evennessOf(state) {
  const measure = measureOf(state);
  return (measure && data().equity[state.choice]?.[measure]) || null;
}

/**
 * What the people of a zone have of a category; null if nothing is known.
 *
 * @param {Pick<Zone, "equity">} zone
 * @param {string} category
 */
export function haveOf(zone, category) {
  const own = zone.equity[category];
  if (!own) {
    return null;
  }
  const [minutes, minutesClass, worst, supply, supplyClass] = own;
  return { minutes, minutesClass, worst, supply, supplyClass };
}
