// The controls of the tool in the panel: placing, undo and redo, drafts, and saving.

import { data, stage } from "../../data/held.js";
import { message } from "../../data/words.js";
import { element, partOf } from "../../drawing/elements.js";
import { opened } from "../../layers/ties.js";
import { markRadio, radioKeys } from "../../panel/keys.js";
import { standing } from "./cards.js";
import { Drafts } from "./drafts.js";
import { planText, readPlan } from "./files.js";
import { gains } from "./gain_layer.js";
import { placeInMiddle } from "./layer.js";
import { TABLES } from "./lists.js";
import { isNothing, NOTHING } from "./plan.js";
import { askToSave } from "./save.js";
import { isTried, tool, triedWords } from "./tool.js";

/** @import { State } from "../../data/types.js" */

/** @typedef {{ meter: HTMLProgressElement, said: HTMLElement, note: HTMLElement, click: HTMLElement, words: HTMLElement, made: Record<string, HTMLButtonElement>, drafts: () => void }} Bar */

/** @type {Bar | null} */
let bar = null;

/**
 * @param {string} word key of its text
 * @param {() => void} press
 */
function button(word, press) {
  const made = element("button", { type: "button", id: "c15-try-" + word }, [message("trials." + word)]);
  made.addEventListener("click", press);
  return made;
}

function clickChoice() {
  const group = element("div", { class: "c15-segments", role: "radiogroup", "aria-label": message("trials.click") });
  for (const way of /** @type {("place" | "way")[]} */ (["place", "way"])) {
    const made = element("button", { type: "button", role: "radio", "data-id": way }, [message("trials.click_" + way)]);
    made.addEventListener("click", () => {
      tool.click = way;
      tool.say("");
      stage().update();
    });
    group.append(made);
  }
  radioKeys(group);
  return group;
}

function keyOfStudy() {
  const { trials } = data();
  return ["circle15 drafts", document.title, ...(trials ? trials.origin : [])].join(" ");
}

/** The drafts, each with its name and buttons; the returned function shows what is kept. */
function draftRows() {
  const drafts = new Drafts(keyOfStudy(), { storage: () => localStorage, address: location, history });
  const where = element("p", { class: "c15-note" });
  const rows = drafts.list.map((_, k) => {
    const n = k + 1;
    const name = element("input", { type: "text", maxlength: "60", "aria-label": message("trials.draft_name", { n }) });
    name.value = message("trials.draft", { n });
    const keep = button("keep", () => {
      drafts.keep(k, { name: name.value.trim() || message("trials.draft", { n }), code: tool.code, plan: planText(tool.history.plan) });
      show();
    });
    const open = button("open", () => openDraft(drafts, k));
    [keep, open].forEach((one) => one.setAttribute("id", one.id + n));
    keep.setAttribute("aria-label", message("trials.keep_of", { n }));
    open.setAttribute("aria-label", message("trials.open_of", { n }));
    const code = element("span", { class: "c15-draft-code" });
    return { name, keep, open, code };
  });
  const show = () => {
    rows.forEach(({ name, keep, open, code }, k) => {
      const kept = drafts.list[k];
      code.textContent = kept ? kept.code : message("trials.draft_empty");
      open.disabled = !kept || !tool.trials;
      keep.disabled = !tool.trials || isNothing(tool.history.plan);
      if (kept && document.activeElement !== name) {
        name.value = kept.name;
      }
    });
    where.textContent = message("trials.drafts_" + drafts.where);
  };
  const lines = rows.map(({ name, keep, open, code }) => element("div", { class: "c15-draft" }, [name, code, keep, open]));
  const box = element("details", { class: "c15-drafts" }, [
    element("summary", {}, [message("trials.drafts")]), ...lines, where,
  ]);
  return { box, show };
}

/**
 * @param {Drafts} drafts
 * @param {number} k
 */
function openDraft(drafts, k) {
  const kept = drafts.list[k];
  const { trials } = tool;
  if (kept && trials) {
    const { plan, left } = readPlan(kept.plan, trials.meta.categories, (site) =>
      data().facilities.some((one) => one.id === site.id && one.category === site.category));
    const stands = plan.sites.filter((one) => !tool.whyNotThere(one));
    const lost = left + plan.sites.length - stands.length;
    tool.chosen = 0;
    tool.take({ ...plan, sites: stands });
    if (lost) {
      tool.say(message("trials.drafts_partly", { n: k + 1, left: lost }));
    }
  }
}

