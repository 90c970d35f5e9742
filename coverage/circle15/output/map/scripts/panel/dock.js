// The tables beside the map, and the effects of their rows on the map.

import { pickRow } from "../cards/picking.js";
import { say } from "../data/words.js";
import { element, partOf } from "../drawing/elements.js";
import { pathOptions } from "../drawing/panes.js";
import { latLng, polygons } from "../drawing/shapes.js";
import { opened } from "../layers/ties.js";
import { resized } from "./frame.js";
import { listsOf } from "./lists.js";
import { showTable } from "./table.js";

/** @import { Picked, Sort, State, Where } from "../data/types.js" */

/** The last sort order of each table. @type {Map<string, Sort>} */
const sorts = new Map();
/** @type {L.LayerGroup | null} */
let marker = null;

/**
 * Draw a frame around the item of a row, above everything; null removes it.
 *
 * @param {L.Map} map
 * @param {Where} where
 */
function point(map, where) {
  if (marker) {
    marker.remove();
    marker = null;
  }
  if (!where) {
    return;
  }
  const under = pathOptions("mark", { color: "#ffffff", weight: 7, fill: false, radius: 11 });
  const over = pathOptions("mark", { color: "#111111", weight: 3, fill: false, radius: 11 });
  const shapes = [under, over].map((style) =>
    "at" in where ? L.circleMarker(latLng(where.at), style) : L.polygon(polygons(where.shape), style)
  );
  marker = L.layerGroup(shapes).addTo(map);
}

/**
 * @param {L.Map} map
 * @param {Where} where
 */
function go(map, where) {
  if (!where) {
    return;
  }
  const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  if ("at" in where) {
    map.setView(latLng(where.at), Math.max(map.getZoom(), 16), { animate });
  } else {
    const bounds = L.polygon(polygons(where.shape)).getBounds();
    map.fitBounds(bounds, { padding: [40, 40], maxZoom: 16.5, animate });
  }
}

/**
 * Open the card of a row; closing it gives the focus back to the row.
 *
 * @param {Picked} picked
 */
function openRow(picked) {
  const focused = document.activeElement;
  pickRow(picked, { opener: focused instanceof HTMLElement ? focused : null, travel: true });
}

/**
 * The open list; the first one of the view until another one is chosen.
 *
 * @param {State} state
 */
function chosen(state) {
  const lists = listsOf(state.view);
  return lists.find((one) => one.id === state.list) || lists[0] || null;
}

/**
 * Id of the open list; null if the view has none.
 *
 * @param {State} state
 */
export const listOf = (state) => chosen(state)?.id || null;

/**
 * @param {State} state
 * @param {(id: string) => void} choose
 */
function tabs(state, choose) {
  const lists = listsOf(state.view);
  const current = listOf(state);
  const made = lists.map((one) => {
    const tab = element("button", { type: "button", "data-id": one.id }, [say("list_" + one.id)]);
    tab.setAttribute("aria-pressed", String(one.id === current));
    tab.addEventListener("click", () => choose(one.id));
    return tab;
  });
  const old = document.activeElement;
  const box = partOf("lists");
  const focused = old instanceof HTMLElement && old.parentElement === box ? old.dataset.id : null;
  box.replaceChildren(...made);
  box.hidden = lists.length < 2;
  made.find((tab) => tab.dataset.id === focused)?.focus();
}

/**
 * Show the table of the view, category and cutoff; `choose` opens another list of the view.
 *
 * @param {L.Map} map
 * @param {State} state
 * @param {(id: string) => void} choose
 */
export function showDock(map, state, choose) {
  const list = chosen(state);
  const was = document.body.classList.contains("c15-docked");
  document.body.classList.toggle("c15-docked", list !== null);
  point(map, null);
  opened.table = null;
  if (was !== (list !== null)) {
    resized(map);
  }
  if (!list) {
    partOf("dock-body").replaceChildren();
    return;
  }
  const built = list.build(state);
  const key = state.view + "/" + list.id;
  const last = sorts.get(key);
  const sort = last && built.columns.some((one) => one.id === last.column) ? last : built.sort;
  sorts.set(key, sort);
  tabs(state, choose);
  partOf("dock-title").textContent = built.title;
  partOf("dock-note").textContent = built.note || "";
  const { mark, refresh } = showTable(partOf("dock-body"), {
    ...built,
    sort,
    empty: say("empty_" + list.id),
    hover: (row) => point(map, row && built.where(row)),
    press: (row) => (built.presses ? built.presses(row) : built.picks ? openRow(built.picks(row)) : go(map, built.where(row))),
  });
  opened.table = { list: list.id, mark, refresh };
}
