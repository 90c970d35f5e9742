// Keyboard control: groups of radio buttons, moving between shapes on the map, the list of keys.

import { targetOf, unpick } from "../cards/picking.js";
import { data, stage } from "../data/held.js";
import { say } from "../data/words.js";
import { element, partOf } from "../drawing/elements.js";
import { paneOf } from "../drawing/panes.js";
import { placeInMiddle } from "../trials/tool/layer.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PANES = ["areas", "gaps", "zones", "sites"];

/** @param {HTMLElement} group */
const radiosOf = (group) => [.../** @type {NodeListOf<HTMLElement>} */ (group.querySelectorAll("[role=radio]:not([hidden])"))];

/**
 * Make a group of buttons one stop for Tab; arrows, Home and End choose within it.
 *
 * @param {HTMLElement} group
 */
export function radioKeys(group) {
  group.addEventListener("keydown", (event) => {
    const buttons = radiosOf(group);
    const here = buttons.findIndex((button) => button === event.target);
    /** @type {Record<string, number>} */
    const ends = { Home: 0, End: buttons.length - 1 };
    let next = ends[event.key];
    if (event.key in STEPS) {
      next = (here + STEPS[event.key] + buttons.length) % buttons.length;
    }
    if (here >= 0 && next !== undefined) {
      event.preventDefault();
      buttons[next].focus();
      buttons[next].click();
    }
  });
}

/**
 * Mark the chosen button of a group; Tab stops there.
 *
 * @param {HTMLElement} group
 * @param {string | number} id
 */
export function markRadio(group, id) {
  const buttons = radiosOf(group);
  const chosen = buttons.find((button) => button.dataset.id === String(id)) || buttons[0];
  for (const button of buttons) {
    button.setAttribute("aria-checked", String(button.dataset.id === String(id)));
    button.setAttribute("tabindex", button === chosen ? "0" : "-1");
  }
}

/** @param {HTMLElement} pane */
const shapesOf = (pane) => [.../** @type {NodeListOf<SVGElement>} */ (pane.querySelectorAll("[role=button]"))];

/** Make each pane of shapes one stop for Tab: the shape last focused, else the most central one. */
export function settleStops() {
  const { map } = stage();
  /** @param {Element} shape */
  const away = (shape) => {
    const place = targetOf(shape)?.place;
    return place ? map.distance(map.getCenter(), place) : Infinity;
  };
  for (const name of PANES) {
    const shapes = shapesOf(paneOf(map, name));
    if (shapes.length && !shapes.some((shape) => shape.getAttribute("tabindex") === "0")) {
      shapes.reduce((a, b) => (away(b) < away(a) ? b : a)).setAttribute("tabindex", "0");
    }
  }
}

/**
 * The nearest shape in the direction of an arrow key; sideways distance counts double.
 *
 * @param {L.Map} map
 * @param {SVGElement[]} shapes
 * @param {Element} from
 * @param {[number, number]} direction
 */
function neighbour(map, shapes, from, [east, south]) {
  const here = targetOf(from)?.place;
  if (!here) {
    return null;
  }
  const start = map.latLngToLayerPoint(here);
  let best = null;
  let least = Infinity;
  for (const shape of shapes) {
    const place = targetOf(shape)?.place;
    if (!place || shape === from) {
      continue;
    }
    const { x, y } = map.latLngToLayerPoint(place).subtract(start);
    const along = x * east + y * south;
    const cost = along + 2 * Math.abs(x * south + y * east);
    if (along > 0.5 && cost < least) {
      best = shape;
      least = cost;
    }
  }
  return best;
}

/**
 * @param {L.Map} map
 * @param {HTMLElement} pane
 */
function shapeKeys(map, pane) {
  pane.addEventListener("keydown", (event) => {
    const shape = event.target instanceof Element ? event.target.closest("[role=button]") : null;
    const target = targetOf(shape);
    if (!shape || !target || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      target.open();
    } else if (event.key in WAYS) {
      event.preventDefault();
      neighbour(map, shapesOf(pane), shape, WAYS[event.key])?.focus({ preventScroll: true });
    }
  });
  pane.addEventListener("focusin", (event) => {
    const shape = event.target;
    const target = targetOf(shape);
    if (shape instanceof Element && target) {
      pane.querySelectorAll('[tabindex="0"]').forEach((old) => old.setAttribute("tabindex", "-1"));
      shape.setAttribute("tabindex", "0");
      if (shape.matches(":focus-visible") && target.place) {
        map.panInside(target.place, { padding: [60, 60], animate: false });
      }
    }
  });
}

function help() {
  const rows = ["tab", "arrows", "zoom", "enter", "escape", "search", ...(data().trials ? ["try"] : []), "help"].map((key) =>
    element("tr", {}, [
      element("th", { scope: "row" }, say("key_" + key).split(" ").map((cap) => element("kbd", {}, [cap]))),
      element("td", {}, [say("key_" + key + "_does")]),
    ])
  );
  const close = element("button", { type: "button" }, [say("close")]);
  const title = element("h2", { id: "c15-keys-title" }, [say("keys_title")]);
  const table = element("table", {}, [element("tbody", {}, rows)]);
  const dialog = element("dialog", { id: "c15-keys", "aria-labelledby": "c15-keys-title" }, [title, table, close]);
  close.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  return dialog;
}

/**
 * Set up the keys of the page.
 *
 * @param {L.Map} map
 */
export function startKeys(map) {
  const dialog = help();
  const input = /** @type {HTMLInputElement} */ (partOf("search"));
  partOf("keys-button").addEventListener("click", () => dialog.showModal());
  PANES.forEach((name) => shapeKeys(map, paneOf(map, name)));
  /** @type {Record<string, () => void>} */
  const does = {
    "?": () => dialog.showModal(),
    "/": () => input.select(),
    Escape: unpick,
    "+": () => map.zoomIn(),
    "=": () => map.zoomIn(),
    "-": () => map.zoomOut(),
    n: placeInMiddle,
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    const typing = target.closest("input:not([type=checkbox]), select, textarea");
    const asked = document.querySelector("dialog[open]") !== null;
    const taken = event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || asked;
    // While the map has the focus, Leaflet handles zooming itself.
    const zoomed = target === map.getContainer() && "+=-".includes(event.key);
    const elsewhere = event.key === "n" && stage().state.view !== "try";
    if (taken || zoomed || elsewhere || !does[event.key] || (typing && event.key !== "Escape")) {
      return;
    }
    event.preventDefault();
    does[event.key]();
  });
}
