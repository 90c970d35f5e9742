// Cards of proposed sites and of the other candidates for new sites.

import { labelOf } from "../data/choices.js";
import { data } from "../data/held.js";
import { amount, numberText, say } from "../data/words.js";
import { shownName } from "../drawing/elements.js";
import { card, origins } from "./card.js";

/** @import { Candidate, CardRow } from "../data/types.js" */

/** @param {Candidate} one */
export const candidateTitle = (one) =>
  one.number === null ? one.label : say("proposed_title", { n: one.number, site: one.label });

/**
 * @param {Candidate} one
 * @returns {CardRow[]}
 */
function gainRows(one) {
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  /** @type {CardRow[]} */
  const rows = [[say("in_reach", { minutes }), amount(one.reached, "persons")]];
  rows.push([say("newly_alone"), amount(one.newly, "persons")]);
  if (one.number !== null) {
    rows.push([say("newly_after"), amount(one.adds, "persons")]);
  }
  if (one.served !== null) {
    rows.push([say("more_served"), amount(one.served, "persons")]);
  }
  return rows;
}

/**
 * The full card.
 *
 * @param {Candidate} one
 */
export function candidateCard(one) {
  /** @type {CardRow[]} */
  const rows = [[say("category"), shownName(labelOf(one.category))]];
  if (one.street) {
    rows.push([say("column_street"), shownName(one.street)]);
  }
  rows.push(...gainRows(one));
  if (one.unknown) {
    rows.push([say("unknown_there"), amount(one.unknown, "persons")]);
  }
  if (one.minutes !== null) {
    rows.push([say("mean_walk"), say("minutes", { n: one.minutes })]);
  }
  if (one.cost !== null) {
    rows.push([say("cost"), numberText(one.cost)]);
  }
  if (one.phase !== null) {
    rows.push([say("phase"), numberText(one.phase)]);
  }
  return card(candidateTitle(one), rows, [], origins("", "candidates", "candidate_id", one.id));
}

/**
 * The short card.
 *
 * @param {Candidate} one
 */
export const candidateBrief = (one) =>
  card(candidateTitle(one), [[say("category"), shownName(labelOf(one.category))], ...gainRows(one)], []);
