// Convert encoded geometries (degrees × 10⁵, each vertex relative to the previous) to Leaflet.

/** @import { Line, Place, Polygons } from "../data/types.js" */

const SCALE = 100000;

/**
 * Latitude and longitude in degrees, as Leaflet expects them.
 *
 * @param {Place} at
 * @returns {[number, number]}
 */
export const latLng = (at) => [at[1] / SCALE, at[0] / SCALE];

/** @param {Line} flat */
export function pointsOf(flat) {
  /** @type {[number, number][]} */
  const points = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < flat.length; i += 2) {
    lon += flat[i];
    lat += flat[i + 1];
    points.push([lat / SCALE, lon / SCALE]);
  }
  return points;
}

/** @param {Line[]} list */
export const polylines = (list) => list.map(pointsOf);

/** @param {Polygons} list */
export const polygons = (list) => list.map(polylines);
