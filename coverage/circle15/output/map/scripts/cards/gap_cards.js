// Cards of gap areas.

import { isFull, labelOf } from "../data/choices.js";
import { data } from "../data/held.js";
import { amount, clock, message, numberText, say } from "../data/words.js";
import { element, shownName } from "../drawing/elements.js";
import { card, origins } from "./card.js";

/** @import { Asked, CardRow, GapArea } from "../data/types.js" */

/** @param {number} n */
const people = (n) => amount(n, "persons");

/** @param {GapArea} area */
export const gapTitle = (area) => say(isFull(area) ? "full_area" : "gap_area", { rank: area.rank, n: numberText(area.persons) });

/**
 * The people of the area, then those of the other groups.
 *
 * @param {GapArea} area
 * @returns {CardRow[]}
 */
function groupRows(area) {
  const label = isFull(area) ? say("place_unserved") : say("gap_group", { group: data().group });
  const others = Object.entries(area.groups).map(([group, n]) => /** @type {CardRow} */ ([data().groups[group], people(n)]));
  return [[label, people(area.persons)], ...others];
}

/**
 * What the median time of the area is to: the farthest service lacking, or the nearest site.
 *
 * @param {GapArea} area
 * @returns {CardRow}
 */
const medianRow = (area) => [say(isFull(area) ? "full_median" : "gap_median"), median(area)];

/**
 * The services that the people of an area lack, most people first.
 *
 * @param {GapArea} area
 * @param {Asked} state
 * @returns {CardRow[]}
 */
function lackingRows(area, state) {
  const lacks = Object.entries(area.lacks).sort((a, b) => b[1] - a[1]);
  /** @type {CardRow[]} */
  const rows = lacks.map(([category, n]) => [shownName(labelOf(category)), people(n)]);
  return lacks.length ? [[say("gap_by_service", { minutes: state.cutoff })], ...rows] : [];
}

/**
 * The median walking time of the people, rounded up to the second, as in the report.
 *
 * @param {GapArea} area
 */
function median(area) {
  if (area.median_s === null) {
    return say("place_beyond", { minutes: data().people?.horizon_min });
  }
  return say("gap_time_" + data().judge, clock(Math.ceil(area.median_s)));
}

/**
 * The reason of most people.
 *
 * @param {GapArea} area
 * @returns {CardRow[]}
 */
const reasonRow = (area) =>
  (area.reason === null ? [] : [[message("gap_reasons.column"), message("gap_reasons." + area.reason)]]);

/**
 * People by reason, and whom one change alone would bring within reach.
 *
 * @param {GapArea} area
 * @returns {CardRow[]}
 */
function reasonRows(area) {
  const reasons = Object.entries(area.reasons);
  const changes = Object.entries(area.helped);
  /** @type {CardRow[]} */
  const rows = [];
  if (reasons.length > 1) {
    rows.push([say("gap_by_reason")]);
    rows.push(...reasons.map(([reason, n]) => /** @type {CardRow} */ ([message("gap_reasons." + reason), people(n)])));
  }
  if (changes.length) {
    rows.push([say("gap_changes")]);
    rows.push(...changes.map(([change, n]) => /** @type {CardRow} */ ([message("gap_reasons.with_" + change), people(n)])));
  }
  return rows;
}

/**
 * @param {GapArea} area
 * @returns {CardRow[]}
 */
function zoneRows(area) {
  const level = data().zones.community.length ? "community" : "street";
  /** @type {CardRow[]} */
  const rows = area.zones.map(([k, n]) => [shownName(data().zones[level][k].name), people(n)]);
  if (area.more_zones) {
    rows.push([say("gap_more_zones", { n: numberText(area.more_zones) }), people(area.more_in_zones)]);
  }
  return rows.length ? [[say("gap_zones_" + level)], ...rows] : [];
}

/**
 * @param {GapArea} area
 * @param {Asked} state
 */
export function gapCard(area, state) {
  /** @type {CardRow[]} */
  const rows = [
    ...groupRows(area),
    [say("column_cells"), numberText(area.cells)],
    medianRow(area),
    ...reasonRow(area),
    ...lackingRows(area, state),
    ...reasonRows(area),
    ...zoneRows(area),
  ];
  const minutes = isFull(area) ? Math.max(...data().cutoffs) : state.cutoff;
  const what = [labelOf(state.choice), say("minutes", { n: minutes })].join(" · ");
  const shown = element("p", { class: "c15-source" }, [what]);
  // results.gpkg has the gap areas of the required services at the circle's cutoff only.
  const origin = area.id === null ? [] : origins("", "gap_areas", "area_id", area.id);
  return card(gapTitle(area), rows, [], [shown, ...origin]);
}

/**
 * @param {GapArea} area
 * @param {Asked} state
 */
export const gapBrief = (area, state) =>
  card(gapTitle(area), [medianRow(area), ...reasonRow(area), ...lackingRows(area, state)], []);
