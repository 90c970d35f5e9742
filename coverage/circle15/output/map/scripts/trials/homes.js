// Where homes join the streets and how many people they have, from the columns of `trials/homes.py` and
// the people layer of the page.

import { pointsOn, sharesOf } from "./points.js";
import { mapped, nearestOn, sums, unzigzag } from "./streets.js";

/** @import { Column, Living, Points, Read, Streets } from "./types.js" */

/**
 * Where the places of the people layer are, mm from the origin.
 *
 * @param {(name: string) => Column} read
 */
export const placesOf = (read) => [read("place_x"), read("place_y")].map((steps) => {
  const found = sums(steps);
  for (let k = 1; k < found.length; k += 1) {
    found[k] += found[k - 1];
  }
  return found;
});

/**
 * Homes that have joined the streets come first, in the order of the chains.
 *
 * @param {Read} read
 * @param {Streets} streets
 * @param {Living} living
 * @param {[number, number]} origin
 * @param {(mm: number) => number} legMs
 * @returns {{ homes: Points, micro: Float64Array, places: Uint32Array }} `micro` are micro-persons and
 *   `places` the places of the people layer, their number for none
 */
export function decodeHomes(read, streets, living, origin, legMs) {
  const { parts, micro, x, y } = living;
  const placeOf = new Uint32Array(micro.length + 1).fill(parts.length);
  for (let place = 0, part = 0; place < parts.length; place += 1) {
    placeOf.fill(place, part, part + parts[place]);
    part += parts[place];
  }
  const [part, differs, edge] = [read("home_part"), read("home_micro"), read("home_edge")];
  const places = Uint32Array.from(part, (one) => placeOf[one]);
  const people = Float64Array.from(part, (one, home) => (micro[one] || 0) + unzigzag(differs[home]));
  const share = new Float64Array(edge.length);
  const leg = new Float64Array(edge.length);
  for (let home = 0; home < edge.length; home += 1) {
    const place = places[home];
    const [x0, y0, x1, y1] = mapped(streets, edge[home], origin);
    const near = nearestOn(x0, y0, x1, y1, (x[place] + origin[0]) / 1000, (y[place] + origin[1]) / 1000);
    share[home] = near.share;
    leg[home] = legMs(Math.floor(near.m * 1000 + 0.5));
  }
  const [exact, legs, shares] = [read("home_exact"), read("home_leg"), sharesOf(read("home_share"))];
  for (let k = 0; k < exact.length; k += 1) {
    share[exact[k]] = shares[k];
    leg[exact[k]] = legs[k];
  }
  return { homes: pointsOn(streets, edge, share, leg), micro: people, places };
}
