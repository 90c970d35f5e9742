// Whom a new site would cover, at every street corner: what the gain map shows.

/** @import { Trials } from "./trial.js" */
/** @import { Around } from "./search.js" */
/** @import { Walkers } from "./walkers.js" */

/** Corners where a new site would cover most people, mm from the origin. @typedef {{ x: number, y: number, gain: number }} HotSpot */

const UNSEEN = -2;
const APART_MM = 150_000;

/**
 * Junctions at edges that take snaps, in all ways of walking: the places where a site could stand.
 *
 * @param {Walkers[]} walkers
 * @returns {{ x: Float64Array, y: Float64Array }} mm from the origin
 */
export function cornersOf(walkers) {
  /** @type {Map<number, Set<number>>} */
  const seen = new Map();
  /** @type {number[][]} */
  const [x, y] = [[], []];
  for (const { streets } of walkers) {
    const { takes, start, first, last, coreX, coreY } = streets;
    /** @param {number} junction */
    const add = (junction) => {
      const [east, north] = [coreX[junction], coreY[junction]];
      const column = seen.get(east) || new Set();
      if (!column.has(north)) {
        seen.set(east, column.add(north));
        x.push(east);
        y.push(north);
      }
    };
    for (let chain = 0; chain < streets.chains; chain += 1) {
      if (takes[start[chain]] === 1) {
        add(first[chain]);
      }
      if (takes[start[chain + 1] - 1] === 1) {
        add(last[chain]);
      }
    }
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

/** Micro-persons newly covered by one more site, corner by corner. */
export class Gains {
  /** @param {Trials} trials */
  constructor({ walkers }) {
    this.walkers = walkers;
    this.corners = cornersOf(walkers);
    const n = this.corners.x.length;
    /** Where each corner joins, by way of walking; found when it is first asked for. */
    this.joined = walkers.map(() => ({
      edge: new Int32Array(n).fill(UNSEEN), share: new Float64Array(n), leg: new Float64Array(n),
    }));
    this.limit = 0;
    /** @type {{ around: Around, micro: Float64Array }[]} */
    this.uncovered = [];
  }

  /**
   * Look at the people who are not covered now.
   *
   * @param {ArrayLike<number>[]} sure number of sites that cover each home, by way of walking
   * @param {number} limit ms
   */
  begin(sure, limit) {
    this.limit = limit;
    this.uncovered = this.walkers.map(({ homes, around, micro }, k) => {
      const rows = new Uint32Array(homes.n);
      let count = 0;
      for (let row = 0; row < homes.n; row += 1) {
        if (!sure[k][row] && micro[row]) {
          rows[count] = row;
          count += 1;
        }
      }
      const some = rows.subarray(0, count);
      return { around: around.among(some), micro: Float64Array.from(some, (row) => micro[row]) };
    });
  }

  /**
   * Micro-persons whom a site at a corner would newly cover.
   *
   * @param {number} corner
   */
  at(corner) {
    let sum = 0;
    this.walkers.forEach((own, k) => {
      const { edge, share, leg } = this.joined[k];
      if (edge[corner] === UNSEEN) {
        const at = own.snapper.join(this.corners.x[corner], this.corners.y[corner]);
        const spot = own.spotAt(at);
        [edge[corner], share[corner], leg[corner]] = [spot.edge, spot.share, spot.leg];
      }
      if (edge[corner] >= 0) {
        const { around, micro } = this.uncovered[k];
        const spot = { edge: edge[corner], share: share[corner], leg: leg[corner] };
        const { rows } = around.catchment([spot], this.limit);
        for (let i = 0; i < rows.length; i += 1) {
          sum += micro[rows[i]];
        }
      }
    });
    return sum;
  }

  /**
   * The gains of the next corners, as many as some milliseconds allow, at least one.
   *
   * @param {number} from
   * @param {number} ms
   */
  some(from, ms) {
    const until = performance.now() + ms;
    /** @type {number[]} */
    const found = [];
    do {
      found.push(this.at(from + found.length));
    } while (from + found.length < this.corners.x.length && performance.now() < until);
    return Float64Array.from(found);
  }
}

/**
 * The corners with the highest gains, each at least 150 m from those before it.
 *
 * @param {{ x: Float64Array, y: Float64Array }} corners
 * @param {Float64Array} gain
 * @param {number} [most]
 */
export function hotSpots({ x, y }, gain, most = 10) {
  /** @type {HotSpot[]} */
  const found = [];
  while (found.length < most) {
    let best = -1;
    for (let k = 0; k < gain.length; k += 1) {
      if (gain[k] > (best < 0 ? 0 : gain[best]) && found.every((one) => Math.hypot(x[k] - one.x, y[k] - one.y) >= APART_MM)) {
        best = k;
      }
    }
    if (best < 0) {
      break;
    }
    found.push({ x: x[best], y: y[best], gain: gain[best] });
  }
  return found;
}
