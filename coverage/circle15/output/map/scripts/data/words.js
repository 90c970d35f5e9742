// Messages and numbers, formatted as on the Python side.

import { data } from "./held.js";

/**
 * A message by its full key, with its values filled in.
 *
 * @param {string} key
 * @param {Record<string, string | number | null | undefined>} [values]
 */
export function message(key, values = {}) {
  const template = data().words[key];
  if (template === undefined) {
    throw new Error("no message " + key);
  }
  return template.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * A message of the map.
 *
 * @param {string} key the part after `map.`
 * @param {Record<string, string | number | null | undefined>} [values]
 */
export const say = (key, values) => message("map." + key, values);

/** @type {{ language: string, format: (value: number) => string } | null} */
let printed = null;

/**
 * A number as printed; text was already formatted by Python, as in the report.
 *
 * @param {number | string} value
 */
export function numberText(value) {
  if (typeof value === "string") {
    return value;
  }
  if (value > 0 && value < 0.005) {
    return "<0.01";
  }
  const { language } = data();
  if (printed?.language !== language) {
    // Made once: it takes longer than all numbers of a frame while a site is dragged.
    printed = { language, format: new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format };
  }
  return printed.format(value);
}

/**
 * A number with its unit; the word for unknown if there is no number.
 *
 * @param {number | string | null | undefined} value
 * @param {string} unit key of a message of the map with the placeholder `n`
 */
export function amount(value, unit) {
  return value === null || value === undefined ? say("not_known") : say(unit, { n: numberText(value) });
}

/**
 * Text of the k-th class between bounds.
 *
 * @param {string[]} bounds
 * @param {number} k
 */
export function range(bounds, k) {
  if (k === 0) {
    return say("below", { to: bounds[k] });
  }
  return k < bounds.length ? say("between", { from: bounds[k - 1], to: bounds[k] }) : say("from", { from: bounds[k - 1] });
}

/**
 * Whole minutes and seconds.
 *
 * @param {number} seconds
 */
export const clock = (seconds) => ({ m: Math.floor(seconds / 60), s: seconds % 60 });
