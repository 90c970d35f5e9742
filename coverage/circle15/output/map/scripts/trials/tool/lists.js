// The tables beside the map while sites are tried.

import { siteKey } from "../../data/choices.js";
import { data } from "../../data/held.js";
import { message, numberText, say } from "../../data/words.js";
import { polygons } from "../../drawing/shapes.js";
import { numberColumn, textColumn } from "../../panel/columns.js";
import { nameOfRow, peopleIn, triedTitle } from "./cards.js";
import { whole, zoneChanges } from "./count.js";
import { signedText } from "./figures.js";
import { gains } from "./gain_layer.js";
import { tool } from "./tool.js";

/** @import { Column, Level, List, Place, Site, Zone } from "../../data/types.js" */
/** @import { ZoneChange } from "./count.js" */
/** @import { Tried } from "./plan.js" */

/** @typedef {{ zone: Zone, change: ZoneChange }} ZoneRow */
/** @typedef {({ tried: Tried } | { shut: Site }) & { people: { all: number, alone: number } }} EditRow */
/** @typedef {{ site: Site, persons: number }} RelievedRow */
/** @typedef {{ x: number, y: number, gain: number, rank: number }} SpotRow */

/**
 * A column of changes, with their signs.
 *
 * @param {string} id
 * @param {(row: ZoneRow) => number} value
 * @returns {Column<ZoneRow>}
 */
const signedColumn = (id, value) => ({
  id, label: say("column_" + id), number: true, value, show: (row) => signedText(value(row)),
});

/** The rank then, after that of today if it is another. @type {() => Column<ZoneRow>} */
const rankColumn = () => ({
  id: "rank", label: say("column_rank"), number: true, value: ({ change }) => change.ranks[1],
  show: ({ change: { ranks: [today, then] } }) => {
    const moved = today !== null && today !== then ? numberText(today) + " → " : "";
    return then === null ? "–" : moved + numberText(then);
  },
});

/**
 * @param {Level} level
 * @returns {() => List<ZoneRow>}
 */
const zones = (level) => () => {
  const all = data().zones[level];
  const { counted } = tool;
  const changes = counted ? zoneChanges(counted.comparison, counted.found, level === "street" ? 0 : 1, all.length) : [];
  return {
    // Of equal rows, those with most people in the gap come first.
    rows: changes.map((change, k) => ({ zone: all[k], change })).sort((a, b) => b.change.then[1] - a.change.then[1]),
    key: (row) => row.zone.id,
    where: (row) => ({ shape: row.zone.shape }),
    columns: [
      textColumn("name", say("column_" + level), (row) => row.zone.name),
      signedColumn("newly_covered", ({ change }) => change.gained),
      signedColumn("lost", ({ change }) => change.lost),
      numberColumn("gap_then", say("column_gap_then"), ({ change }) => change.then[1]),
      numberColumn("unknown", message("states.unknown"), ({ change }) => change.then[2]),
      rankColumn(),
    ],
    sort: { column: "newly_covered", down: true },
    note: changes.length ? message("trials.ranks") : "",
  };
};

/** @param {{ x: number, y: number }} site @returns {Place} */
function placeOf(site) {
  const [lon, lat] = tool.degrees(site.x, site.y);
  return [Math.floor(lon * 1e5 + 0.5), Math.floor(lat * 1e5 + 0.5)];
}

