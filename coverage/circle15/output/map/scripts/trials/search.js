// Who is within reach of a goal: a bucket queue over integer milliseconds, as in the engine.

import { alongChain, endsOf, seedsOf, somePoints } from "./points.js";

/** @import { Catchment, Ends, Points, Spot, Times } from "./types.js" */

/** One way of walking the streets and the search along it. @typedef {{ times: Times, reach: Reach }} Sense */

const NONE = 2 ** 31 - 1;
/** A bucket holds 2¹² ms, about four seconds. */
const SHIFT = 12;

/** Searches one sense of the streets; its arrays are used again and again. */
export class Reach {
  /** @param {Times} times */
  constructor(times) {
    this.times = times;
    this.time = new Int32Array(times.streets.core).fill(NONE);
    this.touched = new Uint32Array(times.streets.core);
    this.count = 0;
    this.link = new Int32Array(1 << 12);
    this.entry = new Uint32Array(1 << 12);
    this.used = 0;
    this.bucket = new Int32Array(0);
  }

  /**
   * Fill `time` of the junctions from which a spot is reached within a limit; `clear` forgets it.
   *
   * @param {Spot} spot
   * @param {number} limit
   */
  run(spot, limit) {
    const { pointer, head, ms, streets } = this.times;
    const buckets = (limit >> SHIFT) + 1;
    if (this.bucket.length < buckets) {
      this.bucket = new Int32Array(buckets).fill(-1);
    }
    const chain = streets.chainOf[spot.edge];
    const [fromFirst, fromLast] = seedsOf(this.times, spot);
    this.used = 0;
    this.#reach(streets.first[chain], fromFirst, limit);
    this.#reach(streets.last[chain], fromLast, limit);
    const { time, bucket } = this;
    for (let b = 0; b < buckets; b += 1) {
      while (bucket[b] >= 0) {
        const place = bucket[b];
        bucket[b] = this.link[place];
        const junction = this.entry[place];
        const now = time[junction];
        if (now >> SHIFT !== b) {
          continue;
        }
        for (let arc = pointer[junction]; arc < pointer[junction + 1]; arc += 1) {
          this.#reach(head[arc], now + ms[arc], limit);
        }
      }
    }
  }

  /**
   * @param {number} junction
   * @param {number} ms
   * @param {number} limit
   */
  #reach(junction, ms, limit) {
    if (ms > limit || ms >= this.time[junction]) {
      return;
    }
    if (this.time[junction] === NONE) {
      this.touched[this.count] = junction;
      this.count += 1;
    }
    this.time[junction] = ms;
    if (this.used === this.link.length) {
      const [link, entry] = [this.link, this.entry];
      this.link = new Int32Array(2 * link.length);
      this.entry = new Uint32Array(2 * entry.length);
      this.link.set(link);
      this.entry.set(entry);
    }
    this.entry[this.used] = junction;
    this.link[this.used] = this.bucket[ms >> SHIFT];
    this.bucket[ms >> SHIFT] = this.used;
    this.used += 1;
  }

  /** Forget the last search. */
  clear() {
    for (let k = 0; k < this.count; k += 1) {
      this.time[this.touched[k]] = NONE;
    }
    this.count = 0;
  }
}

/** Finds which points lie within reach of goals. */
export class Around {
  /**
   * @param {Points} points
   * @param {Times[]} senses the way out, and for round trips also the way home
   * @param {Ends[]} [ends] times between the points and the junctions of their chains, by sense
   */
  constructor(points, senses, ends = senses.map((times) => endsOf(times, points))) {
    this.points = points;
    this.senses = senses.map((times, k) => ({
      times, reach: new Reach(times), ends: ends[k], seen: new Uint32Array(times.streets.chains),
    }));
    this.round = 0;
    this.best = new Uint32Array(points.n).fill(NONE);
    this.rows = new Uint32Array(points.n);
    this.out = new Uint32Array(senses.length > 1 ? points.n : 0);
  }

