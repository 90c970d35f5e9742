// Columns of the tables beside the map: how a property of a row is sorted and shown.

import { data } from "../data/held.js";
import { message, numberText, say } from "../data/words.js";
import { element, shownName, svgPicture } from "../drawing/elements.js";

/** @import { Child, Column } from "../data/types.js" */

/** @param {string} text */
export const nameCell = (text) => [shownName(text)];

/**
 * A column of names.
 *
 * @template Row
 * @param {string} id
 * @param {string} label
 * @param {(row: Row) => string} value
 * @returns {Column<Row>}
 */
export const textColumn = (id, label, value) => ({ id, label, value, show: (row) => nameCell(value(row)) });

/**
 * @template Row
 * @param {string} id
 * @param {string} label
 * @param {(row: Row) => number | null} value
 * @returns {Column<Row>}
 */
export const numberColumn = (id, label, value) => ({
  id, label, value, number: true,
  show: (row) => shownOr(value(row), (found) => numberText(found)),
});

/**
 * @template Value
 * @param {Value | null} value
 * @param {(value: Value) => Child} show
 */
const shownOr = (value, show) => (value === null ? say("not_known") : show(value));

/**
 * The number in a printed text, for sorting.
 *
 * @param {string | null} printed
 */
export const sizeOf = (printed) => (printed ? parseFloat(printed.replace(/[^\d.−]/g, "").replace("−", "-")) : null);

/**
 * A column of numbers formatted as in the report, sorted by value.
 *
 * @template Row
 * @param {string} id
 * @param {string} label
 * @param {(row: Row) => string | null} value
 * @returns {Column<Row>}
 */
export const writtenColumn = (id, label, value) => ({
  id, label, number: true,
  value: (row) => sizeOf(value(row)),
  show: (row) => shownOr(value(row), (found) => found),
});

const WORST_FIRST = ["not_met", "source_conflict", "undetermined", "met", "reported", "not_applicable", ""];

/** @param {string} word */
const verdictWord = (word) => (word ? message("verdicts." + word) : say("no_verdict"));

/**
 * A verdict with its colour.
 *
 * @param {string} word
 * @returns {Child[]}
 */
export function verdictCell(word) {
  const colour = data().colours.verdicts[word || "none"];
  const frame = { x: 0.5, y: 0.5, width: 10, height: 10, fill: colour, stroke: "#333333" };
  return [svgPicture(11, 11, [["rect", frame]]), " " + verdictWord(word)];
}

/**
 * @param {string} label
 * @returns {Column<{ verdict: string }>}
 */
export const verdictColumn = (label) => ({
  id: "verdict", label, value: (row) => WORST_FIRST.indexOf(row.verdict), show: (row) => verdictCell(row.verdict),
});

/**
 * Number of rows by verdict, the worst first.
 *
 * @param {{ verdict: string }[]} rows
 */
export function tally(rows) {
  return WORST_FIRST.map((word) => ({ word, n: rows.filter((row) => (row.verdict || "") === word).length }))
    .filter(({ n }) => n > 0)
    .map(({ word, n }) => verdictWord(word) + " " + numberText(n))
    .join(" · ");
}

/**
 * A number of a rule, formatted as in the report, with its unit below.
 *
 * @param {"value" | "threshold"} key
 * @param {string} label
 * @returns {Column<{ value: string, threshold: string, unit: string }>}
 */
export function printedColumn(key, label) {
  /** @param {{ value: string, threshold: string }} row */
  const known = (row) => row[key] !== "" && row[key] !== "—";
  return {
    id: key, label, number: true,
    value: (row) => (known(row) ? sizeOf(row[key]) : null),
    show: (row) => (known(row) ? [row[key], element("small", {}, nameCell(row.unit))] : "–"),
  };
}
