// People who walk alike: their streets, homes, sites of today, and who is in reach of a place.

import { decodeHomes } from "./homes.js";
import { decodePoints } from "./points.js";
import { Around } from "./search.js";
import { Snapper } from "./snapping.js";
import { decodeStreets, timesOf } from "./streets.js";

/** @import { Catchment, Column, Joined, Living, Points, Read, Spot, TrialMeta, WalkMeta } from "./types.js" */

/**
 * Who is covered from a place, and who is in doubt because of it.
 *
 * @typedef {{ sure: Catchment, doubt: Catchment }} InReach
 */

/** @type {Catchment} */
const NOBODY = { rows: new Uint32Array(0), ms: new Uint32Array(0) };

/** People who walk alike. */
export class Walkers {
  /**
   * @param {TrialMeta} meta
   * @param {WalkMeta} own
   * @param {Read} read
   * @param {Living} living
   */
  constructor(meta, own, read, living) {
    this.meta = meta;
    this.own = own;
    this.read = read;
    this.streets = decodeStreets(read, own);
    const { streets } = this;
    this.senses = [timesOf(streets, streets.on, streets.back)];
    if (meta.round_trip) {
      // Walking home is walking the reversed streets to the goal.
      this.senses.push(timesOf(streets, streets.homeBack, streets.homeOn));
    }
    const { homes, micro, places } = decodeHomes(read, streets, living, meta.origin, (mm) => this.legMs(mm));
    this.homes = homes;
    /** Micro-persons of each home; homes that have not joined the streets come last. */
    this.micro = micro;
    /** Place of each home in the people layer, their number for none. */
    this.places = places;
    this.zones = [read("home_street"), read("home_community")];
    this.around = new Around(this.homes, this.senses);
    this.breaks = decodePoints(read, "break", streets);
    this.beside = decodePoints(read, "beside", streets);
    this.besideOf = read("beside_break");
    /** @type {Around[] | null} */
    this.aroundBreaks = this.breaks.n ? this.senses.map((one) => new Around(this.breaks, [one])) : null;
    /** @type {Snapper | null} */
    this.joining = null;
  }

  get snapper() {
    this.joining ||= new Snapper(this.streets, this.read, this.meta.origin, this.meta.max_snap_mm);
    return this.joining;
  }

  /**
   * Milliseconds of an access leg, rounded half up.
   *
   * @param {number} mm
   */
  legMs(mm) {
    const [above, below] = this.own.access_speed;
    return Math.floor((2 * mm * below + above) / (2 * above));
  }

  /**
   * Where a site is reached on the streets.
   *
   * @param {Joined} at where it joins
   * @returns {Spot}
   */
  spotAt(at) {
    return { edge: at.edge, share: at.share, leg: this.legMs(at.mm) };
  }

  /**
   * Homes that are unknown unless they are covered, as bits by cutoff.
   *
   * @param {number} category
   */
  unknown(category) {
    return this.read("unknown_" + category);
  }

  /**
   * Places where the open sites of today are reached, by row of the facility table.
   *
   * @param {"sure" | "doubt"} kind
   * @param {number} category
   */
  sites(kind, category) {
    const name = kind + "_" + category;
    const points = decodePoints(this.read, name, this.streets);
    const owner = this.read(name + "_owner");
    /** @type {Map<number, Spot[]>} */
    const found = new Map();
    for (let p = 0; p < points.n; p += 1) {
      const spots = found.get(owner[p]);
      const spot = spotOf(points, p, points.leg);
      if (spots) {
        spots.push(spot);
      } else {
        found.set(owner[p], [spot]);
      }
    }
    return found;
  }

  /**
   * @param {Spot[]} spots
   * @param {number} limit
   * @returns {Catchment}
   */
  reach(spots, limit) {
    return spots.length ? this.around.catchment(spots, limit) : NOBODY;
  }

  /**
   * Who is in reach of a new site.
   *
   * @param {number} x mm from the origin
   * @param {number} y
   * @param {Joined} at where it joins
   * @param {number} limit longest time, ms
   * @param {number} horizon longest time to a break, ms
   * @returns {InReach}
   */
  reachOf(x, y, at, limit, horizon) {
    // A site that does not join leaves in doubt whom it would cover if its leg crossed the barrier.
    const joined = at.edge >= 0;
    const place = joined ? at : this.snapper.joinAcross(x, y, this.own.longest_leg_mm);
    if (!place) {
      return { sure: NOBODY, doubt: NOBODY };
    }
    const spot = this.spotAt(place);
    const doubtful = this.#overBreaks(spot, horizon);
    const rank = this.streets.rank[this.streets.chainOf[place.edge]];
    const larger = rank > 0 ? this.snapper.joinLarger(x, y, rank) : null;
    if (larger) {
      doubtful.push(this.spotAt(larger));
    }
    if (!joined) {
      doubtful.push(spot);
    }
    return { sure: joined ? this.reach([spot], limit) : NOBODY, doubt: this.reach(doubtful, limit) };
  }

  /**
   * Places on larger pieces of the streets from which a spot would be reached across a break.
   *
   * @param {Spot} spot
   * @param {number} horizon
   * @returns {Spot[]}
   */
  #overBreaks(spot, horizon) {
    if (!this.aroundBreaks) {
      return [];
    }
    const [there, home] = this.aroundBreaks.map((one) => timesByRow(one.catchment([spot], horizon)));
    const found = [];
    for (let p = 0; p < this.beside.n; p += 1) {
      const on = there.get(this.besideOf[p]);
      const back = home ? home.get(this.besideOf[p]) : on;
      if (on !== undefined && back !== undefined) {
        const onward = spotOf(this.beside, p, this.beside.leg);
        found.push({ ...onward, leg: onward.leg + Math.min(on, back) });
      }
    }
    return found;
  }
}

/** @param {Catchment} found */
function timesByRow(found) {
  /** @type {Map<number, number>} */
  const times = new Map();
  found.rows.forEach((row, k) => times.set(row, found.ms[k]));
  return times;
}

/**
 * @param {Points} points
 * @param {number} p
 * @param {Column} leg
 * @returns {Spot}
 */
const spotOf = (points, p, leg) => ({ edge: points.edge[p], share: points.share[p], leg: leg[p] });
