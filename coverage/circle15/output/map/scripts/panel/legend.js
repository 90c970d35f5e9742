// The legend: the meaning of every colour for the current choice and cutoff.

import {
  candidatesOf, categoriesOf, choiceOf, countsOf, fullGapsOf, gapsOf, labelOf, lostSites, markOf, proposedOf, sitesOf,
} from "../data/choices.js";
import { measureOf } from "../data/equity.js";
import { data } from "../data/held.js";
import { changedSites, changesAny, figuresOf, scenarioOf } from "../data/scenarios.js";
import { message, numberText, range, say } from "../data/words.js";
import { element, svgPicture } from "../drawing/elements.js";
import { candidateStyle, NO_SHARE, servedColour, SIGNS, siteStyle } from "../drawing/styles.js";
import { supplyColours } from "../drawing/supply.js";
import { gainBreaks, gains, mostGained } from "../trials/tool/gain_layer.js";
import { tool } from "../trials/tool/tool.js";

/** @import { Counts, Site, State } from "../data/types.js" */
/** @import { Attributes } from "../drawing/elements.js" */

/**
 * @param {string} fill
 * @param {number} opacity
 * @param {string} rim
 */
function box(fill, opacity, rim) {
  const frame = { x: 0.5, y: 0.5, width: 17, height: 12, fill, "fill-opacity": opacity, stroke: rim };
  return svgPicture(18, 13, [["rect", frame]]);
}

function hatched() {
  const colours = data().colours;
  /** @type {[string, Attributes][]} */
  const shapes = [["rect", { x: 0.5, y: 0.5, width: 17, height: 12, fill: colours.unknown, stroke: colours.unknown_line }]];
  for (const x of [1, 6, 11]) {
    shapes.push(["path", { d: "M" + x + " 12.5l6-12", stroke: colours.unknown_line, "stroke-width": 1.4 }]);
  }
  return svgPicture(18, 13, shapes);
}

/** @param {string} colour */
function dotted(colour) {
  /** @type {[string, Attributes][]} */
  const shapes = [["rect", { x: 0.5, y: 0.5, width: 17, height: 12, fill: "#ffffff", stroke: "#b8c0c8" }]];
  for (const [x, y] of [[3, 3], [8, 3], [13, 3], [3, 8], [8, 8], [13, 8]]) {
    shapes.push(["rect", { x, y, width: 2, height: 2, fill: colour, "fill-opacity": 0.6 }]);
  }
  return svgPicture(18, 13, shapes);
}

/** @param {Attributes} style */
const stroke = (style) => svgPicture(22, 13, [["path", { d: "M0 6.5h22", fill: "none", ...style }]]);

/** @param {Attributes} style */
const dot = (style) => svgPicture(15, 15, [["circle", { cx: 7.5, cy: 7.5, r: 5.5, ...style }]]);

/**
 * @param {Node} picture
 * @param {string} text
 */
const entry = (picture, text) => element("span", {}, [picture, text]);

/** @param {string} text */
const note = (text) => element("p", {}, [text]);

/**
 * Text for no people in the gap, which says so if the state of some people is unknown.
 *
 * @param {Counts} counts
 */
function noGap(counts) {
  const unknown = counts.persons[2];
  return unknown ? say("no_gap_known", { n: numberText(unknown) }) : say("no_gap");
}

/** @param {State} state */
function people(state) {
  const layer = data().people;
  if (!layer) {
    return [note(say("nobody"))];
  }
  const colours = data().colours;
  const cells = layer.kind === "cells";
  const size = layer.cell_m === null ? "" : numberText(layer.cell_m);
  /** @param {string} colour */
  const gap = (colour) => (cells ? box(colour, 1, "none") : dot({ fill: colour, stroke: "#ffffff" }));
  const words = layer.break_words;
  const steps = colours.gap
    .slice(0, layer.breaks.length + 1)
    .map((colour, k) => entry(gap(colour), words.length ? range(words, k) : say("any_number")));
  const dashed = { fill: colours.unknown, stroke: colours.unknown_line, "stroke-width": 1.2, "stroke-dasharray": "2 2" };
  const counts = countsOf(state);
  const empty = counts && counts.persons[1] === 0 ? [note(noGap(counts))] : [];
  return [
    note(cells ? say("legend_people_cells", { size }) : say("legend_people_points")),
    ...empty,
    ...steps,
    entry(cells ? hatched() : dot(dashed), say("legend_unknown")),
    entry(cells ? dotted(colours.covered) : dot({ fill: colours.covered, "fill-opacity": 0.3 }), say("legend_covered")),
  ];
}

