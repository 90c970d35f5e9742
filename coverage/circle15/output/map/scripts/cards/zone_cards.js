// Cards of subdistricts, communities and residential zones.

import { categoriesOf, labelOf, sumOf } from "../data/choices.js";
import { haveOf } from "../data/equity.js";
import { data } from "../data/held.js";
import { amount, message, say } from "../data/words.js";
import { shownName } from "../drawing/elements.js";
import { card, origins } from "./card.js";

/** @import { Asked, CardRow, Counts, Residential, Zone } from "../data/types.js" */

/**
 * Rows of people by state: name, persons and per cent.
 *
 * @param {Counts} counts
 * @returns {CardRow[]}
 */
const stateRows = (counts) => ["covered", "gap", "unknown"].map((state, k) => [message("states." + state), people(counts, k)]);

/**
 * People of a state, with their share.
 *
 * @param {Counts} counts
 * @param {number} k index of the state
 */
const people = (counts, k) => amount(counts.persons[k], "persons") + " · " + counts.shares[k];

/**
 * @param {Zone} zone
 * @param {Asked} state
 */
export function areaBrief(zone, state) {
  const counts = (zone.counts[state.choice] || {})[state.cutoff];
  if (!counts) {
    return card(zone.name, [], [say("no_counts")]);
  }
  return card(zone.name, [[data().group, amount(sumOf(counts), "persons")], ...stateRows(counts)], []);
}

/**
 * The people out of reach of each required service, if all services together are chosen.
 *
 * @param {Zone} zone
 * @param {Asked} state
 * @returns {CardRow[]}
 */
function missingServices(zone, state) {
  const asked = categoriesOf(state);
  const known = asked.filter((category) => (zone.counts[category] || {})[state.cutoff]);
  if (asked.length < 2 || known.length < asked.length) {
    return [];
  }
  /** @type {CardRow[]} */
  const rows = known.map((category) => [
    shownName(labelOf(category)), people(zone.counts[category][state.cutoff], 1),
  ]);
  return [[say("gap_by_service", { minutes: state.cutoff })], ...rows];
}

/**
 * @param {Zone} zone
 * @param {Asked} state
 */
export function areaCard(zone, state) {
  const found = zone.counts[state.choice] || {};
  const cutoffs = data().cutoffs.filter((minutes) => found[minutes]);
  /** @type {CardRow[]} */
  const rows = [[say("id"), shownName(zone.id)]];
  if (cutoffs.length) {
    rows.push([data().group, amount(sumOf(found[cutoffs[0]]), "persons")]);
  }
  if (cutoffs.includes(state.cutoff)) {
    rows.push([say("area_of", { what: labelOf(state.choice), minutes: state.cutoff })]);
    rows.push(...stateRows(found[state.cutoff]));
  }
  for (const minutes of cutoffs.filter((one) => one !== state.cutoff)) {
    rows.push([say("gap_within", { minutes }), people(found[minutes], 1)]);
  }
  rows.push(...missingServices(zone, state));
  rows.push(...servedRows(zone, state), ...equityRows(zone, state));
  const notes = cutoffs.length ? [] : [say("no_counts")];
  return card(zone.name, rows, notes, origins(zone.source, "zones", "zone_id", zone.id));
}

/**
 * People who are served and who are covered and not served, by service with covered people, within the circle.
 *
 * @param {Zone} zone
 * @param {Asked} state
 * @returns {CardRow[]}
 */
function servedRows(zone, state) {
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  return categoriesOf(state).flatMap((category) => {
    const served = zone.served[category];
    /** @type {CardRow[]} */
    const rows = served && served.persons[0] + served.persons[1]
      ? [
        [say("zone_capacity", { what: labelOf(category), minutes })],
        [say("room_served"), people(served, 0)],
        [say("place_unserved"), people(served, 1)],
      ]
      : [];
    return rows;
  });
}

/**
 * Mean walk, people among the worst off and supply, of one service.
 *
 * @param {Zone} zone
 * @param {Asked} state
 * @returns {CardRow[]}
 */
function equityRows(zone, state) {
  const have = haveOf(zone, state.choice);
  const supply = data().supply[state.choice];
  /** @type {[string, string | null | undefined][]} */
  const rows = [
    [say("equity_of_minutes"), have?.minutes],
    [say("column_worst"), have?.worst],
    [supply ? say("place_supply", { unit: supply.unit, people: supply.people }) : "", have?.supply],
  ];
  return rows.flatMap(([name, text]) => (text === null || text === undefined ? [] : [[name, text]]));
}

/** @param {Residential} zone */
const verdictOf = (zone) => (zone.verdict ? message("verdicts." + zone.verdict) : say("no_verdict"));

/** @param {Residential} zone */
export function zoneBrief(zone) {
  /** @type {CardRow[]} */
  const rows = [[say("verdict"), verdictOf(zone)]];
  if (zone.sheet) {
    rows.push([say("required"), amount(zone.sheet.required, "m2")]);
    rows.push([say("counted"), amount(zone.sheet.counted, "m2")]);
  }
  return card(zone.name, rows, []);
}

/** Floor areas of a zone, in the order of its card. */
const AREAS = /** @type {const} */ (["required", "counted", "plain_sum", "plain_gap", "shortfall"]);

/** @param {Residential} zone */
export function zoneCard(zone) {
  const sheet = zone.sheet;
  /** @type {CardRow[]} */
  const rows = [
    [say("id"), shownName(zone.id)],
    [say("verdict"), verdictOf(zone)],
    [say("kind"), say("kind_" + zone.kind)],
    [say("households"), amount(sheet ? sheet.households : zone.households, "count")],
  ];
  const notes = [];
  if (sheet) {
    for (const key of AREAS) {
      rows.push([say(key), amount(sheet[key], "m2")]);
    }
    for (const [reading, verdict] of Object.entries(sheet.readings)) {
      const judged = reading === sheet.reading ? "reading_judged" : "reading";
      rows.push([say(judged, { reading }), message("verdicts." + verdict)]);
    }
    if (sheet.reading_dependent) {
      notes.push(say("reading_dependent"));
    }
    if (sheet.pool) {
      notes.push(say("pooled", { pool: sheet.pool }));
    }
  }
  for (const one of zone.circle) {
    const state = message("states." + one.state);
    rows.push([shownName(one.label), say("worst_home", { state, time: one.worst })]);
  }
  return card(zone.name, rows, notes, origins(zone.source, "residential_zones", "zone_id", zone.id));
}
