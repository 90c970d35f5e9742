// The contracted streets of a way of walking, decoded from the columns of `trials/streets.py`.

/** @import { Read, Side, Streets, Times, WalkMeta } from "./types.js" */

/** Time of a direction that may not be walked, milliseconds: 24 days. */
export const CLOSED = 2 ** 31;

const SHUT = 1;
const OPEN = 2;

/** @param {number} code */
export const unzigzag = (code) => (code % 2 ? -(code + 1) / 2 : code / 2);

/**
 * Running sums of coded steps.
 *
 * @param {ArrayLike<number>} steps
 * @param {number} [from]
 */
export function sums(steps, from = 0) {
  const found = new Float64Array(steps.length);
  let now = from;
  for (let k = 0; k < steps.length; k += 1) {
    now += unzigzag(steps[k]);
    found[k] = now;
  }
  return found;
}

/**
 * Time of an edge from its code.
 *
 * @param {number} code
 * @param {number} same time of the other direction
 * @param {number} expected
 */
function timeOf(code, same, expected) {
  if (code === 0) {
    return same;
  }
  return code === SHUT ? CLOSED : expected + unzigzag(code - OPEN);
}

/**
 * @param {Read} read
 * @param {WalkMeta} meta
 * @returns {Streets}
 */
export function decodeStreets(read, meta) {
  const low = read("low");
  const span = read("span");
  const flip = read("flip");
  const size = read("size");
  const chains = low.length;
  const first = new Uint32Array(chains);
  const last = new Uint32Array(chains);
  const start = new Uint32Array(chains + 1);
  for (let k = 0; k < chains; k += 1) {
    const high = low[k] + span[k];
    first[k] = flip[k] ? high : low[k];
    last[k] = flip[k] ? low[k] : high;
    start[k + 1] = start[k] + size[k];
  }
  const n = start[chains];
  const coreX = sums(read("core_x"));
  const coreY = sums(read("core_y"));
  const [dx, dy] = [read("dx"), read("dy")];
  // Ends of the edges in the direction of their chains, mm from the origin.
  const [x0, y0, x1, y1] = [0, 0, 0, 0].map(() => new Float64Array(n));
  const chainOf = new Uint32Array(n);
  for (let chain = 0, step = 0; chain < chains; chain += 1) {
    let x = coreX[first[chain]];
    let y = coreY[first[chain]];
    for (let e = start[chain]; e < start[chain + 1]; e += 1) {
      chainOf[e] = chain;
      x0[e] = x;
      y0[e] = y;
      if (e + 1 < start[chain + 1]) {
        x += unzigzag(dx[step]);
        y += unzigzag(dy[step]);
        step += 1;
      } else {
        x = coreX[last[chain]];
        y = coreY[last[chain]];
      }
      x1[e] = x;
      y1[e] = y;
    }
  }
  const on = new Float64Array(n);
  const back = new Float64Array(n);
  const [onCode, backCode] = [read("on"), read("back")];
  for (let e = 0; e < n; e += 1) {
    const [across, up] = [x1[e] - x0[e], y1[e] - y0[e]];
    const expected = Math.floor(Math.sqrt(across * across + up * up) * meta.per_mm + 0.5);
    on[e] = timeOf(onCode[e], expected, expected);
    back[e] = timeOf(backCode[e], on[e], on[e] < CLOSED ? on[e] : expected);
  }
  const kind = read("kind");
  const takes = new Uint8Array(n);
  const turned = new Uint8Array(n);
  for (let e = 0; e < n; e += 1) {
    takes[e] = kind[e] & 3;
    turned[e] = kind[e] >> 2;
  }
  return {
    n, chains, core: meta.core, first, last, start, chainOf, coreX, coreY, x0, y0, x1, y1,
    on, back, takes, turned, rank: read("rank"), index: sums(read("index")),
    homeOn: meta.homeward ? homeTimes(read("home_on"), on) : on,
    homeBack: meta.homeward ? homeTimes(read("home_back"), back) : back,
  };
}

/**
 * @param {ArrayLike<number>} codes
 * @param {Float64Array} out
 */
const homeTimes = (codes, out) =>
  out.map((ms, e) => timeOf(codes[e], ms, ms < CLOSED ? ms : 0));

/**
 * Times of walking the streets in one sense, with the arcs by which a search goes from goals.
 *
 * @param {Streets} streets
 * @param {Float64Array} on milliseconds of each edge along its chain
 * @param {Float64Array} back against it
 * @returns {Times}
 */
