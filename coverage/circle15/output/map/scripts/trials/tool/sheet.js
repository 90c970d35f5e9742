// The printed sheet of what is tried: the map of today beside that of then, and the code.

import { categoriesOf, labelOf } from "../../data/choices.js";
import { data, stage } from "../../data/held.js";
import { message } from "../../data/words.js";
import { element, inside } from "../../drawing/elements.js";
import { isNothing, NOTHING } from "./plan.js";
import { tool } from "./tool.js";

const MOST_LISTED = 4;

/** Whether the sheet shows today beside then. */
const compares = () => stage().state.view === "try" && Boolean(tool.trial) && !isNothing(tool.history.plan);

/**
 * A copy of a drawn element: styles and pictures, which a clone may lose, are copied too.
 *
 * @param {HTMLElement} original
 */
function picture(original) {
  const made = /** @type {HTMLElement} */ (original.cloneNode(true));
  const [from, to] = [original, made].map((root) => [root, ...root.querySelectorAll("*")]);
  from.forEach((one, k) => {
    const copy = to[k];
    if ("style" in one && "style" in copy) {
      /** @type {HTMLElement} */ (copy).style.cssText = /** @type {HTMLElement} */ (one).style.cssText;
    }
    if (one instanceof HTMLCanvasElement && copy instanceof HTMLCanvasElement) {
      [copy.width, copy.height] = [one.width, one.height];
      copy.getContext("2d")?.drawImage(one, 0, 0);
    }
    ["id", "tabindex", "role", "aria-label"].forEach((name) => copy.removeAttribute(name));
  });
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** @type {HTMLElement | null} */
let before = null;
/** @type {HTMLElement | null} */
let caption = null;
/** Where the map was before it became half as wide. @type {{ at: L.LatLng, zoom: number } | null} */
let place = null;

/** Draw the map of today again, where the map now shows. */
function drawBefore() {
  const { map } = stage();
  const { plan } = tool.history;
  tool.show(NOTHING);
  const drawn = picture(inside(document, ".leaflet-map-pane"));
  drawn.querySelectorAll(".c15-gains").forEach((one) => one.remove());
  tool.show(plan);
  const { x, y } = map.getSize();
  if (before) {
    const frame = element("div", { class: "leaflet-container c15-before-map" }, [drawn]);
    [frame.style.width, frame.style.height] = [x + "px", y + "px"];
    before.replaceChildren(element("p", {}, [message("trials.sheet_today")]), frame);
  }
  if (caption) {
    caption.textContent = message("trials.sheet_then", { code: tool.code });
  }
}

/** Make room on the sheet for the map of today; called before the map takes its size. @param {boolean} on whether there is a sheet */
export function splitSheet(on) {
  const { map } = stage();
  const wanted = on && compares();
  document.body.classList.toggle("c15-compared", wanted);
  map.off("moveend", drawBefore);
  before?.remove();
  caption?.remove();
  [before, caption] = [null, null];
  if (wanted) {
    place ||= { at: map.getCenter(), zoom: map.getZoom() };
    before = element("div", { class: "c15-before" });
    caption = element("p", { class: "c15-after" });
    document.body.append(before);
    map.getContainer().append(caption);
    map.on("moveend", drawBefore);
  }
}

/**
 * What the sheet shows of an extent: of two narrow maps, only what lies around the study.
 *
 * @param {L.LatLngBounds} bounds
 */
export function shownBounds(bounds) {
  const study = data().bounds;
  if (!before || !study) {
    return bounds;
  }
  const [south, west, north, east] = study;
  const found = L.latLngBounds(
    [Math.max(south, bounds.getSouth()), Math.max(west, bounds.getWest())],
    [Math.min(north, bounds.getNorth()), Math.min(east, bounds.getEast())]
  );
  return bounds.intersects([[south, west], [north, east]]) ? found : bounds;
}

/** Draw the map of today once the map of then has its place; without a sheet, show what was shown before. */
export function fillSheet() {
  if (before) {
    drawBefore();
  } else if (place) {
    stage().map.setView(place.at, place.zoom, { animate: false });
    place = null;
  }
}

/** Lines of the sheet on what is tried. */
export function triedLines() {
  if (!compares()) {
    return [];
  }
  const { sites, closed } = tool.history.plan;
  const own = new Set(categoriesOf(stage().state));
  const named = closed.map((one) => {
    const site = data().facilities.find(({ id, category }) => id === one.id && category === one.category);
    return (site && site.name) || one.id;
  });
  const tried = sites.map((one) =>
    message("trials.site", { n: one.number }) + " " + tool.degrees(one.x, one.y).map((value) => value.toFixed(5)).join(", ") +
      (own.has(one.category) ? "" : " (" + labelOf(one.category) + ")"));
  /**
   * @param {"sheet_sites" | "sheet_closed"} key
   * @param {string[]} what
   */
  const line = (key, what) => {
    const more = what.length > MOST_LISTED ? [message("trials.sheet_more", { n: what.length - MOST_LISTED })] : [];
    return what.length ? [message("trials." + key, { what: [...what.slice(0, MOST_LISTED), ...more].join("; ") })] : [];
  };
  return [...line("sheet_sites", tried), ...line("sheet_closed", named), message("trials.sheet_code", { code: tool.code })];
}
