// The files of what is tried, its code, and drafts as text.

import { NOTHING } from "./plan.js";

/** @import { Closed, Plan, Tried } from "./plan.js" */

/** Longitude and latitude of a place. @typedef {(x: number, y: number) => number[]} Degrees */

const DECIMALS = 9;
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 6;
const MOST_SITES = 5000;

/**
 * A number of 32 bits that differs where texts do (FNV-1a, its bits mixed once more).
 *
 * @param {string} text
 */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * @param {Tried} site
 * @param {Degrees} degrees
 */
const written = (site, degrees) => degrees(site.x, site.y).map((one) => one.toFixed(DECIMALS));

/**
 * A short code of a plan: the same for the same sites, in whatever order they were tried; "" for
 * an empty plan.
 *
 * @param {Plan} plan
 * @param {Degrees} degrees
 */
export function codeOf(plan, degrees) {
  const lines = [
    ...plan.sites.map((one) => ["+", one.category, ...written(one, degrees)].join("\t")),
    ...plan.closed.map((one) => ["-", one.category, one.id].join("\t")),
  ];
  if (!lines.length) {
    return "";
  }
  let rest = hashOf(lines.sort().join("\n"));
  let code = "";
  for (let k = 0; k < LENGTH; k += 1, rest = Math.floor(rest / SIGNS.length)) {
    code += SIGNS[rest % SIGNS.length];
  }
  return code;
}

/** @param {string} cell */
const quoted = (cell) => (/[",\r\n]/u.test(cell) ? '"' + cell.replace(/"/gu, '""') + '"' : cell);

/**
 * Rows as CSV in UTF-8, with the mark by which spreadsheets recognise it.
 *
 * @param {string[][]} rows
 */
const csv = (rows) => "\ufeff" + rows.map((row) => row.map(quoted).join(",") + "\r\n").join("");

/**
 * New sites, as `add` of a scenario takes them.
 *
 * @param {Plan} plan
 * @param {Degrees} degrees
 * @param {(number: number) => string} named
 */
export function proposedTable(plan, degrees, named) {
  const code = codeOf(plan, degrees);
  const rows = plan.sites.map((one) =>
    ["try-" + code + "-" + one.number, named(one.number), one.category, ...written(one, degrees)]);
  return csv([["facility_id", "name", "category", "lon", "lat"], ...rows]);
}

/**
 * Closed sites, as `close` of a scenario takes them.
 *
 * @param {Plan} plan
 */
export const closedTable = (plan) =>
  csv([["facility_id", "category"], ...plan.closed.map((one) => [one.id, one.category])]);

/**
 * The files of a plan by name; a table without rows is left out.
 *
 * @param {Plan} plan
 * @param {Degrees} degrees
 * @param {(number: number) => string} named
 * @returns {{ key: "add" | "close", name: string, text: string }[]}
 */
export function filesOf(plan, degrees, named) {
  const code = codeOf(plan, degrees);
  /** @type {{ key: "add" | "close", name: string, text: string }[]} */
  const found = [];
  if (plan.sites.length) {
    found.push({ key: "add", name: "proposed_" + code + ".csv", text: proposedTable(plan, degrees, named) });
  }
  if (plan.closed.length) {
    found.push({ key: "close", name: "closed_" + code + ".csv", text: closedTable(plan) });
  }
  return found;
}

/**
 * Name of the scenario of a code.
 *
 * @param {string} code
 */
export const scenarioName = (code) => "try_" + code;

/**
 * The lines of `study.toml` by which the files are a scenario.
 *
 * @param {string} code
 * @param {{ key: string, name: string }[]} files
 */
export function scenarioLines(code, files) {
  const keys = files.map(({ key, name }) => key + ' = "' + name + '"');
  const datum = files.some(({ key }) => key === "add") ? ['datum = "wgs84"'] : [];
  return ["[scenarios." + scenarioName(code) + "]", ...keys, ...datum].join("\n");
}

/**
 * A plan as text, for drafts.
 *
 * @param {Plan} plan
 */
export const planText = (plan) =>
  JSON.stringify([
    plan.sites.map((one) => [one.number, one.category, one.x, one.y]), plan.closed.map((one) => [one.id, one.category]),
  ]);

/**
 * Read a plan from text, which may be damaged or made for another page.
 *
 * @param {string} text
 * @param {string[]} categories those of the page
 * @param {(site: Closed) => boolean} isOpen whether the page has such a site
 * @returns {{ plan: Plan, left: number }} the plan, and how many entries were left out
 */
export function readPlan(text, categories, isOpen) {
  /** @type {unknown} */
  let read = null;
  try {
    read = JSON.parse(text);
  } catch {
    return { plan: NOTHING, left: 1 };
  }
  const [sites, closed] = [0, 1].map((k) => (Array.isArray(read) && Array.isArray(read[k]) ? read[k] : []));
  /** @type {Map<number, Tried>} */
  const tried = new Map();
  for (const one of sites.slice(0, MOST_SITES)) {
    const [number, category, x, y] = Array.isArray(one) ? one : [];
    const whole = [number, x, y].every((value) => Number.isSafeInteger(value)) && number > 0;
    if (whole && categories.includes(category)) {
      tried.set(number, { number, category, x, y });
    }
  }
  /** @type {Map<string, Closed>} */
  const shut = new Map();
  for (const one of closed) {
    const [id, category] = Array.isArray(one) ? one : [];
    if (typeof id === "string" && typeof category === "string" && isOpen({ id, category })) {
      shut.set(category + "\t" + id, { id, category });
    }
  }
  const plan = { sites: [...tried.values()], closed: [...shut.values()] };
  return { plan, left: sites.length + closed.length - plan.sites.length - plan.closed.length };
}
