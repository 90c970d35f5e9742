// A table that can be sorted by click and keys, and reports the row under the pointer; no map code.

import { data } from "../data/held.js";
import { element } from "../drawing/elements.js";

/** @import { Column, Sort } from "../data/types.js" */

/**
 * Content of a table. `sort` is kept by the caller; `empty` is shown without rows; `detail` is
 * shown below a pressed row. Equal rows keep their order.
 *
 * @template Row
 * @typedef {object} Shown
 * @property {string} id
 * @property {string} title
 * @property {Column<Row>[]} columns
 * @property {Row[]} rows
 * @property {Sort} sort
 * @property {(row: Row) => string | number} key
 * @property {string} empty
 * @property {(row: Row | null) => void} hover
 * @property {(row: Row) => void} press
 * @property {(row: Row) => HTMLElement} [detail]
 */

/**
 * Comparison of rows; missing values come last in both sort directions.
 *
 * @template Row
 * @param {Pick<Column<Row>, "value">} column
 * @param {boolean} down
 * @param {string} language
 * @returns {(one: Row, other: Row) => number}
 */
export function comparing(column, down, language) {
  const words = new Intl.Collator(language, { numeric: true });
  return function (one, other) {
    const a = column.value(one);
    const b = column.value(other);
    if (a === null || b === null) {
      return Number(a === null) - Number(b === null);
    }
    const order = typeof a === "string" ? words.compare(a, String(b)) : a - Number(b);
    return down ? -order : order;
  };
}

/**
 * @template Row
 * @param {Column<Row>} column
 * @param {Row} row
 */
function contentOf(column, row) {
  const shown = column.show(row);
  return Array.isArray(shown) ? shown : [shown];
}

/**
 * @template Row
 * @param {Column<Row>} column
 * @param {Row} row
 * @param {boolean} first
 */
function cell(column, row, first) {
  const content = contentOf(column, row);
  if (first) {
    const name = element("button", { type: "button", tabindex: "-1", class: "c15-name" }, content);
    return element("th", { scope: "row" }, [name]);
  }
  /** @type {Record<string, string>} */
  const more = column.number ? { class: "c15-number" } : {};
  return element("td", more, content);
}

/** @param {ParentNode} root */
const namesOf = (root) => /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".c15-name"));

/**
 * Fill `host` with a table.
 *
 * @template Row
 * @param {HTMLElement} host
 * @param {Shown<Row>} list
 */
export function showTable(host, list) {
  /** @type {Map<string, { row: Row, line: HTMLElement }>} */
  const rowOf = new Map();
  const body = element("tbody");
  const heads = list.columns.map((column) => {
    const button = element("button", { type: "button", "data-column": column.id }, [column.label]);
    button.addEventListener("click", () => {
      const down = list.sort.column === column.id ? !list.sort.down : Boolean(column.number);
      Object.assign(list.sort, { column: column.id, down });
      fill();
    });
    return element("th", { scope: "col", class: column.number ? "c15-number" : "" }, [button]);
  });
  const head = element("thead", {}, [element("tr", {}, heads)]);
  const caption = element("caption", {}, [list.title]);
  const table = element("table", { class: "c15-table c15-table-" + list.id }, [caption, head, body]);

  function fill() {
    const sorted = list.columns.find((one) => one.id === list.sort.column);
    const rows = [...list.rows];
    if (sorted) {
      rows.sort(comparing(sorted, list.sort.down, data().language));
    }
    heads.forEach((one, k) => {
      if (list.columns[k] === sorted) {
        one.setAttribute("aria-sort", list.sort.down ? "descending" : "ascending");
      } else {
        one.removeAttribute("aria-sort");
      }
    });
    rowOf.clear();
    const made = rows.map((row) => {
      const line = element("tr", {}, list.columns.map((one, k) => cell(one, row, k === 0)));
      const key = String(list.key(row));
      line.dataset.key = key;
      rowOf.set(key, { row, line });
      return line;
    });
    body.replaceChildren(...made);
    if (made.length) {
      namesOf(made[0])[0].tabIndex = 0;
    }
  }

  /** @param {Event} event */
  const at = (event) => {
    const line = event.target instanceof Element ? event.target.closest("tr[data-key]") : null;
    return (line instanceof HTMLElement && rowOf.get(line.dataset.key || "")) || null;
  };
  /** @param {{ row: Row } | null} found */
  const point = (found) => list.hover(found ? found.row : null);
  body.addEventListener("mouseover", (event) => point(at(event)));
  body.addEventListener("mouseleave", () => point(null));
  body.addEventListener("focusin", (event) => {
    namesOf(body).forEach((name) => (name.tabIndex = -1));
    if (event.target instanceof HTMLElement) {
      event.target.tabIndex = 0;
    }
    point(at(event));
  });
  body.addEventListener("focusout", () => point(null));
  body.addEventListener("click", (event) => {
    const found = at(event);
    if (found) {
      fold(found);
      list.press(found.row);
    }
  });
  body.addEventListener("keydown", (event) => {
    const names = [...namesOf(body)];
    const here = names.findIndex((name) => name === event.target);
    /** @type {Record<string, number>} */
    const ways = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: names.length - 1 };
    const next = names[ways[event.key]];
    if (here >= 0 && next) {
      event.preventDefault();
      next.focus();
    }
  });

  /**
   * Open or close the detail below a row.
   *
   * @param {{ row: Row, line: HTMLElement }} found
   */
  function fold(found) {
    if (!list.detail) {
      return;
    }
    const [name] = namesOf(found.line);
    const open = name.getAttribute("aria-expanded") === "true";
    name.setAttribute("aria-expanded", String(!open));
    if (open) {
      found.line.nextElementSibling?.remove();
      return;
    }
    const room = element("td", { colspan: list.columns.length }, [list.detail(found.row)]);
    found.line.after(element("tr", { class: "c15-detail" }, [room]));
  }

  fill();
  host.replaceChildren(list.rows.length ? table : element("p", {}, [list.empty]));

  /**
   * Mark the row of a key, null for none, and scroll it into view.
   *
   * @param {string | number | null} key
   */
  function mark(key) {
    body.querySelectorAll("tr.c15-marked").forEach((line) => line.classList.remove("c15-marked"));
    const found = rowOf.get(String(key));
    if (found) {
      found.line.classList.add("c15-marked");
      found.line.scrollIntoView({ block: "nearest" });
    }
  }

  /**
   * Show new values of rows in the order that they have.
   *
   * @param {Row[]} rows
   */
  function refresh(rows) {
    for (const row of rows) {
      const found = rowOf.get(String(list.key(row)));
      list.columns.forEach((column, k) => {
        if (found && k && column.value(row) !== column.value(found.row)) {
          found.line.children[k].replaceChildren(...contentOf(column, row));
        }
      });
      if (found) {
        found.row = row;
      }
    }
    list.rows = rows;
  }
  return { mark, refresh };
}
