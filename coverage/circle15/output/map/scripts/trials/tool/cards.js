// Cards of tried sites, and of sites of today that can be closed.

import { card } from "../../cards/card.js";
import { facilityBrief, facilityCard } from "../../cards/site_cards.js";
import { labelOf } from "../../data/choices.js";
import { data, stage } from "../../data/held.js";
import { amount, message, numberText, say } from "../../data/words.js";
import { element, shownName } from "../../drawing/elements.js";
import { whole } from "./count.js";
import { isShut, tool } from "./tool.js";

/** @import { CardRow, Site, Tried } from "../../data/types.js" */
/** @import { InReach } from "../walkers.js" */

/** @param {Tried} site */
export const triedTitle = (site) => message("trials.site", { n: site.number });

/**
 * Micro-persons in reach of a site, and those of them who reach no other one.
 *
 * @param {InReach[]} reach
 * @param {0 | 1} counted how often the site itself counts: once, or not if it is closed
 */
export function peopleIn(reach, counted) {
  const found = { all: 0, alone: 0 };
  reach.forEach(({ sure }, k) => {
    const people = tool.trial?.people[k];
    sure.rows.forEach((home) => {
      const micro = people ? people.own.micro[home] : 0;
      found.all += micro;
      found.alone += people && people.sure[home] === counted ? micro : 0;
    });
  });
  return found;
}

/**
 * What is remarkable about where a tried site stands.
 *
 * @param {Tried} site
 */
export function standing(site) {
  const [at] = tool.joinedOf(site);
  const wall = at.code === "THROUGH_WALL" ? [message("trials.through_wall")] : [];
  return [message("trials.site_joined", { m: numberText(Math.floor(at.mm / 1000 + 0.5)) }), ...wall];
}

/** @param {Tried} site @returns {CardRow[]} */
function rowsOf(site) {
  const people = peopleIn(tool.reachOf(site), 1);
  return [
    [say("category"), shownName(labelOf(site.category))],
    [message("trials.site_reach"), amount(whole(people.all), "persons")],
    [say("only_here"), amount(whole(people.alone), "persons")],
  ];
}

/**
 * A button of a card; pressing it closes the card.
 *
 * @param {string} text
 * @param {() => void} press
 */
function action(text, press) {
  const button = element("button", { type: "button", class: "c15-act" }, [text]);
  button.addEventListener("click", () => {
    stage().map.closePopup();
    press();
  });
  return button;
}

/** Give a tried site the keys. @param {{ number: number }} site */
export function focusMark({ number }) {
  const shape = document.querySelector('.c15-tried[data-number="' + number + '"]');
  if (shape instanceof HTMLElement) {
    shape.focus({ preventScroll: true });
  }
}

/** @param {Tried} site */
export function triedCard(site) {
  const [joined, ...walls] = standing(site);
  const buttons = [
    action(message("trials.move_site"), () => focusMark(site)),
    action(message("trials.remove_site"), () => tool.remove(site)),
  ];
  return card(triedTitle(site), [...rowsOf(site), [joined, ""]], walls, [element("p", { class: "c15-acts" }, buttons)]);
}

/** @param {Tried} site */
export const triedBrief = (site) => card(triedTitle(site), rowsOf(site), []);

/** Whether a site of today can be closed. @param {Site} site */
export const canClose = (site) => site.status === "open" && site.at !== null;

/** @param {Site} site */
const shutNote = (site) => (isShut(site) ? [element("p", { class: "c15-warn" }, [message("trials.closed_site")])] : []);

/** @param {Site} site */
export function existingCard(site) {
  const made = facilityCard(site);
  const word = isShut(site) ? "reopen_site" : "close_site";
  const acts = canClose(site)
    ? [action(message("trials." + word), () => tool.toggle(site))]
    : [message("trials.not_open")];
  const title = made.querySelector("h3");
  title?.after(...shutNote(site), element("p", { class: "c15-acts" }, acts));
  return made;
}

/** @param {Site} site */
export function existingBrief(site) {
  const made = facilityBrief(site);
  made.append(...shutNote(site));
  return made;
}

/** What a site of today is called. @param {number} row of the facility table */
export const nameOfRow = (row) => data().facilities[row].name || data().facilities[row].id;
