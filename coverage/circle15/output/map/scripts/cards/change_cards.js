// Cards of sites that a scenario changes.

import { labelOf } from "../data/choices.js";
import { data } from "../data/held.js";
import { message, say } from "../data/words.js";
import { shownName } from "../drawing/elements.js";
import { card, origins } from "./card.js";

/** @import { CardRow, ChangedSite } from "../data/types.js" */

/** @param {ChangedSite} site */
export const changeTitle = (site) => message("scenarios.site_" + site.change) + say("colon") + site.name;

/**
 * @param {ChangedSite} site
 * @returns {CardRow[]}
 */
function rowsOf(site) {
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  /** @type {CardRow[]} */
  const rows = [[say("category"), shownName(labelOf(site.category))]];
  if (site.fields) {
    rows.push([say("changed_fields"), site.fields]);
  }
  if (site.today !== null && site.then !== null) {
    rows.push([say("in_reach", { minutes })], [message("scenarios.today"), site.today], [message("scenarios.then"), site.then]);
  }
  return rows;
}

/**
 * The full card.
 *
 * @param {ChangedSite} site
 */
export const changeCard = (site) =>
  card(changeTitle(site), rowsOf(site), [], origins("", "scenario_sites", "facility_id", site.id));

/**
 * The short card.
 *
 * @param {ChangedSite} site
 */
export const changeBrief = (site) => card(changeTitle(site), rowsOf(site), []);
