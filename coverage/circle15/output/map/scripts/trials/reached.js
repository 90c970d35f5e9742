// The streets from which a site is reached, as lines of the map.

import { onEdge } from "./points.js";
import { CLOSED, chainsOf, placeOn } from "./streets.js";

/** @import { Joined, Line, Spot, Streets } from "./types.js" */
/** @import { Reach, Sense } from "./search.js" */
/** @import { Walkers } from "./walkers.js" */

/**
 * Times to a site at both ends of a straight piece of street, ms; linear between them.
 *
 * @typedef {[number, number]} Slope
 */

/** @type {[number, number][]} */
const WHOLE = [[0, 1]];

/**
 * The streets from which a site is reached within a limit, cut where the time ends: for round trips
 * the time there and back. Access legs of homes are not part of it, that of the site is.
 *
 * @param {Walkers} walkers
 * @param {Joined} at where the site joins (`Trial.join`)
 * @param {number} limit ms (`Trial.limit`)
 * @returns {Line[]}
 */
export function reachedStreets(walkers, at, limit) {
  /** @type {Line[]} */
  const lines = [];
  if (at.edge < 0) {
    return lines;
  }
  const { streets } = walkers;
  const spot = walkers.spotAt(at);
  const { senses } = walkers.around;
  senses.forEach((one) => one.reach.run(spot, limit));
  for (const chain of chainsAround(streets, senses[0].reach, spot)) {
    /** @type {Line} */
    let line = [];
    let open = false;
    for (let e = streets.start[chain]; e < streets.start[chain + 1]; e += 1) {
      const parts = reachedOf(senses, e, spot, limit);
      for (const [from, to] of parts) {
        if (!open || from > 0) {
          line = [...placeOn(streets, e, from)];
          lines.push(line);
        }
        line.push(...placeOn(streets, e, to));
        open = to === 1;
      }
      open &&= parts.length > 0;
    }
  }
  senses.forEach((one) => one.reach.clear());
  return lines;
}

/**
 * The chain of a spot and those that begin or end at junctions that a search has reached.
 *
 * @param {Streets} streets
 * @param {Reach} reach
 * @param {Spot} spot
 */
function chainsAround(streets, reach, spot) {
  const { pointer, chain } = chainsOf(streets);
  const found = new Set([streets.chainOf[spot.edge]]);
  for (let k = 0; k < reach.count; k += 1) {
    const junction = reach.touched[k];
    for (let side = pointer[junction]; side < pointer[junction + 1]; side += 1) {
      found.add(chain[side]);
    }
  }
  return found;
}

/**
 * The parts of an edge from which a spot is reached, in order, as shares in the direction of its
 * chain.
 *
 * @param {Sense[]} senses
 * @param {number} e
 * @param {Spot} spot
 * @param {number} limit
 */
function reachedOf(senses, e, spot, limit) {
  if (senses.length === 1 && isWhole(senses[0], e, limit)) {
    return WHOLE;
  }
  const { along } = onEdge(senses[0].times, spot.edge, spot.share);
  const cuts = e === spot.edge && along > 0 && along < 1 ? [0, along, 1] : [0, 1];
  /** @type {[number, number][]} */
  const parts = [];
  for (let k = 1; k < cuts.length; k += 1) {
    const [from, to] = [cuts[k - 1], cuts[k]];
    const [first, ...others] = senses.map((one) => slopesOf(one, e, [from, to], spot));
    // There and back: each way out with each way home.
    const slopes = others.reduce((sums, more) => sums.flatMap(([a, b]) => more.map(([c, d]) => /** @type {Slope} */ ([a + c, b + d]))), first);
    const [head, tail] = [0, 1].map((end) => Math.max(...slopes.map((one) => within(one[end], one[1 - end], limit))));
    if (head + tail >= 1) {
      parts.push([from, to]);
    } else {
      parts.push([from, from + head * (to - from)], [to - tail * (to - from), to]);
    }
  }
  // Parts that touch are one.
  return parts.filter(([from, to]) => from < to).reduce((/** @type {[number, number][]} */ found, part) => {
    const before = found[found.length - 1];
    if (before && before[1] === part[0]) {
      before[1] = part[1];
    } else {
      found.push(part);
    }
    return found;
  }, []);
}

/**
 * Whether a spot is reached from all of an edge over one of the junctions of its chain: so are most.
 *
 * @param {Sense} sense
 * @param {number} e
 * @param {number} limit
 */
function isWhole({ times, reach }, e, limit) {
  const { streets, onBefore, backBefore } = times;
  const chain = streets.chainOf[e];
  return onBefore[streets.start[chain + 1]] - onBefore[e] + reach.time[streets.last[chain]] <= limit ||
    backBefore[e + 1] - backBefore[streets.start[chain]] + reach.time[streets.first[chain]] <= limit;
}

/**
 * The share of a piece that is within a limit, from the end with the first time.
 *
 * @param {number} near
 * @param {number} far
 * @param {number} limit
 */
function within(near, far, limit) {
  if (near > limit) {
    return 0;
  }
  return far <= limit ? 1 : (limit - near) / (far - near);
}

/**
 * Times from the ends of a part of an edge to a spot, by each way on: along the chain, against it,
 * and straight to a spot on the same chain.
 *
 * @param {Sense} sense
 * @param {number} e
 * @param {[number, number]} part shares in the direction of the chain
 * @param {Spot} spot
 * @returns {Slope[]}
 */
function slopesOf({ times, reach }, e, part, spot) {
  const { streets, onBefore, backBefore } = times;
  const chain = streets.chainOf[e];
  const [on, back] = [times.on[e], times.back[e]];
  const [head, tail] = [streets.start[chain], streets.start[chain + 1]];
  /** @param {number} rest time from the end of the edge @returns {Slope} */
  const ahead = (rest) => [(1 - part[0]) * on + rest, (1 - part[1]) * on + rest];
  /** @param {number} rest time from the start of the edge @returns {Slope} */
  const behind = (rest) => [part[0] * back + rest, part[1] * back + rest];
  /** @type {Slope[]} */
  const found = [[Infinity, Infinity]];
  const own = chain === streets.chainOf[spot.edge] ? onEdge(times, spot.edge, spot.share) : null;
  if (on < CLOSED) {
    found.push(ahead(onBefore[tail] - onBefore[e + 1] + reach.time[streets.last[chain]]));
    if (own && e < spot.edge) {
      found.push(ahead(onBefore[spot.edge] - onBefore[e + 1] + own.onIn + spot.leg));
    } else if (own && e === spot.edge && part[1] <= own.along) {
      found.push([(own.along - part[0]) * on + spot.leg, (own.along - part[1]) * on + spot.leg]);
    }
  }
  if (back < CLOSED) {
    found.push(behind(backBefore[e] - backBefore[head] + reach.time[streets.first[chain]]));
    if (own && e > spot.edge) {
      found.push(behind(backBefore[e] - backBefore[spot.edge + 1] + own.backIn + spot.leg));
    } else if (own && e === spot.edge && part[0] >= own.along) {
      found.push([(part[0] - own.along) * back + spot.leg, (part[1] - own.along) * back + spot.leg]);
    }
  }
  return found;
}
