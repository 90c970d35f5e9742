// The layer of tried sites: homes that change, sites of today, tried sites that can be dragged.

import { pick, pickable } from "../../cards/picking.js";
import { choiceOf, labelOf, sitesOf, siteKey } from "../../data/choices.js";
import { data, stage } from "../../data/held.js";
import { message } from "../../data/words.js";
import { changeLook } from "../../drawing/changes.js";
import { drawing, pathOptions } from "../../drawing/panes.js";
import { drawPlaces } from "../../drawing/places.js";
import { latLng } from "../../drawing/shapes.js";
import { SIGNS, siteStyle } from "../../drawing/styles.js";
import { placeCard } from "../../cards/place_cards.js";
import { giveTips } from "../../layers/people_layer.js";
import { tied } from "../../layers/ties.js";
import { reachedStreets } from "../reached.js";
import { focusMark, triedTitle } from "./cards.js";
import { ChangePicture } from "./paint.js";
import { isShut, tool } from "./tool.js";
import { wayText, wayTo } from "./way.js";

/** @import { Site, State } from "../../data/types.js" */
/** @import { Line } from "../types.js" */
/** @import { Tried } from "./plan.js" */

const STEP_MM = 10_000;
const LONG = 10;
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {Line} line @returns {[number, number][]} */
export function lineOf(line) {
  /** @type {[number, number][]} */
  const found = [];
  for (let k = 0; k < line.length; k += 2) {
    const [lon, lat] = tool.degrees(line[k], line[k + 1]);
    found.push([lat, lon]);
  }
  return found;
}

/**
 * @param {State} state
 * @param {L.Map} map
 */
export function triedLayer(state, map) {
  const group = L.layerGroup();
  if (tool.status === "reading") {
    return group;
  }
  const people = data().people;
  const look = people && changeLook(people, state, new Map());
  const homes = people && look ? drawPlaces(group, map, people, look.codes, look) : null;
  if (!tool.trial) {
    return group;
  }
  const picture = people ? new ChangePicture(people, group) : null;
  const shut = existingSites(state, group);
  const streets = L.layerGroup().addTo(group);
  const way = L.layerGroup().addTo(group);
  const marks = new Marks(group);
  const refresh = (/** @type {boolean} */ dragged) => {
    if (picture && tool.counted) {
      picture.draw(tool.counted.found.places);
    }
    marks.refresh();
    if (!dragged) {
      shut();
      way.clearLayers();
    }
    streets.clearLayers();
    const { current, trial } = tool;
    if (current && trial) {
      const lines = trial.trials.walkers.flatMap((own, k) => reachedStreets(own, tool.joinedOf(current)[k], trial.limit));
      const style = { color: data().colours.own, weight: 1.8, opacity: 0.75 };
      streets.addLayer(L.polyline(lines.map(lineOf), pathOptions("outlines", style)));
    }
  };
  if (people && homes) {
    /** @type {{ k: number, text: string }} */
    let told = { k: -1, text: "" };
    giveTips(group, map, homes, (k) => {
      const made = placeCard(people, k, state);
      made.append(...(told.k === k && told.text ? [wayText(told.text)] : []));
      told = { k: -1, text: "" };
      return made;
    }, (k) => {
      way.clearLayers();
      if (tool.click !== "way" || drawing.vector) {
        return false;
      }
      const { text, lines } = wayTo(k);
      told = { k, text };
      const styles = [{ color: "#ffffff", weight: 7 }, { color: "#1d2733", weight: 3 }];
      styles.forEach((style) => way.addLayer(L.polyline(lines.map(lineOf), pathOptions("own", style))));
      return true;
    });
  }
  let open = false;
  const note = () => (open = Boolean(map.getPane("popupPane")?.hasChildNodes()));
  const click = (/** @type {L.LeafletMouseEvent} */ event) => {
    if (tool.click === "place" && tool.trial && !open && !drawing.vector) {
      tool.placeAt(event.latlng);
    }
  };
  group.on("add", () => {
    tool.watchers.add(refresh);
    map.on("preclick", note);
    map.on("click", click);
    refresh(false);
  });
  group.on("remove", () => {
    tool.watchers.delete(refresh);
    map.off("preclick", note);
    map.off("click", click);
  });
  return group;
}

/** @param {Site} site */
const nameOf = (site) => (labelOf(site.category) + ": " + (site.name || site.id)).slice(0, 120);

/**
 * Draw the sites of today; the returned function shows which of them are closed.
 *
 * @param {State} state
 * @param {L.LayerGroup} group
 */
