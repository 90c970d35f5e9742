// Cards of the places where people live: their people, states, minutes, reasons, zones and source.

import { choiceOf, labelOf } from "../data/choices.js";
import { needed, stateOf } from "../data/columns.js";
import { data, held } from "../data/held.js";
import { CHANGES } from "../data/scenarios.js";
import { amount, clock, message, numberText, say } from "../data/words.js";
import { element, shownName } from "../drawing/elements.js";
import { knownPlaces } from "../drawing/places.js";
import { card, inputOf } from "./card.js";

/** @import { Asked, CardRow, Child, KnownPlaces, NewHome, People } from "../data/types.js" */

// The lowest class of supply, from 1 up, in which people have what they need.
const ENOUGH = 3;

/**
 * The card of a place.
 *
 * @param {People} people
 * @param {number} k
 * @param {Asked} state
 * @param {number} [change] what the shown scenario does there, an index in `CHANGES`
 */
export function placeCard(people, k, state, change) {
  const known = knownPlaces(people);
  const asked = choiceOf(state.choice)?.categories || [];
  /** @type {CardRow[]} */
  const rows = [[data().group_drawn, amount(known.persons[k], "persons")]];
  /** @type {Set<string>} */
  const reasons = new Set();
  for (const category of [state.choice, ...(asked.includes(state.choice) ? [] : asked)]) {
    const codes = needed(people, "code:" + category + ":" + state.cutoff);
    const found = stateOf(people, codes[k]);
    const word = element("b", {}, [found ? message("states." + found[0]) : say("not_known")]);
    rows.push([labelOf(category), element("span", {}, [word, ...nearest(people, k, category)])]);
    if (found && found[1]) {
      reasons.add(found[1]);
    }
  }
  if (change !== undefined) {
    const word = message("scenarios.change_" + CHANGES[change]);
    rows.push([message("scenarios.scenario"), element("b", {}, [word])]);
  }
  const notes = [...reasons].map((one) =>
    say("place_reason", { reason: message("reasons." + one), settle: message("reasons." + one + "_settle") })
  );
  rows.push(...asked.flatMap((category) => supplyRow(people, k, category)));
  rows.push(...asked.flatMap((category) => servedRows(people, k, category)));
  notes.push(...asked.flatMap((category) => fullNote(people, k, category)));
  const { names, source } = partsOf(people, known, k);
  rows.push(...names);
  return card(say("place_" + people.kind, { minutes: state.cutoff }), rows, notes, inputOf(source));
}

/**
 * The card of a home that only a scenario has.
 *
 * @param {NewHome} home
 * @param {string} change a word of `CHANGES`
 */
export const newHomeCard = (home, change) =>
  card(say("new_home"), [
    [data().group, amount(home.persons, "persons")],
    [message("scenarios.scenario"), element("b", {}, [message("scenarios.change_" + change)])],
  ], []);

/**
 * The supply that each person of a place can reach; nothing for a category without a capacity.
 *
 * @param {People} people
 * @param {number} k
 * @param {string} category
 * @returns {CardRow[]}
 */
function supplyRow(people, k, category) {
  const own = data().supply[category];
  const codes = people.column("supply:" + category);
  if (!own || !codes || codes[k] === 255) {
    return [];
  }
  const label = say("place_supply", { unit: own.unit, people: own.people });
  if (codes[k] === 254) {
    return [[label, say("not_known")]];
  }
  if (!codes[k]) {
    return [[label, say("supply_none")]];
  }
  const n = numberText(needed(people, "amount:" + category)[k] / 100);
  const step = codes[k] < ENOUGH ? "place_supply_short" : "place_supply_enough";
  return [[label, own.needed ? say(step, { n, needed: own.needed }) : n]];
}

/**
 * People of a place who are served and who are not; nothing where needs are not known.
 *
 * @param {People} people
 * @param {number} k
 * @param {string} category
 * @returns {CardRow[]}
 */
function servedRows(people, k, category) {
  const [served, away] = [people.column("served:" + category), people.column("away:" + category)];
  if (!served || !away || served[k] + away[k] === 0) {
    return [];
  }
  const away_people = element("b", {}, [amount(away[k] / 1e6, "persons")]);
  return [
    [say("place_served", { what: labelOf(category) }), amount(served[k] / 1e6, "persons")],
    ...(away[k] ? [/** @type {CardRow} */ ([say("place_unserved"), away_people])] : []),
  ];
}

/**
 * A note that the sites within the circle are full.
 *
 * @param {People} people
 * @param {number} k
 * @param {string} category
 */
function fullNote(people, k, category) {
  const away = people.column("away:" + category);
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  return away && away[k] ? [say("place_full", { what: labelOf(category), minutes })] : [];
}

/**
 * Time to the nearest site of a category, and its name; nothing for all services together.
 *
 * @param {People} people
 * @param {number} k
 * @param {string} category
 * @returns {Child[]}
 */
function nearest(people, k, category) {
  const seconds = people.column("seconds:" + category);
  if (!seconds) {
    return [];
  }
  const value = seconds[k] - 1;
  const time = value < 0
    ? say("place_beyond", { minutes: people.horizon_min })
    : say("place_time_" + data().judge, clock(value));
  const site = data().facilities[needed(people, "site:" + category)[k]];
  return [" · " + time, ...(site ? [element("br"), shownName(site.name || site.id)] : [])];
}

/**
 * Zones and sources of the parts of a place, with the people of each zone if there are several.
 *
 * @param {People} people
 * @param {KnownPlaces} known
 * @param {number} k
 */
function partsOf(people, known, k) {
  const zones = data().zones;
  /** @type {CardRow[]} */
  const names = [];
  const sources = new Set();
  const [begin, end] = [known.first[k], known.first[k + 1]];
  const [micro, source] = [needed(people, "micro"), needed(people, "source")];
  const [communities, streets] = [needed(people, "community"), needed(people, "street")];
  for (let part = begin; part < end; part += 1) {
    const found = [zones.street[streets[part]], zones.community[communities[part]]];
    const name = found.filter(Boolean).map((zone) => shownName(zone.name));
    if (name.length) {
      const share = end - begin > 1 ? [" · " + amount(micro[part] / 1e6, "persons")] : [];
      const gap = name.length > 1 ? [name[0], " ", name[1]] : name;
      names.push([part === begin ? say("place_zone") : "", element("span", {}, [...gap, ...share])]);
    }
    const own = held.ids ? held.ids[part] : "";
    const id = own && (own.startsWith(":") ? own : " · " + own);
    sources.add(people.sources[source[part]] + id);
  }
  return { names, source: [...sources].join("; ") };
}
