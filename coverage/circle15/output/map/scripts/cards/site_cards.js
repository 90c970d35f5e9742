// Cards of facilities.

import { labelOf } from "../data/choices.js";
import { data } from "../data/held.js";
import { amount, numberText, say } from "../data/words.js";
import { element, shownName } from "../drawing/elements.js";
import { card, origins } from "./card.js";

/** @import { CardRow, Site } from "../data/types.js" */

/**
 * People of the judged group who can walk to a facility, within each cutoff.
 *
 * @param {Site} site
 * @returns {CardRow[]}
 */
function reachRows(site) {
  if (site.people === null) {
    return [];
  }
  const cutoffs = data().cutoffs;
  const alone = cutoffs.map((_, k) => (k === cutoffs.length - 1 ? site.people : null));
  const within = site.within?.length ? site.within : alone;
  /** @type {CardRow[]} */
  const rows = cutoffs.map((minutes, k) => [say("in_reach", { minutes }), amount(within[k], "persons")]);
  return [
    [say("reach_of", { group: data().group })],
    ...rows,
    [say("only_here"), amount(site.only_here, "persons")],
  ];
}

/**
 * People that a site has room for, and how many of them it serves.
 *
 * @param {Site} site
 * @returns {CardRow[]}
 */
function roomRows(site) {
  const room = site.room;
  if (!room) {
    return [];
  }
  const served = amount(room.served, "persons");
  return [
    [say("room_for"), amount(room.for, "persons")],
    [say("room_served"), room.full ? element("b", {}, [say("room_full", { served })]) : served],
  ];
}

/** @param {Site} site */
function siteNotes(site) {
  const notes = [];
  if (site.room?.idle) {
    notes.push(say("room_idle"));
  }
  if (site.joining || site.snap) {
    notes.push(site.joining || say("unsnapped_" + site.snap));
  } else if (site.people === null) {
    notes.push(say("not_counted"));
  }
  if (site.unsure) {
    notes.push(say("position_unsure"));
  }
  return notes;
}

/** @param {Site} site */
export function facilityCard(site) {
  /** @type {CardRow[]} */
  const capacity = Object.entries(site.capacity).map(([key, value]) => [say("capacity_" + key), numberText(value)]);
  /** @type {CardRow[]} */
  const id = site.made ? [] : [[say("id"), shownName(site.id)]];
  /** @type {CardRow[]} */
  const rows = [
    ...id,
    [say("category"), shownName(labelOf(site.category))],
    [say("status"), say("status_" + site.status)],
    [say("floor_area"), amount(site.area, "m2")],
    ...(capacity.length ? capacity : /** @type {CardRow[]} */ ([[say("capacity"), say("not_known")]])),
    ...roomRows(site),
    ...reachRows(site),
  ];
  const sources = origins(site.source, "facilities", "facility_id", site.id);
  return card(site.name || site.id, rows, siteNotes(site), sources);
}

/** @param {Site} site */
export function facilityBrief(site) {
  /** @type {CardRow[]} */
  const rows = [[say("category"), shownName(labelOf(site.category))], ...roomRows(site), ...reachRows(site).slice(0, -1)];
  if (site.status !== "open") {
    rows.splice(1, 0, [say("status"), say("status_" + site.status)]);
  }
  return card(site.name || site.id, rows, siteNotes(site));
}
