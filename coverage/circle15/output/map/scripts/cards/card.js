// The card of an item: a title, rows of labels and values, notes, and its source.

import { say } from "../data/words.js";
import { element, shownName } from "../drawing/elements.js";

/** @import { CardRow, Child } from "../data/types.js" */

/**
 * A row of a card: a label and its value, or a heading for the rows that follow.
 *
 * @param {CardRow} row
 */
function line([label, value]) {
  if (value === undefined) {
    return element("tr", {}, [element("th", { colspan: "2", class: "c15-over" }, [label])]);
  }
  return element("tr", {}, [
    element("th", { scope: "row" }, [label]),
    element("td", {}, [value]),
  ]);
}

/**
 * A paragraph with the input row of an item; none if it is unknown.
 *
 * @param {string} source
 */
export const inputOf = (source) =>
  source ? [element("p", { class: "c15-source" }, [say("source") + " ", shownName(source)])] : [];

/**
 * Where an item is found: the input row, and the layer and id in the results.
 *
 * @param {string} source
 * @param {string} layer
 * @param {string} column
 * @param {string | number} id
 */
export function origins(source, layer, column, id) {
  const where = [say("in_results") + " ", shownName("results.gpkg › " + layer + " › " + column + " = " + id)];
  return [...inputOf(source), element("p", { class: "c15-source" }, where)];
}

/**
 * @param {string} title
 * @param {CardRow[]} rows
 * @param {string[]} notes
 * @param {Child[]} [sources] paragraphs with the source of the item
 */
export function card(title, rows, notes, sources = []) {
  const table = element("table", {}, [element("tbody", {}, rows.map(line))]);
  const warnings = notes.map((note) => element("p", { class: "c15-warn" }, [note]));
  return element("div", { class: "c15-card" }, [element("h3", {}, [shownName(title)]), table, ...warnings, ...sources]);
}
