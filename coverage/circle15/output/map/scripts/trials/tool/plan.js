// What is tried on the map: sites placed and sites closed, with the history of edits.

/** A site that is tried; its place is millimetres from the origin of the page.
 * @typedef {Readonly<{ number: number, category: string, x: number, y: number }>} Tried */
/** A site of today that is closed, in one of its categories. @typedef {Readonly<{ id: string, category: string }>} Closed */
/** @typedef {Readonly<{ sites: readonly Tried[], closed: readonly Closed[] }>} Plan */

/** @type {Plan} */
export const NOTHING = Object.freeze({ sites: Object.freeze([]), closed: Object.freeze([]) });

/** @param {Plan} plan */
export const isNothing = (plan) => plan.sites.length + plan.closed.length === 0;

/**
 * A plan with one more site, and that site; it takes the lowest number that is free.
 *
 * @param {Plan} plan
 * @param {string} category
 * @param {number} x
 * @param {number} y
 * @returns {{ plan: Plan, site: Tried }}
 */
export function withSite(plan, category, x, y) {
  const taken = new Set(plan.sites.map((one) => one.number));
  let number = 1;
  while (taken.has(number)) {
    number += 1;
  }
  const site = { number, category, x, y };
  return { plan: { ...plan, sites: [...plan.sites, site] }, site };
}

/**
 * A plan in which a site stands elsewhere, and that site.
 *
 * @param {Plan} plan
 * @param {Tried} site
 * @param {number} x
 * @param {number} y
 * @returns {{ plan: Plan, site: Tried }}
 */
export function withMoved(plan, site, x, y) {
  const moved = { ...site, x, y };
  return { plan: { ...plan, sites: plan.sites.map((one) => (one.number === site.number ? moved : one)) }, site: moved };
}

/**
 * @param {Plan} plan
 * @param {Tried} site
 * @returns {Plan}
 */
export const withoutSite = (plan, site) => ({ ...plan, sites: plan.sites.filter((one) => one.number !== site.number) });

/**
 * @param {Plan} plan
 * @param {Closed} site
 */
export const isClosed = (plan, { id, category }) => plan.closed.some((one) => one.id === id && one.category === category);

/**
 * A plan in which sites are closed if the first of them is open, else open again.
 *
 * @param {Plan} plan
 * @param {Closed[]} sites
 * @returns {Plan}
 */
export function withToggled(plan, sites) {
  const others = plan.closed.filter((one) => !isClosed({ sites: [], closed: sites }, one));
  return { ...plan, closed: isClosed(plan, sites[0]) ? others : [...others, ...sites] };
}

/** The edits that led to a plan, and those that were undone. */
export class History {
  constructor() {
    this.plan = NOTHING;
    /** @type {{ plan: Plan, step: string }[]} */
    this.past = [];
    /** @type {{ plan: Plan, step: string }[]} */
    this.future = [];
    this.step = "";
  }

  /**
   * Take a plan; of edits in a row with the same step, such as pressing an arrow key, undoing
   * undoes all.
   *
   * @param {Plan} plan
   * @param {string} [step]
   */
  commit(plan, step = "") {
    if (!step || step !== this.step) {
      this.past.push({ plan: this.plan, step: this.step });
    }
    this.plan = plan;
    this.step = step;
    this.future = [];
  }

  undo() {
    this.#go(this.past, this.future);
  }

  redo() {
    this.#go(this.future, this.past);
  }

  /**
   * @param {{ plan: Plan, step: string }[]} from
   * @param {{ plan: Plan, step: string }[]} to
   */
  #go(from, to) {
    const found = from.pop();
    if (found) {
      to.push({ plan: this.plan, step: this.step });
      Object.assign(this, found);
    }
  }
}
