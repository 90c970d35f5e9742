// Colours of sites, cutoffs and zones, the same on the map, in its legend and in the search.

import { sumOf } from "../data/choices.js";
import { data } from "../data/held.js";

/** @import { Counts, Symbol } from "../data/types.js" */

/**
 * Colour of a cutoff: the shorter the walk, the darker.
 *
 * @param {number} cutoff
 */
export function servedColour(cutoff) {
  const served = data().colours.served;
  return served[Math.min(data().cutoffs.indexOf(cutoff), served.length - 1)];
}

/**
 * Symbol of a facility: fill and outline by status.
 *
 * @param {string} status
 * @param {string} colour
 * @param {boolean} joined whether it is snapped to the network
 * @param {boolean} [full] whether it has no room left
 * @returns {Symbol}
 */
export function siteStyle(status, colour, joined, full = false) {
  if (status === "open" && joined) {
    return full
      ? { fill: colour, stroke: data().colours.unserved[3], "stroke-width": 2.4 }
      : { fill: colour, stroke: "#ffffff", "stroke-width": 1.3 };
  }
  if (status === "open") {
    return { fill: colour, stroke: "#000000", "stroke-width": 2, "stroke-dasharray": "2 2" };
  }
  if (status === "planned") {
    return { fill: "#ffffff", stroke: colour, "stroke-width": 2.6 };
  }
  return { fill: "#d4d4d4", stroke: "#555555", "stroke-width": 1.3 };
}

/**
 * Symbol of a candidate for a new site.
 *
 * @param {boolean} proposed
 * @param {boolean} helps whether it alone would newly reach people
 * @param {string} [rim] colour of its category, around a proposed site
 * @returns {Symbol}
 */
export function candidateStyle(proposed, helps, rim = "#ffffff") {
  const { proposed: strong, candidate } = data().colours;
  if (proposed) {
    return { fill: strong, stroke: rim, "stroke-width": 3 };
  }
  return helps
    ? { fill: candidate, stroke: strong, "stroke-width": 1.2 }
    : { fill: "#ffffff", stroke: "#777777", "stroke-width": 1 };
}

/** Signs of sites that a scenario changes. @type {Record<string, string>} */
export const SIGNS = { added: "+", opened: "+", closed: "×", moved: "→", changed: "≠" };

/** Colour of a zone of which nothing is known. */
export const NO_SHARE = "#c9c9c9";

/**
 * Colour of a zone by the share of its people who are in the gap.
 *
 * @param {Counts | undefined} counts
 */
export function shareColour(counts) {
  const total = counts ? sumOf(counts) : 0;
  if (!counts || total === 0 || counts.persons[2] * 2 > total) {
    return NO_SHARE;
  }
  const percent = (100 * counts.persons[1]) / total;
  const { share, share_steps: steps } = data().colours;
  return share[steps.filter((bound) => percent >= bound).length];
}

// Line styles from the shortest to the longest cutoff, so that they differ without colour too.
const DASHES = ["1 5", "6 5", "14 5"];

/**
 * Style of the outline of the k-th of n service areas of one facility.
 *
 * @param {number} k
 * @param {number} n
 * @returns {{ color: string, weight: number, dashArray?: string, lineCap: "round" | "butt" }}
 */
export function ownStyle(k, n) {
  const color = data().colours.own;
  if (k === n - 1) {
    return { color, weight: 2.6, lineCap: "butt" };
  }
  const dashArray = DASHES[Math.min(k, DASHES.length - 1)];
  return { color, weight: 2, dashArray, lineCap: dashArray === "1 5" ? "round" : "butt" };
}
