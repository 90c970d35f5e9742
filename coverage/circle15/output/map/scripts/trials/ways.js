// The way of a home to the nearest of some sites, as a line of the map.

import { alongChain, onEdge, seedsOf } from "./points.js";
import { chainsOf, placeOn } from "./streets.js";

/** @import { Line, Points, Spot, Streets } from "./types.js" */
/** @import { Sense } from "./search.js" */
/** @import { Walkers } from "./walkers.js" */

const HOUR = 3_600_000;
const NEAR = HOUR / 12;

/**
 * The place where a home joins the streets, mm from the origin.
 *
 * @param {Walkers} walkers
 * @param {number} home its row among `walkers.homes`
 */
export function homePlace({ homes, streets }, home) {
  const e = homes.edge[home];
  return placeOn(streets, e, streets.turned[e] ? 1 - homes.share[home] : homes.share[home]);
}

/**
 * The way of a home to the nearest of some sites, and for round trips home again.
 *
 * @param {Walkers} walkers
 * @param {number} home its row among `walkers.homes`
 * @param {Spot[][]} sites where each is reached: `walkers.spotAt(joined)` of a tried site,
 *   `walkers.sites("sure", category)` of one of today; of equally near ones the first counts
 * @param {number} [limit] longest time that is looked at, ms
 * @returns {{ site: number, ms: number, ways: { ms: number, line: Line }[] } | null} the place of the
 *   site among `sites`, the time with both access legs, and each way from its start to its end; null
 *   if none is reached
 */
export function wayOf(walkers, home, sites, limit = HOUR) {
  const { senses } = walkers.around;
  const best = nearestOf(walkers, home, sites, limit);
  if (!best) {
    return null;
  }
  const { site, ms, spot } = best;
  const ways = senses.map((sense, k) => {
    const own = timeTo(walkers, sense, home, spot, limit);
    const line = walk(walkers, sense, home, spot, limit);
    return { ms: own, line: k ? turnedRound(line) : line };
  });
  return { site, ms, ways };
}

/**
 * @param {Walkers} walkers
 * @param {number} home
 * @param {Spot[][]} sites
 * @param {number} limit
 * @returns {{ site: number, ms: number, spot: Spot } | null}
 */
function nearestOf(walkers, home, sites, limit) {
  const { senses } = walkers.around;
  // Short searches first: a long one around each of many sites takes seconds.
  for (let horizon = Math.min(NEAR, limit); ; horizon = Math.min(2 * horizon, limit)) {
    let best = null;
    for (const [site, spots] of sites.entries()) {
      for (const spot of spots) {
        const ms = senses.reduce((sum, one) => sum + timeTo(walkers, one, home, spot, horizon), 0);
        if (ms <= (best ? best.ms - 1 : horizon)) {
          best = { site, ms, spot };
        }
      }
    }
    if (best || horizon >= limit) {
      return best;
    }
  }
}

/** @param {Line} line @returns {Line} */
function turnedRound(line) {
  const found = [];
  for (let k = line.length - 2; k >= 0; k -= 2) {
    found.push(line[k], line[k + 1]);
  }
  return found;
}

/**
 * @param {Walkers} walkers
 * @param {Sense} sense
 * @param {number} home
 * @param {Spot} spot
 * @param {number} limit
 */
function timeTo({ homes }, { times, reach }, home, spot, limit) {
  reach.run(spot, limit);
  const [straight, first, last] = choicesOf({ times, reach }, homes, home, spot);
  reach.clear();
  return Math.min(straight, first, last) + homes.leg[home];
}

/**
 * Times from where a home joins to a spot: along its chain, and over either junction.
 *
 * @param {Sense} sense after its search
 * @param {Points} homes
 * @param {number} home
 * @param {Spot} spot
 */
function choicesOf({ times, reach }, homes, home, spot) {
  const { streets } = times;
  const e = homes.edge[home];
  const chain = streets.chainOf[e];
  const own = onEdge(times, e, homes.share[home]);
  const first = own.backOut + times.backBefore[e] - times.backBefore[streets.start[chain]];
  const last = own.onOut + times.onBefore[streets.start[chain + 1]] - times.onBefore[e + 1];
  return [
    chain === streets.chainOf[spot.edge] ? alongChain(times, homes, home, spot) : Infinity,
    first + reach.time[streets.first[chain]],
    last + reach.time[streets.last[chain]],
  ];
}

