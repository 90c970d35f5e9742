// Points on contracted streets: homes, goals, and the places where pieces of the network break.

import { CLOSED, sidesOf } from "./streets.js";

/** @import { Column, Ends, Points, Read, Spot, Streets, Times } from "./types.js" */

/**
 * Decode the points of `point_columns`; those without a fraction of their own stand where their
 * time along the edge says.
 *
 * @param {Read} read
 * @param {string} name
 * @param {Streets} streets
 * @returns {Points}
 */
export function decodePoints(read, name, streets) {
  const edge = read(name + "_edge");
  const part = read(name + "_part");
  const n = edge.length;
  const share = new Float64Array(n);
  for (let p = 0; p < n; p += 1) {
    const ms = streets.on[edge[p]];
    if (ms > 0 && ms < CLOSED) {
      share[p] = (streets.turned[edge[p]] ? ms - part[p] : part[p]) / ms;
    }
  }
  const exact = read(name + "_exact");
  const shares = sharesOf(read(name + "_share"));
  for (let k = 0; k < exact.length; k += 1) {
    share[exact[k]] = shares[k];
  }
  return pointsOn(streets, edge, share, read(name + "_leg"));
}

/**
 * Fractions from their eight bytes: first all lowest ones, then the next.
 *
 * @param {Column} bytes
 */
export function sharesOf(bytes) {
  const view = new DataView(new ArrayBuffer(8));
  return Float64Array.from({ length: bytes.length / 8 }, (_, k) => {
    for (let plane = 0; plane < 8; plane += 1) {
      view.setUint8(plane, bytes[(plane * bytes.length) / 8 + k]);
    }
    return view.getFloat64(0, true);
  });
}

/**
 * Points in the order of the chains.
 *
 * @param {Streets} streets
 * @param {Column} edge
 * @param {Float64Array} share
 * @param {Column} leg
 * @returns {Points}
 */
export function pointsOn(streets, edge, share, leg) {
  const n = edge.length;
  const begin = new Uint32Array(streets.chains + 1);
  for (let p = 0; p < n; p += 1) {
    begin[streets.chainOf[edge[p]] + 1] += 1;
  }
  for (let chain = 0; chain < streets.chains; chain += 1) {
    begin[chain + 1] += begin[chain];
  }
  return { n, edge, share, leg, begin, sides: sidesOf(streets, begin) };
}

/**
 * Some of the points.
 *
 * @param {Points} points
 * @param {Uint32Array} rows in order
 * @param {Streets} streets
 */
export function somePoints({ edge, share, leg }, rows, streets) {
  const shares = Float64Array.from(rows, (row) => share[row]);
  return pointsOn(streets, rows.map((row) => edge[row]), shares, rows.map((row) => leg[row]));
}

/**
 * Milliseconds from the first node of an edge to a point, rounded half up, and the rest; both
 * closed inside a closed edge.
 *
 * @param {number} share
 * @param {number} ms
 * @returns {[number, number]}
 */
function parts(share, ms) {
  if (ms >= CLOSED && share > 0 && share < 1) {
    return [CLOSED, CLOSED];
  }
  const first = Math.floor(share * ms + 0.5);
  return [first, ms - first];
}

/**
 * Times on a point's own edge, along its chain (`on`) and against it (`back`), from the edge's
 * start to the point (`In`) and from the point to its end (`Out`).
 *
 * @param {Times} times
 * @param {number} edge
 * @param {number} share
 */
export function onEdge(times, edge, share) {
  const turned = times.streets.turned[edge];
  const [on, back] = [times.on[edge], times.back[edge]];
  const fromU = parts(share, turned ? back : on);
  const toU = parts(share, turned ? on : back);
  return turned
    ? { onIn: toU[1], onOut: toU[0], backOut: fromU[1], backIn: fromU[0], along: 1 - share }
    : { onIn: fromU[0], onOut: fromU[1], backOut: toU[0], backIn: toU[1], along: share };
}

/**
 * Times from points to the junctions of their chains.
 *
 * @param {Times} times
 * @param {Points} points
 * @returns {Ends}
 */
export function endsOf(times, points) {
  const { chainOf, start } = times.streets;
  const toFirst = new Uint32Array(points.n);
  const toLast = new Uint32Array(points.n);
  for (let p = 0; p < points.n; p += 1) {
    const e = points.edge[p];
    const own = onEdge(times, e, points.share[p]);
    const chain = chainOf[e];
    toFirst[p] = Math.min(own.backOut + times.backBefore[e] - times.backBefore[start[chain]], CLOSED);
    toLast[p] = Math.min(own.onOut + times.onBefore[start[chain + 1]] - times.onBefore[e + 1], CLOSED);
  }
  return { toFirst, toLast };
}

/**
 * Times from the junctions of its chain to a spot, with its leg.
 *
 * @param {Times} times
 * @param {Spot} spot
 * @returns {[number, number]}
 */
export function seedsOf(times, spot) {
  const { chainOf, start } = times.streets;
  const own = onEdge(times, spot.edge, spot.share);
  const chain = chainOf[spot.edge];
  const fromFirst = own.onIn + times.onBefore[spot.edge] - times.onBefore[start[chain]];
  const fromLast = own.backIn + times.backBefore[start[chain + 1]] - times.backBefore[spot.edge + 1];
  return [fromFirst + spot.leg, fromLast + spot.leg];
}

/**
 * Time from a point along its chain to a spot on the same chain, without going round; with the
 * spot's leg.
 *
 * @param {Times} times
 * @param {Points} points
 * @param {number} p
 * @param {Spot} spot
 */
export function alongChain(times, points, p, spot) {
  const [a, b] = [points.edge[p], spot.edge];
  const home = onEdge(times, a, points.share[p]);
  const goal = onEdge(times, b, spot.share);
  let ms = 0;
  if (a < b) {
    ms = home.onOut + times.onBefore[b] - times.onBefore[a + 1] + goal.onIn;
  } else if (a > b) {
    ms = home.backOut + times.backBefore[a] - times.backBefore[b + 1] + goal.backIn;
  } else if (home.along < goal.along) {
    ms = times.on[a] < CLOSED ? goal.onIn - home.onIn : CLOSED;
  } else if (home.along > goal.along) {
    ms = times.back[a] < CLOSED ? goal.backIn - home.backIn : CLOSED;
  }
  return ms + spot.leg;
}