export function timesOf(streets, on, back) {
  const { n, chains, first, last, start, core } = streets;
  const onBefore = new Float64Array(n + 1);
  const backBefore = new Float64Array(n + 1);
  for (let e = 0; e < n; e += 1) {
    onBefore[e + 1] = onBefore[e] + on[e];
    backBefore[e + 1] = backBefore[e] + back[e];
  }
  /** @type {(chain: number) => [number, number]} */
  const whole = (chain) => [
    onBefore[start[chain + 1]] - onBefore[start[chain]],
    backBefore[start[chain + 1]] - backBefore[start[chain]],
  ];
  const pointer = new Uint32Array(core + 1);
  for (let chain = 0; chain < chains; chain += 1) {
    if (first[chain] !== last[chain]) {
      const [ahead, behind] = whole(chain);
      pointer[last[chain] + 1] += Number(ahead < CLOSED);
      pointer[first[chain] + 1] += Number(behind < CLOSED);
    }
  }
  for (let k = 0; k < core; k += 1) {
    pointer[k + 1] += pointer[k];
  }
  const head = new Uint32Array(pointer[core]);
  const ms = new Uint32Array(pointer[core]);
  const fill = pointer.slice();
  for (let chain = 0; chain < chains; chain += 1) {
    if (first[chain] !== last[chain]) {
      const [ahead, behind] = whole(chain);
      if (ahead < CLOSED) {
        head[fill[last[chain]]] = first[chain];
        ms[fill[last[chain]]] = ahead;
        fill[last[chain]] += 1;
      }
      if (behind < CLOSED) {
        head[fill[first[chain]]] = last[chain];
        ms[fill[first[chain]]] = behind;
        fill[first[chain]] += 1;
      }
    }
  }
  return { streets, on, back, onBefore, backBefore, pointer, head, ms };
}

/**
 * The chains at each junction that have some of the points; a loop occurs once.
 *
 * @param {Streets} streets
 * @param {Uint32Array} begin start of the points of each chain
 * @returns {Side}
 */
export function sidesOf(streets, begin) {
  const { chains, first, last, core } = streets;
  const pointer = new Uint32Array(core + 1);
  /** @param {(junction: number, chain: number) => void} each */
  const visit = (each) => {
    for (let chain = 0; chain < chains; chain += 1) {
      if (begin[chain] < begin[chain + 1]) {
        each(first[chain], chain);
        if (first[chain] !== last[chain]) {
          each(last[chain], chain);
        }
      }
    }
  };
  visit((junction) => {
    pointer[junction + 1] += 1;
  });
  for (let k = 0; k < core; k += 1) {
    pointer[k + 1] += pointer[k];
  }
  const chain = new Uint32Array(pointer[core]);
  const fill = pointer.slice();
  visit((junction, one) => {
    chain[fill[junction]] = one;
    fill[junction] += 1;
  });
  return { pointer, chain };
}

/**
 * A place on an edge, mm from the origin.
 *
 * @param {Streets} streets
 * @param {number} e
 * @param {number} along share in the direction of the chain
 */
export function placeOn({ x0, y0, x1, y1 }, e, along) {
  if (along === 1) {
    return [x1[e], y1[e]];
  }
  return [x0[e] + along * (x1[e] - x0[e]), y0[e] + along * (y1[e] - y0[e])];
}

/** @type {WeakMap<Streets, Side>} */
const sides = new WeakMap();

/**
 * All chains at each junction.
 *
 * @param {Streets} streets
 */
export function chainsOf(streets) {
  const found = sides.get(streets) || sidesOf(streets, Uint32Array.from({ length: streets.chains + 1 }, (_, k) => k));
  sides.set(streets, found);
  return found;
}

/**
 * The ends of an edge as mapped, metres in the study CRS: the arithmetic of a run, to the last bit.
 *
 * @param {Streets} streets
 * @param {number} e
 * @param {[number, number]} origin mm
 * @returns {[number, number, number, number]} x, y, x, y
 */
export function mapped({ x0, y0, x1, y1, turned }, e, [west, south]) {
  const ends = [(x0[e] + west) / 1000, (y0[e] + south) / 1000, (x1[e] + west) / 1000, (y1[e] + south) / 1000];
  return turned[e] ? [ends[2], ends[3], ends[0], ends[1]] : [ends[0], ends[1], ends[2], ends[3]];
}

/**
 * The nearest place of a straight piece to a point, as `snapping.place_on_edges` finds it; metres.
 *
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {number} px
 * @param {number} py
 * @returns {{ share: number, x: number, y: number, m: number }}
 */
export function nearestOn(x0, y0, x1, y1, px, py) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const square = dx * dx + dy * dy;
  let share = 0;
  if (square > 0) {
    share = Math.min(Math.max(((px - x0) * dx + (py - y0) * dy) / square, 0), 1);
  }
  const x = share === 1 ? x1 : x0 + share * dx;
  const y = share === 1 ? y1 : y0 + share * dy;
  const ex = px - x;
  const ey = py - y;
  return { share, x, y, m: Math.sqrt(ex * ex + ey * ey) };
}