/** @returns {Bar} */
function build() {
  const said = element("p", { class: "c15-try-said", role: "status" });
  const note = element("p", { class: "c15-note" });
  const click = clickChoice();
  const words = element("p", { class: "c15-try-words" });
  const made = {
    place: button("place", placeInMiddle),
    undo: button("undo", () => tool.go("undo")),
    redo: button("redo", () => tool.go("redo")),
    reset: button("reset", () => tool.take(NOTHING)),
    gains: button("gains", switchGains),
    save: button("save", askToSave),
  };
  const meter = element("progress", { max: "1", "aria-label": message("trials.gains_counting") });
  const drafts = draftRows();
  partOf("trials").append(
    said, click,
    element("div", { class: "c15-tools" }, [made.place, made.undo, made.redo, made.reset]),
    element("div", { class: "c15-tools" }, [made.gains, meter]), note
  );
  partOf("keeping").append(element("div", { class: "c15-row" }, [words, made.save]), drafts.box);
  return { meter, said, note, click, words, made, drafts: drafts.show };
}

/** Show the gain map and the list of its best places, or hide both. */
function switchGains() {
  const { state, update } = stage();
  const shown = state.on.has("gains");
  state.on[shown ? "delete" : "add"]("gains");
  state.list = shown ? null : "hot_spots";
  update();
}

/** The sentence of the tool: why nothing can be tried, the answer to the last edit, or how it is used. @param {State} state */
function sentence(state) {
  const why = tool.whyNot(state);
  if (why || tool.said) {
    return { text: why || tool.said, warns: tool.status !== "reading" };
  }
  const { current } = tool;
  const at = current && !isNothing(tool.shown) ? message("trials.site", { n: current.number }) + ": " + standing(current).join(" · ") : "";
  return { text: at || message("trials.intro"), warns: false };
}

/**
 * Show the controls in the view of tried sites.
 *
 * @param {State} state
 */
export function showTrials(state) {
  const box = partOf("trials");
  box.hidden = state.view !== "try";
  partOf("keeping").hidden = box.hidden;
  if (box.hidden) {
    return;
  }
  bar ||= build();
  const { made } = bar;
  const { text, warns } = sentence(state);
  bar.said.textContent = text;
  bar.said.classList.toggle("c15-warns", warns);
  markRadio(bar.click, tool.click);
  const { plan, past, future } = tool.history;
  made.place.disabled = !tool.trial;
  made.gains.disabled = !tool.trial;
  made.gains.setAttribute("aria-pressed", String(state.on.has("gains")));
  bar.meter.hidden = !state.on.has("gains") || !tool.trial || gains.share === 1;
  bar.meter.value = gains.share;
  made.undo.disabled = past.length === 0;
  made.redo.disabled = future.length === 0;
  made.reset.disabled = isNothing(plan);
  made.save.disabled = isNothing(plan) || !tool.trials;
  const code = tool.code;
  bar.words.textContent = triedWords() + (code ? " · " + message("trials.code", { code }) : "");
  bar.note.textContent = isTried() && data().trials?.capacities.includes(state.choice) ? message("trials.capacity") : "";
  bar.drafts();
}

/**
 * Let the page follow what is tried while the view is open.
 *
 * @param {(state: State) => void} showFigures
 */
export function startTrials(showFigures) {
  tool.watchers.add(() => {
    const { state } = stage();
    if (state.view !== "try") {
      return;
    }
    showFigures(state);
    showTrials(state);
    const table = opened.table;
    if (table && TABLES[table.list]) {
      table.refresh(TABLES[table.list]().rows);
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input:not([type=checkbox]), dialog");
    const key = event.key.toLowerCase();
    if (stage().state.view !== "try" || typing || !(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) {
      return;
    }
    event.preventDefault();
    tool.go(key === "y" || event.shiftKey ? "redo" : "undo");
  });
}