/** @param {State} state */
function served(state) {
  const shown = data().cutoffs.filter((cutoff) => cutoff <= state.cutoff);
  const steps = shown.map((cutoff) =>
    entry(box(servedColour(cutoff), 0.7, "#7a99b8"), say("within", { minutes: cutoff }))
  );
  const areas = data().served[state.choice] || {};
  const drawn = shown.some((cutoff) => (areas[cutoff] || []).length > 0);
  return drawn ? [note(say("legend_served")), ...steps] : [note(say("no_served"))];
}

/** A sign of a class of zones. @param {string} colour */
const zoneSign = (colour) => box(colour, 0.85, "#9a9a9a");

function communities() {
  const { share, share_steps: steps } = data().colours;
  const words = steps.map((bound) => bound + "%");
  return [
    note(say("legend_communities")),
    ...share.map((colour, k) => entry(zoneSign(colour), range(words, k))),
    entry(zoneSign(NO_SHARE), say("legend_communities_unknown")),
  ];
}

/** @param {State} state */
function equity(state) {
  const measure = measureOf(state);
  if (!measure) {
    return [];
  }
  if (measure === "coverage") {
    return communities();
  }
  const rest = entry(zoneSign(NO_SHARE), say("legend_equity_unknown"));
  if (measure === "supply") {
    return [...supplyClasses(state.choice, zoneSign), rest];
  }
  const words = data().minute_breaks;
  const classes = data().colours.share.slice(0, words.length + 1);
  return [
    note(say("legend_equity_minutes")),
    ...classes.map((colour, k) => entry(zoneSign(colour), range(words, k))),
    rest,
  ];
}

function residential() {
  const present = new Set(data().residential.map((zone) => zone.verdict || "none"));
  const steps = Object.entries(data().colours.verdicts)
    .filter(([verdict]) => present.has(verdict))
    .map(([verdict, colour]) => {
      const word = verdict === "none" ? say("no_verdict") : message("verdicts." + verdict);
      return entry(box(colour, 0.75, "#333333"), word);
    });
  return [note(say("legend_residential")), ...steps];
}

/** @param {State} state */
function gaps(state) {
  const found = gapsOf(state).areas.length > 0;
  return [found ? entry(box("#ffffff", 1, "#1d2733"), say("legend_gaps")) : note(say("no_gap"))];
}

/** @param {State} state */
function fullGaps(state) {
  const found = fullGapsOf(state).areas.length > 0;
  return found ? [entry(box("#ffffff", 1, "#1d2733"), say("legend_full_gaps"))] : [];
}

/** @param {State} state */
function candidates(state) {
  const shown = candidatesOf(state);
  if (!shown.length) {
    return [note(say("no_candidates"))];
  }
  const kinds = [
    { test: shown.some((one) => one.number === null && one.newly), style: candidateStyle(false, true), key: "legend_candidate" },
    { test: shown.some((one) => one.number === null && !one.newly), style: candidateStyle(false, false), key: "legend_no_gain" },
  ];
  const more = data().siting.more;
  const left = more ? [note(say("candidates_more", { n: numberText(more) }))] : [];
  const proposed = proposedOf(state);
  const sites = [...proposed.values()].map((each) => {
    const [first, last] = [each[0], each[each.length - 1]];
    const marks = [...new Set([markOf(first, proposed), markOf(last, proposed)])].join("–");
    const style = candidateStyle(true, true, choiceOf(first.category)?.colour);
    return entry(dot(style), say("legend_proposed", { marks, what: labelOf(first.category), question: first.question }));
  });
  return [...sites, ...kinds.filter(({ test }) => test).map(({ style, key }) => entry(dot(style), say(key))), ...left];
}

/** @param {State} state */
function supply(state) {
  if (!data().supply[state.choice] || !data().people) {
    return [note(say("no_supply", { services: Object.keys(data().supply).map(labelOf).join(", ") }))];
  }
  return [...supplyClasses(state.choice, placeSign), entry(hatched(), say("legend_unknown"))];
}

/**
 * What is supplied, what is needed, and the classes.
 *
 * @param {string} category
 * @param {(colour: string) => SVGElement} sign
 */