  /**
   * A search of its own for some of the points.
   *
   * @param {Uint32Array} rows their rows, in order
   */
  among(rows) {
    const ends = this.senses.map((one) => ({
      toFirst: rows.map((row) => one.ends.toFirst[row]), toLast: rows.map((row) => one.ends.toLast[row]),
    }));
    const times = this.senses.map((one) => one.times);
    return new Around(somePoints(this.points, rows, times[0].streets), times, ends);
  }

  /**
   * The points from which any of some spots is reached within a limit: of one way, or of the way
   * there and back to the same spot.
   *
   * @param {Spot[]} spots
   * @param {number} limit
   * @returns {Catchment}
   */
  catchment(spots, limit) {
    let found = 0;
    for (const spot of spots) {
      if (this.senses.length === 1) {
        this.#look(this.senses[0], spot, limit, (p, ms) => {
          if (ms < this.best[p]) {
            if (this.best[p] === NONE) {
              this.rows[found] = p;
              found += 1;
            }
            this.best[p] = ms;
          }
        });
      } else {
        found = this.#roundTrip(spot, limit, found);
      }
    }
    const rows = this.rows.slice(0, found);
    const ms = new Uint32Array(found);
    for (let k = 0; k < found; k += 1) {
      ms[k] = this.best[rows[k]];
      this.best[rows[k]] = NONE;
    }
    return { rows, ms };
  }

  /**
   * @param {Spot} spot
   * @param {number} limit
   * @param {number} found number of points in `rows`
   */
  #roundTrip(spot, limit, found) {
    /** @type {number[]} */
    const there = [];
    this.#look(this.senses[0], spot, limit, (p, ms) => {
      if (!this.out[p]) {
        there.push(p);
      }
      // One more, as 0 is nothing.
      this.out[p] = this.out[p] ? Math.min(this.out[p], ms + 1) : ms + 1;
    });
    /** @type {Map<number, number>} */
    const home = new Map();
    this.#look(this.senses[1], spot, limit, (p, ms) => {
      home.set(p, Math.min(home.get(p) ?? NONE, ms));
    });
    for (const [p, ms] of home) {
      const total = this.out[p] ? this.out[p] - 1 + ms : NONE;
      if (total <= limit && total < this.best[p]) {
        if (this.best[p] === NONE) {
          this.rows[found] = p;
          found += 1;
        }
        this.best[p] = total;
      }
    }
    for (const p of there) {
      this.out[p] = 0;
    }
    return found;
  }

  /**
   * Visit the points within reach of a spot; a point may be visited twice.
   *
   * @param {{ times: Times, reach: Reach, ends: Ends, seen: Uint32Array }} sense
   * @param {Spot} spot
   * @param {number} limit
   * @param {(p: number, ms: number) => void} visit
   */
  #look(sense, spot, limit, visit) {
    const { times, reach, ends, seen } = sense;
    const { first, last, chainOf } = times.streets;
    const { points } = this;
    reach.run(spot, limit);
    this.round += 1;
    const { time } = reach;
    const own = chainOf[spot.edge];
    for (let p = points.begin[own]; p < points.begin[own + 1]; p += 1) {
      const ms = alongChain(times, points, p, spot) + points.leg[p];
      if (ms <= limit) {
        visit(p, ms);
      }
    }
    for (let k = 0; k < reach.count; k += 1) {
      const junction = reach.touched[k];
      for (let side = points.sides.pointer[junction]; side < points.sides.pointer[junction + 1]; side += 1) {
        const chain = points.sides.chain[side];
        if (seen[chain] === this.round) {
          continue;
        }
        seen[chain] = this.round;
        const [a, b] = [time[first[chain]], time[last[chain]]];
        for (let p = points.begin[chain]; p < points.begin[chain + 1]; p += 1) {
          const ms = Math.min(ends.toFirst[p] + a, ends.toLast[p] + b) + points.leg[p];
          if (ms <= limit) {
            visit(p, ms);
          }
        }
      }
    }
    reach.clear();
  }
}