/**
 * The line from where a home joins the streets to a spot, walked down the times of a search.
 *
 * @param {Walkers} walkers
 * @param {Sense} sense
 * @param {number} home
 * @param {Spot} spot
 * @param {number} limit
 * @returns {Line}
 */
function walk(walkers, sense, home, spot, limit) {
  const { homes, streets } = walkers;
  const { reach } = sense;
  reach.run(spot, limit);
  const e = homes.edge[home];
  const chain = streets.chainOf[e];
  const from = { edge: e, along: streets.turned[e] ? 1 - homes.share[home] : homes.share[home] };
  const to = { edge: spot.edge, along: streets.turned[spot.edge] ? 1 - spot.share : spot.share };
  const [straight, first, last] = choicesOf(sense, homes, home, spot);
  /** @type {Line} */
  const line = [];
  if (straight <= Math.min(first, last)) {
    traced(streets, from, to, line);
  } else {
    const begins = first <= last;
    traced(streets, from, endOf(streets, chain, !begins), line);
    const found = stepsDown(sense, begins ? streets.first[chain] : streets.last[chain], spot);
    for (const [step, onwards] of found.steps) {
      traced(streets, endOf(streets, step, !onwards), endOf(streets, step, onwards), line);
    }
    traced(streets, endOf(streets, streets.chainOf[spot.edge], found.over), to, line);
  }
  reach.clear();
  return line;
}

/**
 * The chains from a junction to the chain of a spot, each with whether it is walked from its first
 * to its last junction, and whether the last stretch begins at the last junction of that chain.
 *
 * @param {Sense} sense after its search
 * @param {number} begin
 * @param {Spot} spot
 * @returns {{ steps: [number, boolean][], over: boolean }}
 */
function stepsDown({ times, reach }, begin, spot) {
  const { streets, onBefore, backBefore } = times;
  const { pointer, chain } = chainsOf(streets);
  const own = streets.chainOf[spot.edge];
  const [fromFirst, fromLast] = seedsOf(times, spot);
  /** @type {[number, boolean][]} */
  const steps = [];
  const seen = new Set([begin]);
  /** @type {{ junction: number, side: number }[]} */
  const stack = [{ junction: begin, side: pointer[begin] }];
  for (;;) {
    const here = stack[stack.length - 1];
    const now = reach.time[here.junction];
    if (here.junction === streets.first[own] && now === fromFirst) {
      return { steps, over: false };
    }
    if (here.junction === streets.last[own] && now === fromLast) {
      return { steps, over: true };
    }
    let next = -1;
    for (; next < 0 && here.side < pointer[here.junction + 1]; here.side += 1) {
      const step = chain[here.side];
      const onwards = streets.first[step] === here.junction;
      const other = onwards ? streets.last[step] : streets.first[step];
      const before = onwards ? onBefore : backBefore;
      const ms = before[streets.start[step + 1]] - before[streets.start[step]];
      if (!seen.has(other) && reach.time[other] + ms === now) {
        next = other;
        steps.push([step, onwards]);
      }
    }
    if (next >= 0) {
      seen.add(next);
      stack.push({ junction: next, side: pointer[next] });
    } else {
      // Streets of no time can lead into a ring; the way on leaves it elsewhere.
      stack.pop();
      steps.pop();
    }
  }
}

/**
 * @param {Streets} streets
 * @param {number} chain
 * @param {boolean} last its last junction, else its first
 */
const endOf = (streets, chain, last) =>
  last ? { edge: streets.start[chain + 1] - 1, along: 1 } : { edge: streets.start[chain], along: 0 };

/**
 * Add the line between two places of a chain to another line.
 *
 * @param {Streets} streets
 * @param {{ edge: number, along: number }} from
 * @param {{ edge: number, along: number }} to
 * @param {Line} line
 */
function traced(streets, from, to, line) {
  /** @param {[number, number] | number[]} place */
  const add = ([x, y]) => {
    if (line[line.length - 2] !== x || line[line.length - 1] !== y) {
      line.push(x, y);
    }
  };
  add(placeOn(streets, from.edge, from.along));
  for (let e = from.edge; e < to.edge; e += 1) {
    add([streets.x1[e], streets.y1[e]]);
  }
  for (let e = from.edge; e > to.edge; e -= 1) {
    add([streets.x0[e], streets.y0[e]]);
  }
  add(placeOn(streets, to.edge, to.along));
}
