// Saving what is tried: two tables for the study, the lines of the scenario, and the command.

import { labelOf } from "../../data/choices.js";
import { message, say } from "../../data/words.js";
import { element } from "../../drawing/elements.js";
import { filesOf, scenarioLines, scenarioName } from "./files.js";
import { tool } from "./tool.js";

const SECONDS_KEPT = 60;

/**
 * Let the browser save a text.
 *
 * @param {string} name
 * @param {string} text
 */
function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), SECONDS_KEPT * 1000);
}

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** Offer the files of what is tried. */
export function askToSave() {
  const { plan } = tool.history;
  const named = (/** @type {number} */ n) => message("trials.site_saved", { code: tool.code, n });
  const files = filesOf(plan, (x, y) => tool.degrees(x, y), named);
  const { code } = tool;
  const buttons = files.map(({ name, text }) => {
    const made = element("button", { type: "button" }, [name]);
    made.addEventListener("click", () => download(name, text));
    return made;
  });
  const used = [...new Set([...plan.sites, ...plan.closed].map((one) => one.category))];
  const more = used.length > 1 ? [element("p", {}, [message("trials.save_other", { services: used.map(labelOf).join(", ") })])] : [];
  const close = element("button", { type: "button" }, [say("close")]);
  const lines = element("pre", { tabindex: "0" }, [scenarioLines(code, files)]);
  const command = element("pre", { tabindex: "0" }, ["circle15 scenario study.toml " + scenarioName(code)]);
  dialog ||= element("dialog", { class: "c15-save", "aria-labelledby": "c15-save-title" });
  dialog.replaceChildren(
    element("h2", { id: "c15-save-title" }, [message("trials.save_title")]), ...more,
    element("p", {}, [message("trials.save_step_files")]), element("div", { class: "c15-tools" }, buttons),
    element("p", {}, [message("trials.save_step_table")]), lines,
    element("p", {}, [message("trials.save_step_run")]), command, close
  );
  const shown = dialog;
  close.addEventListener("click", () => shown.close());
  document.body.append(shown);
  shown.showModal();
}
