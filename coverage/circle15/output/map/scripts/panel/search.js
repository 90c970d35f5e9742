// The search: facilities, subdistricts, communities and residential zones by name or id.

import { pick, titleOf } from "../cards/picking.js";
import { choiceOf, labelOf } from "../data/choices.js";
import { findEntries, folded, searched } from "../data/folding.js";
import { data } from "../data/held.js";
import { numberText, say } from "../data/words.js";
import { element, partOf, shownName, svgPicture } from "../drawing/elements.js";
import { siteStyle } from "../drawing/styles.js";

/** @import { Items, Level, Site } from "../data/types.js" */
/** @import { Searched } from "../data/folding.js" */

const SHOWN = 30;

/**
 * A search entry: title, type, note, symbol, and the function that opens its card.
 *
 * @typedef {Searched & { title: string, sort: string, note: string, shownId: string, symbol: () => SVGElement,
 *   open: (opener: HTMLElement) => void }} Entry
 */

/**
 * @template {"site" | "residential" | Level} K
 * @param {K} kind
 * @param {Items[K]} item
 * @param {string} sort
 * @param {string} note
 * @returns {Entry}
 */
function entry(kind, item, sort, note) {
  const title = titleOf(kind, item);
  const site = kind === "site" ? /** @type {Site} */ (item) : null;
  return {
    ...searched(title, item.id, sort),
    title,
    sort,
    note,
    shownId: site?.made || item.id === title ? "" : item.id,
    symbol: () => symbolOf(site),
    open: (opener) => pick(kind, item, { opener, travel: true }),
  };
}

/** All search entries, in the order in which equal matches are listed. */
function catalogue() {
  const { zones, facilities, residential } = data();
  /** @param {Level} level */
  const areas = (level) => zones[level].map((zone) => entry(level, zone, say("found_" + level), ""));
  const sites = facilities.map((site) => {
    const note = site.status === "open" ? "" : say("status_" + site.status);
    return entry("site", site, labelOf(site.category), note);
  });
  const proposed = residential.map((zone) => entry("residential", zone, say("found_residential"), ""));
  return [...areas("street"), ...areas("community"), ...sites, ...proposed];
}

/** @param {Site | null} site */
function symbolOf(site) {
  if (!site) {
    const frame = { x: 1.5, y: 2.5, width: 11, height: 9, fill: "none", stroke: "#4a3b63", "stroke-width": 1.6 };
    return svgPicture(14, 14, [["rect", frame]]);
  }
  const style = siteStyle(site.status, choiceOf(site.category)?.colour || "#888888", !site.snap);
  return svgPicture(14, 14, [["circle", { cx: 7, cy: 7, r: 5, ...style }]]);
}

/** Set up the search. */
export function startSearch() {
  const input = /** @type {HTMLInputElement} */ (partOf("search"));
  const list = partOf("found");
  const status = partOf("found-said");
  const entries = catalogue();
  /** @type {Entry[]} */
  let found = [];
  let active = -1;
  let composing = false;

  /** @param {number} k */
  function activate(k) {
    active = k;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === k)));
    if (k < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[k].id);
      list.children[k].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
    activate(-1);
  }

  /**
   * @param {Entry} one
   * @param {number} k
   */
  function option(one, k) {
    const parts = [one.sort, one.shownId, one.note].filter((part) => part !== "");
    const small = element("small");
    parts.forEach((part, n) => small.append(...(n ? [" · "] : []), shownName(part)));
    const title = element("span", {}, [shownName(one.title)]);
    const row = element("li", { role: "option", id: "c15-found-" + k, "aria-selected": "false" }, [
      one.symbol(), element("span", { class: "c15-found-text" }, [title, small]),
    ]);
    row.addEventListener("pointerdown", (event) => event.preventDefault());
    row.addEventListener("click", () => choose(k));
    return row;
  }

  function search() {
    if (folded(input.value) === "") {
      close();
      return;
    }
    const all = findEntries(entries, input.value);
    found = all.slice(0, SHOWN);
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    activate(found.length ? 0 : -1);
    const more = all.length - found.length;
    if (all.length === 0) {
      status.replaceChildren(say("found_none") + " ", shownName(input.value.slice(0, 60)));
    } else {
      const n = numberText(all.length);
      status.textContent = more ? say("found_more", { n, shown: SHOWN }) : say("found_some", { n });
    }
  }

  /** @param {number} k */
  function choose(k) {
    const one = found[k];
    close();
    input.value = one.title.slice(0, 80);
    one.open(input);
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => (list.hidden ? search() : activate((active + 1) % found.length)),
    ArrowUp: () => (list.hidden ? search() : activate((active + found.length - 1) % found.length)),
    Enter: () => (list.hidden ? search() : choose(Math.max(active, 0))),
    Escape: () => {
      if (list.hidden && status.textContent === "") {
        input.value = "";
      }
      close();
    },
  };

  // While a Chinese word is being composed, its letters are not searched, and Enter only ends it.
  input.addEventListener("compositionstart", () => {
    composing = true;
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    search();
  });
  input.addEventListener("input", (event) => {
    if (!composing && !(event instanceof InputEvent && event.isComposing)) {
      search();
    }
  });
  input.addEventListener("keydown", (event) => {
    const composed = composing || event.isComposing || event.keyCode === 229;
    if (composed || !keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === "Escape" && input.value === "") {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  input.addEventListener("blur", close);
  const find = input.closest("[role=search]");
  if (find instanceof HTMLElement) {
    find.hidden = false;
  }
}