function supplyClasses(category, sign) {
  const own = data().supply[category];
  const [none, ...classes] = supplyColours(category);
  const words = own.break_words;
  /** @param {number} k */
  const bounds = (k) => (words.length ? range(words, k) : say("any_number"));
  /** @param {number} k */
  const step = (k) => (own.needed ? say("supply_step_" + (k + 1), { range: bounds(k) }) : bounds(k));
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  const need = own.needed ? [note(say("legend_needed", { needed: own.needed, people: own.people }))] : [];
  return [
    note(say("legend_supply", { unit: own.unit, people: own.people, minutes })),
    ...need,
    entry(sign(none), say("supply_none")),
    ...classes.slice(0, words.length + 1).map((colour, k) => entry(sign(colour), step(k))),
  ];
}

/** @param {State} state */
function unserved(state) {
  const people = data().people;
  if (!data().served_people[state.choice] || !people) {
    return [note(say("no_unserved", { services: Object.keys(data().served_people).map(labelOf).join(", ") }))];
  }
  const colours = data().colours.unserved;
  const words = people.break_words;
  const steps = colours
    .slice(0, Math.min(people.breaks.length + 1, colours.length - 1))
    .map((colour, k) => entry(placeSign(colour), words.length ? range(words, k) : say("any_number")));
  const served = people.kind === "cells"
    ? dotted(data().colours.covered)
    : dot({ fill: data().colours.covered, "fill-opacity": 0.3 });
  return [
    note(say("legend_unserved", { minutes: data().cutoffs[data().cutoffs.length - 1] })),
    ...steps,
    entry(served, say("legend_served_all")),
    entry(placeSign(colours[colours.length - 1]), message("states.gap")),
    entry(hatched(), say("legend_unknown")),
  ];
}

/** @param {State} state */
function changes(state) {
  const scenario = scenarioOf(state);
  const found = scenario && figuresOf(scenario, state);
  if (!scenario || !found) {
    return [];
  }
  const colours = data().colours.changes;
  /**
   * @param {string} change
   * @param {string | null} [n] printed people
   */
  const step = (change, n) => {
    const what = message("scenarios.change_" + change);
    return entry(placeSign(colours[change]), n ? say("legend_change", { what, n }) : what);
  };
  const none = changesAny(scenario, state) ? [] : [note(message("scenarios.nobody_here"))];
  return [
    note(say("legend_scenario", { name: scenario.name, what: scenario.what })),
    ...none,
    step("gained", found.gain),
    step("lost", found.lose),
    ...(found.new === null ? [] : [step("new_home", found.new)]),
    step("gap"),
    entry(hatched(), message("scenarios.change_unknown")),
  ];
}

/** @param {State} state */
function changedSiteLegend(state) {
  const scenario = scenarioOf(state);
  if (!scenario) {
    return [];
  }
  const { changed_sites: colours, link } = data().colours;
  const sites = changedSites(scenario, state);
  const kinds = [...new Set(sites.map((site) => site.change))];
  const signs = kinds.map((change) => {
    const n = numberText(sites.filter((site) => site.change === change).length);
    const text = say("legend_change", { what: message("scenarios.site_" + change), n });
    return entry(signed(colours[change], SIGNS[change]), text);
  });
  const links = scenario.links.length
    ? [entry(stroke({ stroke: link, "stroke-width": 5 }), say("legend_change", { what: message("scenarios.new_links"), n: numberText(scenario.links.length) }))]
    : [];
  return [...signs, ...links];
}

/** @param {State} state */
function tried(state) {
  const { changes: colours, changed_sites: signs } = data().colours;
  const steps = ["gained", "lost"].map((change) => entry(placeSign(colours[change]), message("scenarios.change_" + change)));
  const reached = tool.current ? [entry(stroke({ stroke: data().colours.own, "stroke-width": 2.4 }), message("trials.legend_reached"))] : [];
  const site = dot(siteStyle("open", choiceOf(state.choice)?.colour || "", true));
  const shut = tool.shown.closed.length ? [entry(signed(signs.closed, SIGNS.closed), message("trials.legend_closed"))] : [];
  return [
    ...steps, entry(placeSign(colours.gap), message("trials.legend_gap")), entry(hatched(), say("legend_unknown")),
    entry(signed(signs.added, "1"), message("trials.legend_site")), ...reached, entry(site, message("trials.legend_open")), ...shut,
  ];
}

