// Degrees of the map and millimetres of the study, each from the other.

/** @import { Series, TrialMeta } from "./types.js" */

const NINE = 1e9;

/**
 * Sum of a Chebyshev series in two variables, both from −1 to 1.
 *
 * @param {number[]} series
 * @param {number} degree
 * @param {number} u
 * @param {number} v
 */
function sumOf(series, degree, u, v) {
  const [tu, tv] = [u, v].map((at) => {
    const found = [1, at];
    for (let k = 2; k <= degree; k += 1) {
      found.push(2 * at * found[k - 1] - found[k - 2]);
    }
    return found;
  });
  let sum = 0;
  for (let i = 0; i <= degree; i += 1) {
    for (let j = 0; j <= degree; j += 1) {
      sum += series[i * (degree + 1) + j] * tu[i] * tv[j];
    }
  }
  return sum;
}

/**
 * Longitude and latitude of a place in the study CRS, mm, to nine decimals: read back and rounded
 * to the millimetre they are that place.
 *
 * @param {Series} series
 * @param {number} x absolute
 * @param {number} y
 * @returns {[number, number]}
 */
function degreesAt(series, x, y) {
  const { middle, half, degree } = series;
  const [u, v] = [(x - middle[0]) / half[0], (y - middle[1]) / half[1]];
  const [lon, lat] = [series.lon, series.lat].map((one) => Math.floor(sumOf(one, degree, u, v) * NINE + 0.5) / NINE);
  return [lon, lat];
}

/**
 * Longitude and latitude of a place, mm from the origin.
 *
 * @param {TrialMeta} meta
 * @param {number} x
 * @param {number} y
 */
export const degreesOf = (meta, x, y) => degreesAt(meta.degrees, x + meta.origin[0], y + meta.origin[1]);

/**
 * The whole millimetres from the origin nearest to a longitude and latitude.
 *
 * @param {TrialMeta} meta
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]}
 */
export function placeOf(meta, lon, lat) {
  const { middle, half } = meta.degrees;
  let [x, y] = middle;
  // Newton's method on the series; a few steps suffice, as a map is almost flat.
  for (let step = 0; step < 20; step += 1) {
    const at = sumsAt(meta.degrees, x, y);
    const [east, north] = [sumsAt(meta.degrees, x + half[0] * 1e-4, y), sumsAt(meta.degrees, x, y + half[1] * 1e-4)];
    const [xx, xy] = [(east[0] - at[0]) / (half[0] * 1e-4), (north[0] - at[0]) / (half[1] * 1e-4)];
    const [yx, yy] = [(east[1] - at[1]) / (half[0] * 1e-4), (north[1] - at[1]) / (half[1] * 1e-4)];
    const turn = xx * yy - xy * yx;
    const [dl, db] = [lon - at[0], lat - at[1]];
    const [dx, dy] = [(dl * yy - db * xy) / turn, (db * xx - dl * yx) / turn];
    x += dx;
    y += dy;
    if (Math.abs(dx) + Math.abs(dy) < 0.01) {
      break;
    }
  }
  return [Math.floor(x - meta.origin[0] + 0.5), Math.floor(y - meta.origin[1] + 0.5)];
}

/**
 * @param {Series} series
 * @param {number} x
 * @param {number} y
 */
function sumsAt(series, x, y) {
  const { middle, half, degree } = series;
  const [u, v] = [(x - middle[0]) / half[0], (y - middle[1]) / half[1]];
  return [sumOf(series.lon, degree, u, v), sumOf(series.lat, degree, u, v)];
}
