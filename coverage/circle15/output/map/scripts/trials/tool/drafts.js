// Three named drafts: in the browser's storage, else in the address of the page.

const MARK = "#try=";
export const DRAFTS = 3;

/** A draft: its name, the code of its plan, and the plan as text. @typedef {{ name: string, code: string, plan: string }} Draft */
/** @typedef {"here" | "in_address" | "nowhere"} Where */

/**
 * Read drafts from text, which may be anything.
 *
 * @param {string | null} text
 * @returns {(Draft | null)[]}
 */
export function readDrafts(text) {
  /** @type {unknown} */
  let read = null;
  try {
    read = JSON.parse(text || "");
  } catch {
    // Nothing was kept, or it is damaged: no drafts.
  }
  return Array.from({ length: DRAFTS }, (_, k) => {
    const one = Array.isArray(read) ? read[k] : null;
    const kept = one && ["name", "code", "plan"].every((key) => typeof one[key] === "string");
    return kept ? { name: one.name.slice(0, 60), code: one.code.slice(0, 12), plan: one.plan } : null;
  });
}

/** Keeps drafts where the browser allows it. */
export class Drafts {
  /**
   * @param {string} key of the study
   * @param {{ storage: () => Storage, address: Location, history: { replaceState: (state: null, title: string, address: string) => void } }} page
   */
  constructor(key, page) {
    this.key = key;
    this.page = page;
    /** @type {Storage | null} */
    this.storage = null;
    try {
      const storage = page.storage();
      storage.setItem(key + " test", "");
      storage.removeItem(key + " test");
      this.storage = storage;
    } catch {
      // Forbidden or full: the address is used.
    }
    this.list = readDrafts(this.storage ? this.storage.getItem(key) : this.#fromAddress());
    /** @type {Where} */
    this.where = this.storage ? "here" : "in_address";
  }

  #fromAddress() {
    const { hash } = this.page.address;
    try {
      return hash.startsWith(MARK) ? decodeURIComponent(hash.slice(MARK.length)) : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {number} k
   * @param {Draft} draft
   */
  keep(k, draft) {
    this.list[k] = draft;
    const text = JSON.stringify(this.list);
    try {
      if (this.storage) {
        this.storage.setItem(this.key, text);
      } else {
        this.page.history.replaceState(null, "", MARK + encodeURIComponent(text));
      }
    } catch {
      this.where = "nowhere";
    }
  }
}
