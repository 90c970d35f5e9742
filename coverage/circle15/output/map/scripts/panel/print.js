// The printed sheet: the current map with title, legend, figures and fields, on A4 or A3.

import { labelOf } from "../data/choices.js";
import { data } from "../data/held.js";
import { say } from "../data/words.js";
import { element, inside, partOf, shownName } from "../drawing/elements.js";
import { ownSite, showOwn } from "../drawing/own_areas.js";
import { drawing, dropCanvases } from "../drawing/panes.js";
import { fillSheet, shownBounds, splitSheet, triedLines } from "../trials/tool/sheet.js";
import { frameMap, untouched } from "./frame.js";

/** @import { State } from "../data/types.js" */

const SIZES = ["A4", "A3"];
const MARGIN_MM = 8;
const page = new CSSStyleSheet();
const fields = { unit: "", approval: "" };
/** @type {string | null} */
let size = null;

/**
 * A copy of an element without ids, which must be unique in a page.
 *
 * @param {HTMLElement} original
 */
function copy(original) {
  const made = /** @type {HTMLElement} */ (original.cloneNode(true));
  [made, ...made.querySelectorAll("[id]")].forEach((one) => one.removeAttribute("id"));
  made.removeAttribute("aria-live");
  return made;
}

/**
 * @param {string} text
 * @param {string} [name] its class
 */
function line(text, name) {
  /** @type {Record<string, string>} */
  const properties = name ? { class: name } : {};
  return element("p", properties, [text]);
}

/** @param {"unit" | "approval"} key */
function field(key) {
  const input = element("input", { type: "text", maxlength: "60" });
  input.value = fields[key];
  input.addEventListener("input", () => {
    fields[key] = input.value;
    showUse();
  });
  return element("label", {}, [say("print_" + key), input]);
}

/** @param {State} state */
function head(state) {
  const heading = inside(document, ".c15-panel h1").textContent || "";
  const title = element("p", { class: "c15-sheet-title" }, [shownName(heading)]);
  const view = partOf("views").querySelector('[aria-checked="true"]');
  const what = say("print_what", {
    view: view?.textContent || "", what: labelOf(state.choice), minutes: state.cutoff,
  });
  const synthetic = copy(inside(document, ".c15-synthetic"));
  partOf("sheet-head").replaceChildren(title, line(what, "c15-sheet-what"), synthetic);
}

function plate() {
  const legend = copy(partOf("legend"));
  legend.className = "c15-sheet-legend";
  // The Swedish locale writes ISO dates, like all other dates here.
  const made = new Date().toLocaleDateString("sv-SE");
  const stamp = () => element("div", { class: "c15-stamp" }, [say("print_stamp")]);
  const signing = data().approval ? [stamp(), field("unit"), field("approval")] : [field("unit")];
  const room = data().approval ? "c15-signing" : "c15-signing c15-unstamped";
  partOf("plate").replaceChildren(
    copy(partOf("figures")),
    element("h2", {}, [say("legend")]),
    legend,
    element("h2", {}, [say("print_parameters")]),
    ...triedLines().map((text) => line(text)),
    ...data().parameters.map((text) => line(text)),
    line(say("print_date", { date: made })),
    element("div", { class: room }, signing)
  );
  /** @type {NodeListOf<HTMLElement>} */
  const spans = document.querySelectorAll(".c15-footer span");
  partOf("sheet-foot").replaceChildren(...[...spans].filter((span) => span.textContent).map(copy));
  showUse();
}

/** Show how the map may be used until its approval number is filled in, which then stands alone. */
function showUse() {
  const use = document.querySelector(".c15-sheet-foot .c15-use");
  if (use instanceof HTMLElement) {
    use.hidden = data().approval && fields.approval.trim() !== "";
  }
}

/** Sizes of the plate's text, the largest that fits is taken. */
const SCALES = [1, 0.95, 0.9, 0.85, 0.8, 0.75];

/** Make the text of the plate smaller until its fields are not cut off. */
function fitPlate() {
  const box = partOf("plate");
  const unit = getComputedStyle(document.body).getPropertyValue("--unit");
  for (const scale of SCALES) {
    box.style.setProperty("--unit", "calc(" + scale + " * " + unit + ")");
    if (box.scrollHeight <= box.clientHeight) {
      return;
    }
  }
}

/**
 * Lay the page out as a printed sheet, or with null as before; the map keeps its extent.
 *
 * @param {L.Map} map
 * @param {() => void} update
 * @param {string | null} chosen
 */
function lay(map, update, chosen) {
  const bounds = map.getBounds();
  const whole = untouched(map);
  size = chosen;
  document.body.classList.toggle("c15-sheet", size !== null);
  SIZES.forEach((one) => document.body.classList.toggle("c15-" + one, one === size));
  page.replaceSync(size ? "@page { size: " + size + " landscape; margin: " + MARGIN_MM + "mm; }" : "");
  drawing.vector = size !== null;
  // The card is closed, but the service areas of its facility are printed.
  const own = chosen ? ownSite() : null;
  map.closePopup();
  splitSheet(size !== null);
  showOwn(own);
  update();
  if (size) {
    dropCanvases();
  }
  map.invalidateSize({ animate: false, pan: false });
  if (whole) {
    frameMap(map);
  } else {
    map.fitBounds(shownBounds(bounds), { animate: false });
  }
  fillSheet();
}

/** @param {Element} button */
const buttonSize = (button) => (button instanceof HTMLElement ? button.dataset.id : "");

/**
 * Fill the sheet for the current choice and cutoff.
 *
 * @param {State} state
 */
export function showSheet(state) {
  if (size) {
    head(state);
    plate();
    fitPlate();
    partOf("print-sizes").querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-pressed", String(buttonSize(button) === size));
    });
  }
}

/**
 * Set up the buttons of the sheet.
 *
 * @param {L.Map} map
 * @param {() => void} update draws everything again
 */
export function preparePrint(map, update) {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
  fields.unit = data().organisation;
  fields.approval = data().approval_number;
  const open = () => {
    lay(map, update, "A4");
    partOf("print-now").focus();
  };
  const close = () => {
    lay(map, update, null);
    partOf("print").focus();
  };
  partOf("print").addEventListener("click", open);
  partOf("print-close").addEventListener("click", close);
  partOf("print-now").addEventListener("click", () => window.print());
  partOf("print-sizes").replaceChildren(
    ...SIZES.map((one) => {
      const button = element("button", { type: "button", "data-id": one }, [one]);
      button.addEventListener("click", () => lay(map, update, one));
      return button;
    })
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && size) {
      close();
    }
  });
  // Printing from the browser's menu gives the same sheet.
  let own = false;
  window.addEventListener("beforeprint", () => {
    own = size === null;
    if (own) {
      lay(map, update, "A4");
    }
  });
  window.addEventListener("afterprint", () => {
    if (own) {
      lay(map, update, null);
    }
    own = false;
  });
}
