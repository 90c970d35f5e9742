// The card: a title, rows of labels and values, notes, and where it is from.

import { say } from "../data/words.js";
import { element, shownName } from "../drawing/elements.js";

/** @import { CardRow, Child } from "../data/types.js" */

/**
 * A line of a table: a name and what it is, or a heading over the lines that follow.
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
 * The row of the input from which an item is, as a paragraph; none where it is not known.
 *
 * @param {string} source
 */
export const inputOf = (source) =>
  source ? [element("p", { class: "c15-source" }, [say("source") + " ", shownName(source)])] : [];

/**
 * Where an analyst finds an item: the row of the input, and the layer and id in the results.
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
 * @param {Child[]} [sources] where it is from, as paragraphs
 */
export function card(title, rows, notes, sources = []) {
  const table = element("table", {}, [element("tbody", {}, rows.map(line))]);
  const warnings = notes.map((note) => element("p", { class: "c15-warn" }, [note]));
  return element("div", { class: "c15-card" }, [element("h3", {}, [shownName(title)]), table, ...warnings, ...sources]);
}
