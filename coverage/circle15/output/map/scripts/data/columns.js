// Integer columns, unpacked from the bytes of the page (`packed_columns.py`).

/** @import { ColumnPlan, Parts, People, Values } from "./types.js" */

const NO_CODE = 255;
const UNKNOWN = 2;

/**
 * An array for values of 1, 2, 4 or 7 bytes; 7 are held as floats.
 *
 * @param {number} n
 * @param {number} width
 * @returns {Values}
 */
function room(n, width) {
  switch (width) {
    case 1: return new Uint8Array(n);
    case 2: return new Uint16Array(n);
    case 4: return new Uint32Array(n);
    case 7: return new Float64Array(n);
    default: throw new Error("no column has values of " + width + " bytes");
  }
}

/**
 * Values of a column from its byte planes: first all lowest bytes, then the next.
 *
 * @param {Uint8Array} bytes
 * @param {ColumnPlan} plan
 */
function valuesOf(bytes, [, n, width, steps]) {
  if (width === 1 && !steps) {
    return bytes;
  }
  const values = room(n, width);
  for (let plane = 0, unit = 1; plane < width; plane += 1, unit *= 256) {
    for (let k = 0, at = plane * n; k < n; k += 1, at += 1) {
      values[k] += bytes[at] * unit;
    }
  }
  for (let k = 1; steps && k < n; k += 1) {
    values[k] += values[k - 1];
  }
  return values;
}

/**
 * A function that returns a column by name, unpacked on first use; null for a column that does
 * not exist.
 *
 * @param {ColumnPlan[]} plan
 * @param {ArrayBuffer} buffer the concatenated columns
 * @returns {(name: string) => Values | null}
 */
export function columnsOf(plan, buffer) {
  /** @type {Map<string, { begin: number, one: ColumnPlan }>} */
  const where = new Map();
  /** @type {Map<string, Values>} */
  const read = new Map();
  let begin = 0;
  for (const one of plan) {
    where.set(one[0], { begin, one });
    begin += one[1] * one[2];
  }
  return function (name) {
    const found = where.get(name);
    if (found && !read.has(name)) {
      const bytes = new Uint8Array(buffer, found.begin, found.one[1] * found.one[2]);
      read.set(name, valuesOf(bytes, found.one));
    }
    return read.get(name) || null;
  };
}

/**
 * A column that every page with these columns contains.
 *
 * @param {{ column: (name: string) => Values | null }} held
 * @param {string} name
 */
export function needed(held, name) {
  const found = held.column(name);
  if (!found) {
    throw new Error("the page has no column " + name);
  }
  return found;
}

/**
 * Index of the first part of each place, with the end as a last entry, and persons of each place.
 *
 * @param {People} people
 * @returns {Parts}
 */
export function partsOfPlaces(people) {
  const parts = needed(people, "parts");
  const micro = needed(people, "micro");
  const first = new Uint32Array(people.n + 1);
  const persons = new Float64Array(people.n);
  for (let k = 0, part = 0; k < people.n; k += 1) {
    let sum = 0;
    for (const end = part + parts[k]; part < end; part += 1) {
      sum += micro[part];
    }
    first[k + 1] = part;
    persons[k] = sum / 1e6;
  }
  return { first, persons };
}

/**
 * State of a place from its code: the state and its reason or ""; null if not judged.
 *
 * @param {People} people
 * @param {number} code
 * @returns {[string, string] | null}
 */
export function stateOf(people, code) {
  if (code === NO_CODE) {
    return null;
  }
  return code < UNKNOWN ? [people.codes[code], ""] : ["unknown", people.codes[code]];
}

/**
 * Class of a place by its persons, 0 for the fewest.
 *
 * @param {People} people
 * @param {number} persons
 */
export const levelOf = (people, persons) => people.breaks.filter((bound) => persons >= bound).length;