function gainLegend() {
  if (!tool.trial || !gains.result) {
    return [note(message(tool.trial ? "trials.gains_counting" : "trials.one_service"))];
  }
  const most = mostGained();
  const bounds = gainBreaks(most).map((one) => numberText(one));
  const steps = data().colours.gains.slice(0, bounds.length + 1).map((colour, k) => entry(box(colour, 1, "none"), range(bounds, k)));
  return [note(message("trials.legend_gains")), ...(most ? steps : [note(message("trials.gains_none"))])];
}

/**
 * A circle with a sign in it.
 *
 * @param {string} fill
 * @param {string} sign
 */
function signed(fill, sign) {
  const picture = dot({ fill, stroke: "#ffffff" });
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("x", "7.5");
  text.setAttribute("y", "11");
  text.setAttribute("class", "c15-sign");
  text.textContent = sign;
  picture.append(text);
  return picture;
}

/** A sign of a class of places. @param {string} colour */
const placeSign = (colour) =>
  (data().people?.kind === "cells" ? box(colour, 0.92, "none") : dot({ fill: colour, stroke: "#ffffff" }));

function lost() {
  const home = dot({ fill: "#ffffff", stroke: "#111111", "stroke-width": 1.2, r: 3.5 });
  const site = dot({ fill: "#ffe066", stroke: "#111111", "stroke-width": 2.2, "stroke-dasharray": "3 2" });
  const found = lostSites().length ? [entry(site, say("legend_lost_sites"))] : [];
  return data().quality.homes.length ? [...found, entry(home, say("legend_lost_homes"))] : found;
}

function outlines() {
  const found = [];
  if (data().boundary.length) {
    found.push(entry(stroke({ stroke: "#1d2733", "stroke-width": 2.6 }), say("boundary")));
  }
  if (data().zones.street.length) {
    found.push(entry(stroke({ stroke: "#4a3b63", "stroke-width": 1.4, "stroke-dasharray": "5 3" }), say("street")));
  }
  return found;
}

function base() {
  const barrier = entry(stroke({ stroke: "#9db3c4", "stroke-width": 1.8 }), say("legend_barriers"));
  const street = entry(stroke({ stroke: "#a9a59b", "stroke-width": 2.2 }), say("legend_streets"));
  return data().ground.classes.includes("barrier") ? [street, barrier] : [street];
}

/** The legend of each layer, by its id. @type {Record<string, (state: State) => HTMLElement[]>} */
export const legends = {
  people,
  served,
  sites: (state) => siteLegend(sitesOf(state, true), true, categoriesOf(state)),
  others: (state) => siteLegend(sitesOf(state, false), false, []),
  communities,
  equity,
  residential,
  gaps,
  full_gaps: fullGaps,
  candidates,
  supply,
  unserved,
  changes,
  changed_sites: changedSiteLegend,
  tried,
  gains: gainLegend,
  lost,
  outlines,
  tiles: () => [note(data().tiles?.attribution || "")],
  base,
};

/** Legend entries of sites other than open ones: key, condition, style.
 * @type {[key: string, test: (site: Site) => boolean, style: Attributes][]} */
const RARE = [
  ["planned", (site) => site.status === "planned", siteStyle("planned", "#444444", true)],
  ["closed", (site) => !["open", "planned"].includes(site.status), siteStyle("closed", "", true)],
  ["unsnapped", (site) => site.status === "open" && site.at !== null && site.snap !== "", siteStyle("open", "#999999", false)],
];

/**
 * @param {Site[]} sites
 * @param {boolean} withStatus
 * @param {string[]} asked categories that are listed even without any site
 */
function siteLegend(sites, withStatus, asked) {
  if (sites.length === 0) {
    return [note(say("no_sites"))];
  }
  const found = [];
  for (const choice of data().choices) {
    const own = sites.filter((site) => site.category === choice.id);
    if (own.length || asked.includes(choice.id)) {
      const open = own.filter((site) => site.status === "open").length;
      const text = say("sites_of", { label: choice.label, n: numberText(open) });
      found.push(entry(dot(siteStyle("open", choice.colour, true)), text));
    }
  }
  for (const [key, test, style] of RARE) {
    if (withStatus && sites.some(test)) {
      found.push(entry(dot(style), say("legend_" + key)));
    }
  }
  const full = sites.filter((site) => site.room?.full).length;
  if (full) {
    const style = siteStyle("open", "#ffffff", true, true);
    found.push(entry(dot(style), say("legend_full", { n: numberText(full) })));
  }
  const unplaced = sites.filter((site) => !site.at).length;
  if (unplaced) {
    found.push(note(say("sites_without_place", { n: numberText(unplaced) })));
  }
  return found;
}
