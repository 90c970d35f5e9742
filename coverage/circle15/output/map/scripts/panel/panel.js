// The panel: views, categories, cutoffs, figures and layers; also sets up the page.

import { startClear } from "../cards/room.js";
import { countsOf, headline, labelOf, offered } from "../data/choices.js";
import { isMeasured, MEASURES, measureOf } from "../data/equity.js";
import { data, held } from "../data/held.js";
import { say } from "../data/words.js";
import { element, inside, partOf, shownName, svgPicture } from "../drawing/elements.js";
import { addPanes, drawing } from "../drawing/panes.js";
import { availableLayers, availableViews } from "../layers/layers.js";
import { showTrials, startTrials } from "../trials/tool/bar.js";
import { tool } from "../trials/tool/tool.js";
import { listOf, showDock } from "./dock.js";
import { showFigures } from "./figures.js";
import { frameMap, resized } from "./frame.js";
import { markRadio, radioKeys, settleStops, startKeys } from "./keys.js";
import { legends } from "./legend.js";
import { preparePrint, showSheet } from "./print.js";
import { startSearch } from "./search.js";

/** @import { Child, Choice, Layer, Measure, State, View } from "../data/types.js" */

/**
 * Fill a group with buttons; pressing one calls `press` with its id.
 *
 * @template {string | number} Id
 * @param {HTMLElement} group
 * @param {{ id: Id, content: Child[] }[]} entries
 * @param {(id: Id) => void} press
 */
function buttons(group, entries, press) {
  group.replaceChildren(
    ...entries.map(({ id, content }) => {
      const button = element("button", { type: "button", role: "radio", "data-id": id }, content);
      button.addEventListener("click", () => press(id));
      return button;
    })
  );
  radioKeys(group);
}

/** Views on the whole circle, whatever cutoff was chosen before. */
const OF_CIRCLE = new Set(["supply", "unserved", "equity"]);

/** @param {Choice} choice */
function choiceContent(choice) {
  const circle = { cx: 6, cy: 6, r: 5, fill: choice.colour, stroke: "#ffffff", "stroke-width": 1 };
  return [
    svgPicture(12, 12, [["circle", circle]]),
    element("span", {}, [shownName(choice.label)]),
    element("span", { class: "c15-share" }),
  ];
}

/** @param {View} view */
const viewContent = (view) => [say("view_" + (view.name || view.id))];

/**
 * What a layer depends on beside the choice and the cutoff.
 *
 * @param {string} id
 * @param {State} state
 */
function also(id, state) {
  if (id === "changes" || id === "changed_sites") {
    return state.scenario;
  }
  if (id === "tried" || id === "gains") {
    return [tool.status, Boolean(tool.trial)].join();
  }
  return id === "equity" ? [state.list, state.measure].join() : id === "communities" ? state.list : "";
}

/** A layer with its switch, its legend element, the drawn group, and the choice it was drawn for.
 * @typedef {Layer & { input: HTMLInputElement, legend: HTMLElement, drawn: L.LayerGroup | null, key: string }} Shown */

/**
 * Show the layers that are switched on; redraw those that depend on the choice.
 *
 * @param {L.Map} map
 * @param {State} state
 * @param {Shown[]} layers
 */
function showLayers(map, state, layers) {
  for (const layer of layers) {
    const on = state.on.has(layer.id);
    const chosen = layer.fixed ? [] : [state.choice, state.cutoff, also(layer.id, state)];
    const key = [drawing.vector, ...chosen].join("/");
    if (layer.drawn && (!on || layer.key !== key)) {
      layer.drawn.remove();
      layer.drawn = null;
    }
    if (on && !layer.drawn) {
      layer.drawn = layer.build(state, map).addTo(map);
      layer.key = key;
    }
    layer.input.checked = on;
    layer.legend.replaceChildren(...(on ? legends[layer.id](state) : []));
  }
}

/**
 * List the layers with a switch each.
 *
 * @param {(id: string, on: boolean) => void} toggle
 * @returns {Shown[]}
 */
function layerList(toggle) {
  return availableLayers().map((layer) => {
    const input = element("input", { type: "checkbox", id: "c15-layer-" + layer.id });
    input.addEventListener("change", () => toggle(layer.id, input.checked));
    const legend = element("div", { class: "c15-key", id: "c15-key-" + layer.id });
    partOf("layers").append(element("label", {}, [input, say("layer_" + (layer.name || layer.id))]));
    partOf("legend").append(legend);
    return { ...layer, input, legend, drawn: null, key: "" };
  });
}

