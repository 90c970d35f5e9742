// Who is covered if sites open, close and move: exact counts, changed site by site.

import { columnsOf } from "../data/columns.js";
import { placesOf } from "./homes.js";
import { degreesOf, placeOf } from "./places.js";
import { Walkers } from "./walkers.js";

/** @import { Joined, People, TrialMeta } from "./types.js" */
/** @import { InReach } from "./walkers.js" */

const COVERED = 0;
const GAP = 1;
const UNKNOWN = 2;

/**
 * Micro-persons covered, in the gap and unknown: in all, and by number of the subdistrict and of
 * the community; 0 is none.
 *
 * @typedef {{ all: Float64Array, zones: Float64Array[][] }} Sums
 */

/** All ways of walking of a page, and the places of the map. */
export class Trials {
  /**
   * @param {TrialMeta} meta
   * @param {ArrayBuffer} buffer
   * @param {People} people
   */
  constructor(meta, buffer, people) {
    this.meta = meta;
    this.buffer = buffer;
    this.people = people;
    const column = columnsOf(meta.columns, buffer);
    /** @param {string} name */
    const read = (name) => {
      const found = column(name);
      if (!found) {
        throw new Error("the page has no column " + name);
      }
      return found;
    };
    const [x, y] = placesOf(read);
    this.walkers = meta.walks.map((own, k) => new Walkers(meta, own, (name) => read(k + "_" + name), { ...people, x, y }));
  }

  /**
   * @param {number} lon
   * @param {number} lat
   */
  place(lon, lat) {
    return placeOf(this.meta, lon, lat);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  degrees(x, y) {
    return degreesOf(this.meta, x, y);
  }
}

/** A service within some minutes, with the sites that are open on the page. */
export class Trial {
  /**
   * @param {Trials} trials
   * @param {string} category
   * @param {number} cutoff minutes
   */
  constructor(trials, category, cutoff) {
    this.trials = trials;
    this.category = category;
    this.cutoff = cutoff;
    const { meta } = trials;
    this.number = meta.categories.indexOf(category);
    this.limit = meta.limits_ms[cutoff];
    this.horizon = Math.max(...Object.values(meta.limits_ms));
    const bit = 1 << Object.keys(meta.limits_ms).map(Number).sort((a, b) => a - b).indexOf(cutoff);
    const zones = [0, 1].map((level) => 1 + Math.max(0, ...trials.walkers.map((one) => most(one.zones[level]))));
    /** @type {Sums} */
    this.sums = {
      all: new Float64Array(3),
      zones: zones.map((n) => [COVERED, GAP, UNKNOWN].map(() => new Float64Array(n))),
    };
    /** Number of sites that cover each home, and that leave it in doubt. */
    this.people = trials.walkers.map((own) => ({
      own,
      sure: new Uint32Array(own.micro.length),
      doubt: new Uint32Array(own.micro.length),
      unknown: own.unknown(this.number),
      bit,
    }));
    for (const one of this.people) {
      for (let row = 0; row < one.own.micro.length; row += 1) {
        this.#add(one.own, row, one.unknown[row] & bit ? UNKNOWN : GAP, 1);
      }
    }
    /** Who is in reach of each site of today, by row of the facility table. @type {Map<number, InReach[]>} */
    this.today = new Map();
    trials.walkers.forEach((own, k) => {
      for (const kind of /** @type {("sure" | "doubt")[]} */ (["sure", "doubt"])) {
        for (const [row, spots] of own.sites(kind, this.number)) {
          const reach = this.today.get(row) || trials.walkers.map(() => ({ sure: nobody(), doubt: nobody() }));
          reach[k][kind] = own.reach(spots, this.limit);
          this.today.set(row, reach);
        }
      }
    });
    for (const reach of this.today.values()) {
      this.change(reach, 1);
    }
  }

  /** Whether the page counts today as the run did. */
  get agrees() {
    const counted = this.trials.meta.today.find(([own, cutoff]) => own === this.category && cutoff === this.cutoff);
    return Boolean(counted) && this.sums.all.every((sum, state) => counted?.[state + 2] === sum);
  }

  /**
   * Where a new site joins the streets of each way of walking.
   *
   * @param {number} x mm from the origin
   * @param {number} y
   * @returns {Joined[]}
   */
  join(x, y) {
    return this.trials.walkers.map((own) => own.snapper.join(x, y));
  }

  /**
   * Who is in reach of a new site, by way of walking.
   *
   * @param {number} x
   * @param {number} y
   * @param {Joined[]} at
   */
  reach(x, y, at) {
    return this.trials.walkers.map((own, k) => own.reachOf(x, y, at[k], this.limit, this.horizon));
  }

  /**
   * Open (1) or close (−1) a site; each change undoes its opposite exactly.
   *
   * @param {InReach[]} reach
   * @param {1 | -1} by
   */
  change(reach, by) {
    this.people.forEach((one, k) => {
      for (const kind of /** @type {("sure" | "doubt")[]} */ (["sure", "doubt"])) {
        const { rows } = reach[k][kind];
        const counts = one[kind];
        for (let i = 0; i < rows.length; i += 1) {
          const row = rows[i];
          const before = this.#stateOf(one, row);
          counts[row] += by;
          const after = this.#stateOf(one, row);
          if (before !== after) {
            this.#add(one.own, row, before, -1);
            this.#add(one.own, row, after, 1);
          }
        }
      }
    });
  }

  /**
   * Micro-persons whom a site would newly cover.
   *
   * @param {InReach[]} reach
   */
  gain(reach) {
    let sum = 0;
    this.people.forEach((one, k) => {
      const { rows } = reach[k].sure;
      for (let i = 0; i < rows.length; i += 1) {
        sum += one.sure[rows[i]] ? 0 : one.own.micro[rows[i]];
      }
    });
    return sum;
  }

  /**
   * @param {{ sure: Uint32Array, doubt: Uint32Array, unknown: ArrayLike<number>, bit: number }} one
   * @param {number} row
   */
  #stateOf(one, row) {
    if (one.sure[row]) {
      return COVERED;
    }
    return one.doubt[row] || one.unknown[row] & one.bit ? UNKNOWN : GAP;
  }

  /**
   * @param {{ micro: ArrayLike<number>, zones: ArrayLike<number>[] }} own
   * @param {number} row
   * @param {number} state
   * @param {1 | -1} by
   */
  #add(own, row, state, by) {
    const micro = by * own.micro[row];
    this.sums.all[state] += micro;
    this.sums.zones[0][state][own.zones[0][row]] += micro;
    this.sums.zones[1][state][own.zones[1][row]] += micro;
  }
}

const nobody = () => ({ rows: new Uint32Array(0), ms: new Uint32Array(0) });

/** @param {ArrayLike<number>} values */
function most(values) {
  let found = 0;
  for (let k = 0; k < values.length; k += 1) {
    found = Math.max(found, values[k]);
  }
  return found;
}