/** @returns {List<EditRow>} */
function edits() {
  const { category } = tool.trial || { category: "" };
  const shut = tool.shown.closed.filter((one) => one.category === category);
  const closed = data().facilities.filter((site) => shut.some((one) => one.id === site.id && one.category === site.category));
  /** @param {Site} site */
  const ofToday = (site) => tool.trial?.today.get(data().facilities.indexOf(site)) || [];
  return {
    rows: [
      ...tool.sites.map((tried) => ({ tried, people: peopleIn(tool.reachOf(tried), 1) })),
      ...closed.map((shut) => ({ shut, people: peopleIn(ofToday(shut), 0) })),
    ],
    key: (row) => ("tried" in row ? "tried " + row.tried.number : "shut " + siteKey(row.shut)),
    where: (row) => ("tried" in row ? { at: placeOf(row.tried) } : row.shut.at && { at: row.shut.at }),
    picks: (row) => ("tried" in row ? ["tried", row.tried] : ["existing", row.shut]),
    columns: [
      textColumn("name", say("column_site"), (row) => ("tried" in row ? triedTitle(row.tried) : row.shut.name || row.shut.id)),
      textColumn("change", say("column_change"), (row) => message("trials.is_" + ("tried" in row ? "tried" : "closed"))),
      numberColumn("people", message("trials.site_reach"), (row) => whole(row.people.all)),
      numberColumn("only", say("only_here"), (row) => whole(row.people.alone)),
    ],
    sort: { column: "name", down: false },
  };
}

/** @returns {List<RelievedRow>} */
function relieved() {
  const shown = tool.shown.closed;
  const found = [...(tool.counted?.found.relieved || [])].map(([row, micro]) => ({ row, site: data().facilities[row], persons: whole(micro) }));
  return {
    rows: found.filter(({ site, persons }) => persons && !shown.some((one) => one.id === site.id && one.category === site.category)),
    key: (row) => siteKey(row.site),
    where: (row) => (row.site.at ? { at: row.site.at } : null),
    picks: (row) => ["existing", row.site],
    columns: [
      textColumn("name", say("column_site"), (row) => nameOfRow(data().facilities.indexOf(row.site))),
      numberColumn("nearer", say("column_nearer"), (row) => row.persons),
    ],
    sort: { column: "nearer", down: true },
  };
}

/**
 * The community or subdistrict of a place; its latitude and longitude where there is none.
 *
 * @param {{ x: number, y: number }} spot
 */
function whereabouts(spot) {
  const [lat, lon] = tool.degrees(spot.x, spot.y).reverse();
  const { community, street } = data().zones;
  const found = [...community, ...street].find((zone) => polygons(zone.shape).some((rings) => isWithin(rings, lat, lon)));
  return found ? found.name : [lat, lon].map((one) => one.toFixed(4)).join(", ");
}

/**
 * Whether a place lies within the rings of a polygon: a line to the east crosses them an odd number
 * of times.
 *
 * @param {[number, number][][]} rings latitude and longitude
 * @param {number} lat
 * @param {number} lon
 */
function isWithin(rings, lat, lon) {
  let inside = false;
  for (const ring of rings) {
    ring.forEach(([y, x], k) => {
      const [beforeY, beforeX] = ring[(k || ring.length) - 1];
      if (y > lat !== beforeY > lat && lon < ((beforeX - x) * (lat - y)) / (beforeY - y) + x) {
        inside = !inside;
      }
    });
  }
  return inside;
}

/** @returns {List<SpotRow>} */
function hotSpots() {
  const spots = gains.result ? gains.result.spots : [];
  return {
    rows: spots.map((spot, k) => ({ ...spot, rank: k + 1 })),
    key: (row) => row.rank,
    where: (row) => ({ at: placeOf(row) }),
    presses: (row) => tool.place(row),
    columns: [
      { id: "rank", label: say("column_rank"), number: true, value: (row) => row.rank, show: (row) => numberText(row.rank) },
      textColumn("spot", say("column_where"), whereabouts),
      numberColumn("newly_covered", say("column_newly_covered"), (row) => whole(row.gain)),
    ],
    sort: { column: "rank", down: false },
    note: message("trials.hot_spots"),
  };
}

/** The tables of the view, by id. @type {Record<string, () => List<any>>} */
export const TABLES = {
  tried_community: zones("community"), tried_street: zones("street"), tried_sites: edits, relieved, hot_spots: hotSpots,
};

/** The tables of the view, the default one first. */
export const triedLists = () =>
  Object.entries(TABLES).map(([id, build]) => ({
    id, build, present: !id.startsWith("tried_") || id === "tried_sites" || data().zones[/** @type {Level} */ (id.slice(6))].length > 0,
  }));