/** @param {L.Map} map */
function controls(map) {
  L.control.scale({ imperial: false, maxWidth: 130, position: "bottomright" }).addTo(map);
  L.control
    .zoom({ position: "topright", zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") })
    .addTo(map);
  const north = new L.Control({ position: "bottomright" });
  north.onAdd = () => element("div", { class: "c15-north" }, ["↑", element("br"), say("north")]);
  north.addTo(map);
}

/**
 * Show the covered share on the buttons of the choices.
 *
 * @param {number} cutoff
 */
function showShares(cutoff) {
  partOf("choices").querySelectorAll("button").forEach((button) => {
    const counts = countsOf({ choice: button.dataset.id || "", cutoff });
    inside(button, ".c15-share").textContent = counts ? counts.shares[0] : "–";
  });
}

/**
 * The choice, or the first one that a view on capacity or equity can show if it cannot show this one.
 *
 * @param {string} view
 * @param {string} choice
 */
function shownChoice(view, choice) {
  /** @type {Record<string, Record<string, unknown>>} */
  const needs = { supply: data().supply, unserved: data().served_people, equity: data().equity };
  const own = needs[view];
  return !own || own[choice] ? choice : offered().find((one) => own[one.id])?.id || choice;
}

/**
 * In the view on equity, offer the measures that are known of the choice.
 *
 * @param {State} state
 */
function showMeasures(state) {
  const group = partOf("measures");
  const chosen = measureOf(state);
  for (const button of group.querySelectorAll("button")) {
    button.hidden = !isMeasured(state, /** @type {Measure} */ (button.dataset.id));
  }
  group.hidden = state.view !== "equity" || !chosen;
  markRadio(group, chosen || "");
}

/**
 * Set up the page and show it, once the data have been read.
 *
 * @param {L.Map} map
 */
export function showPage(map) {
  const cutoffs = data().cutoffs;
  const views = availableViews();
  /** @type {State} */
  const state = {
    view: views[0].id,
    choice: headline(),
    cutoff: cutoffs[cutoffs.length - 1],
    scenario: 0,
    measure: "minutes",
    on: new Set(views[0].layers),
    list: null,
  };
  partOf("views").hidden = views.length < 2;
  /** @type {Shown[]} */
  let layers = [];
  const update = function () {
    if (state.view === "try") {
      tool.follow(state);
    }
    showTrials(state);
    markRadio(partOf("views"), state.view);
    markRadio(partOf("choices"), state.choice);
    markRadio(partOf("cutoffs"), state.cutoff);
    markRadio(partOf("scenarios"), state.scenario);
    showMeasures(state);
    inside(document, ".c15-within").hidden = OF_CIRCLE.has(state.view);
    partOf("scenarios").hidden = state.view !== "scenarios" || data().scenarios.length < 2;
    showShares(state.cutoff);
    const what = { what: labelOf(state.choice), minutes: state.cutoff };
    partOf("legend-title").textContent = state.choice ? say("legend_title", what) : say("legend");
    state.list = listOf(state);
    showFigures(state);
    showLayers(map, state, layers);
    showDock(map, state, (list) => change({ list }));
    showSheet(state);
    settleStops();
  };
  /** @param {Partial<State>} changed */
  const change = (changed) => {
    Object.assign(state, changed);
    map.closePopup();
    update();
  };
  /**
   * @param {string} id
   * @param {boolean} on
   */
  const toggle = (id, on) => {
    state.on[on ? "add" : "delete"](id);
    update();
  };
  const turnOn = (/** @type {string} */ id) => {
    if (!state.on.has(id)) {
      toggle(id, true);
    }
  };
  held.stage = { map, state, turnOn, update };
  addPanes(map);
  frameMap(map);
  controls(map);
  new ResizeObserver(() => resized(map)).observe(map.getContainer());
  buttons(partOf("views"), views.map((view) => ({ id: view.id, content: viewContent(view) })), (id) => {
    const on = new Set(views.find((view) => view.id === id)?.layers);
    const cutoff = OF_CIRCLE.has(id) ? cutoffs[cutoffs.length - 1] : state.cutoff;
    change({ view: id, on, cutoff, choice: shownChoice(id, state.choice) });
  });
  partOf("views").querySelector("[data-id=try]")?.addEventListener("pointerenter", () => tool.prepare());
  buttons(partOf("choices"), offered().map((one) => ({ id: one.id, content: choiceContent(one) })), (choice) => {
    change({ choice });
  });
  const minutes = cutoffs.map((cutoff) => ({ id: cutoff, content: [say("minutes", { n: cutoff })] }));
  buttons(partOf("cutoffs"), minutes, (cutoff) => change({ cutoff }));
  const scenarios = data().scenarios.map((one, k) => ({ id: k, content: [shownName(one.name)] }));
  buttons(partOf("scenarios"), scenarios, (scenario) => change({ scenario }));
  const measures = MEASURES.map((measure) => ({ id: measure, content: [say("measure_" + measure)] }));
  buttons(partOf("measures"), measures, (measure) => change({ measure }));
  partOf("legend").append(element("div", { class: "c15-key", id: "c15-key-own" }));
  layers = layerList(toggle);
  startSearch();
  startKeys(map);
  startClear(map);
  startTrials(showFigures);
  update();
  preparePrint(map, update);
}