function existingSites(state, group) {
  const colour = choiceOf(state.choice)?.colour || "";
  const closed = data().colours.changed_sites.closed;
  const signs = L.layerGroup().addTo(group);
  /** @type {[Site, L.CircleMarker][]} */
  const drawn = [];
  for (const site of sitesOf(state, true)) {
    if (site.at) {
      const look = siteStyle(site.status, colour, !site.snap);
      const style = {
        radius: site.status === "open" ? 6 : 4.5, color: look.stroke, weight: look["stroke-width"], fillColor: look.fill,
        fillOpacity: 1, dashArray: look["stroke-dasharray"], interactive: true, bubblingMouseEvents: false,
      };
      const marker = tied(L.circleMarker(latLng(site.at), pathOptions("sites", style)), "relieved", siteKey(site));
      pickable(marker, "existing", site, nameOf(site));
      group.addLayer(marker);
      drawn.push([site, marker]);
    }
  }
  return () => {
    signs.clearLayers();
    for (const [site, marker] of drawn) {
      const look = siteStyle(site.status, colour, !site.snap);
      const isClosed = isShut(site);
      marker.setStyle(isClosed ? { fillColor: closed, color: "#ffffff", weight: 2 } : { fillColor: look.fill, color: look.stroke, weight: look["stroke-width"] });
      marker.getElement()?.setAttribute("aria-label", nameOf(site) + (isClosed ? ". " + message("trials.closed_site") : ""));
      marker.setRadius(isClosed ? 9 : site.status === "open" ? 6 : 4.5);
      if (isClosed && site.at) {
        const icon = L.divIcon({ className: "c15-label c15-number", html: signOf(SIGNS.closed), iconSize: [0, 0] });
        signs.addLayer(L.marker(latLng(site.at), { icon, interactive: false, keyboard: false, pane: "c15-labels" }));
      }
    }
  };
}

/** @param {string} sign */
function signOf(sign) {
  const made = document.createElement("span");
  made.textContent = sign;
  return made;
}

/** The tried sites on the map, each with its leg. */
class Marks {
  /** @param {L.LayerGroup} group */
  constructor(group) {
    this.group = group;
    /** @type {Map<number, { marker: L.Marker, leg: L.Polyline }>} */
    this.drawn = new Map();
    this.frame = 0;
  }

  refresh() {
    const sites = new Map(tool.sites.map((one) => [one.number, one]));
    for (const [number, { marker, leg }] of this.drawn) {
      if (!sites.has(number)) {
        this.group.removeLayer(marker).removeLayer(leg);
        this.drawn.delete(number);
      }
    }
    for (const site of sites.values()) {
      const { marker, leg } = this.drawn.get(site.number) || this.#made(site);
      const [lon, lat] = tool.degrees(site.x, site.y);
      if (!marker.getElement()?.classList.contains("leaflet-drag-target")) {
        marker.setLatLng([lat, lon]);
      }
      const [at] = tool.joinedOf(site);
      const lost = tool.whyNotThere(site) !== "";
      leg.setLatLngs(lost ? [] : lineOf([site.x, site.y, at.x, at.y]));
      const shape = marker.getElement();
      if (shape) {
        shape.classList.toggle("c15-lost", lost);
        shape.classList.toggle("c15-chosen", site.number === tool.chosen);
        shape.setAttribute("tabindex", site.number === (tool.current || tool.sites[0]).number ? "0" : "-1");
      }
    }
  }

  /** @param {Tried} site */
  #made(site) {
    const [lon, lat] = tool.degrees(site.x, site.y);
    const icon = L.divIcon({ className: "c15-tried", html: signOf(String(site.number)), iconSize: [26, 26] });
    const marker = L.marker([lat, lon], { icon, draggable: true, keyboard: false, pane: "c15-tried", autoPan: true });
    const leg = L.polyline([], pathOptions("own", { color: "#1d2733", weight: 2, dashArray: "3 4" }));
    const made = { marker, leg };
    this.drawn.set(site.number, made);
    this.#follow(marker, site.number);
    this.group.addLayer(leg).addLayer(marker);
    return made;
  }

  /**
   * @param {L.Marker} marker
   * @param {number} number
   */
  #follow(marker, number) {
    const now = () => tool.history.plan.sites.find((one) => one.number === number);
    /** @param {(site: Tried) => void} does */
    const on = (does) => () => {
      const site = now();
      if (site) {
        does(site);
      }
    };
    marker.on("add", () => {
      const shape = marker.getElement();
      if (shape) {
        shape.setAttribute("role", "button");
        shape.dataset.number = String(number);
        shape.setAttribute("aria-label", triedTitle({ number, category: "", x: 0, y: 0 }));
        shape.addEventListener("keydown", (event) => on((site) => keyed(event, site))());
      }
    });
    marker.on("click", on((site) => pick("tried", site, { opener: marker.getElement() })));
    marker.on("dragstart", () => stage().map.closePopup());
    marker.on("drag", () => {
      this.frame ||= requestAnimationFrame(() => {
        this.frame = 0;
        on((site) => tool.drag(site, marker.getLatLng()))();
      });
    });
    marker.on("dragend", () => {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      on((site) => {
        tool.drag(site, marker.getLatLng());
        tool.drop(site);
      })();
    });
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {Tried} site
 */
function keyed(event, site) {
  const { key, shiftKey } = event;
  const step = STEP_MM * (shiftKey ? LONG : 1);
  if (event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  if (key in WAYS) {
    tool.nudge(site, WAYS[key][0] * step, WAYS[key][1] * step);
  } else if (key === "Delete" || key === "Backspace") {
    tool.remove(site);
    stage().map.getContainer().focus({ preventScroll: true });
  } else if (key === "Enter" || key === " ") {
    pick("tried", site, { opener: event.currentTarget instanceof HTMLElement ? event.currentTarget : null });
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Try a site in the middle of the map, and give it the keys. */
export function placeInMiddle() {
  const { map } = stage();
  const site = tool.trial && tool.placeAt(map.getCenter());
  if (site) {
    focusMark(site);
  }
}
