// What is tried on the page: read on first use, counted for the shown service and minutes.

import { sitesOf } from "../../data/choices.js";
import { needed } from "../../data/columns.js";
import { data, stage } from "../../data/held.js";
import { readStreets } from "../../data/unpack.js";
import { clock, message, say } from "../../data/words.js";
import { Trial, Trials } from "../trial.js";
import { Comparison } from "./count.js";
import { codeOf } from "./files.js";
import { History, isClosed, isNothing, withMoved, withoutSite, withSite, withToggled } from "./plan.js";

/** @import { Site, State } from "../../data/types.js" */
/** @import { Joined } from "../types.js" */
/** @import { InReach } from "../walkers.js" */
/** @import { Found } from "./count.js" */
/** @import { Closed, Plan, Tried } from "./plan.js" */

/** What is in reach of a tried site, and where it joins the streets. @typedef {{ at: Joined[], reach: InReach[] }} Stood */
/** What counts: the trial of the shown service and minutes, how it compares with today, what was found.
 * @typedef {{ trial: Trial, comparison: Comparison, found: Found, in: Map<string, { reach: InReach[], by: 1 | -1 }> }} Counted */

/** @param {Tried} site */
const keyOf = (site) => [site.number, site.x, site.y].join("/");

class Tool {
  constructor() {
    /** @type {"closed" | "reading" | "damaged" | "ready"} */
    this.status = "closed";
    /** @type {Trials | null} */
    this.trials = null;
    /** @type {Counted | null} */
    this.counted = null;
    this.history = new History();
    /** What is drawn and counted: the plan, or while a site is dragged the plan with it there. @type {Plan} */
    this.shown = this.history.plan;
    /** Number of the site last tried, moved or picked; 0 for none. */
    this.chosen = 0;
    /** What a click on the map does. @type {"place" | "way"} */
    this.click = "place";
    /** The answer to the last edit, such as why a site cannot stand. */
    this.said = "";
    /** Called whenever what is shown changes. @type {Set<(dragged: boolean) => void>} */
    this.watchers = new Set();
    /** @type {WeakMap<Tried, Joined[]>} */
    this.joined = new WeakMap();
    /** @type {WeakMap<Tried, { trial: Trial, reach: InReach[] }>} */
    this.reached = new WeakMap();
  }

  /** The service for which sites are tried, and its minutes; null until they are counted. */
  get trial() {
    return this.counted ? this.counted.trial : null;
  }

  /** The sentence on why nothing can be tried; "" if something can. @param {State} state */
  whyNot(state) {
    const { trials } = data();
    if (trials && !trials.categories.includes(state.choice)) {
      return message("trials.one_service");
    }
    if (this.status === "damaged" || (this.status === "ready" && !this.trial)) {
      return message(this.status === "damaged" ? "trials.damaged" : "trials.disagrees");
    }
    return this.status === "ready" ? "" : message("trials.reading");
  }

  /**
   * Follow the shown service and minutes.
   *
   * @param {State} state
   */
  follow(state) {
    const { trials: meta, people } = data();
    if (!meta) {
      return;
    }
    this.prepare();
    if (!this.trials || !meta.categories.includes(state.choice)) {
      this.counted = null;
      return;
    }
    if (this.trial && this.trial.category === state.choice && this.trial.cutoff === state.cutoff) {
      return;
    }
    const trial = new Trial(this.trials, state.choice, state.cutoff);
    this.counted = null;
    if (trial.agrees) {
      const comparison = new Comparison(trial, people ? people.n : 0);
      this.counted = { trial, comparison, found: comparison.count([]), in: new Map() };
      this.said = "";
      this.show(this.history.plan);
    }
  }

  /** Read the streets, unless that has begun: when the tool opens, or is about to. */
  async prepare() {
    const { trials: meta } = data();
    if (!meta || this.status !== "closed") {
      return;
    }
    this.status = "reading";
    try {
      const { people } = data();
      const living = people ? { parts: needed(people, "parts"), micro: needed(people, "micro") } : { parts: [], micro: [] };
      this.trials = new Trials(meta, await readStreets(), living);
      this.status = "ready";
    } catch {
      this.status = "damaged";
    }
    if (stage().state.view === "try") {
      stage().update();
    }
  }

  /**
   * Count and draw a plan.
   *
   * @param {Plan} plan
   * @param {boolean} [dragged] whether a site is being dragged
   */
  show(plan, dragged = false) {
    this.shown = plan;
    const { counted } = this;
    if (counted) {
      /** @type {Map<string, { reach: InReach[], by: 1 | -1 }>} */
      const wanted = new Map();
      for (const site of this.sites) {
        wanted.set(keyOf(site), { reach: this.#reachOf(site, counted.trial), by: 1 });
      }
      for (const [row, reach] of counted.trial.today) {
        const own = data().facilities[row];
        if (isClosed(plan, own)) {
          wanted.set("closed " + row, { reach, by: -1 });
        }
      }
      for (const [key, { reach, by }] of counted.in) {
        if (!wanted.has(key)) {
          counted.trial.change(reach, by === 1 ? -1 : 1);
        }
      }
      for (const [key, { reach, by }] of wanted) {
        if (!counted.in.has(key)) {
          counted.trial.change(reach, by);
        }
      }
      counted.in = wanted;
      counted.found = counted.comparison.count([...wanted.values()].filter(({ by }) => by === 1).map(({ reach }) => reach));
    }
    this.watchers.forEach((watch) => watch(dragged));
  }

  /** Tried sites of the shown service. */
  get sites() {
    return this.shown.sites.filter((one) => one.category === this.trial?.category);
  }

  /** The chosen site of the shown service; null for none. */
  get current() {
    return this.sites.find((one) => one.number === this.chosen) || null;
  }

  /** The code of what is tried; "" for nothing. */
  get code() {
    return this.trials ? codeOf(this.history.plan, (x, y) => this.degrees(x, y)) : "";
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  degrees(x, y) {
    return this.#known.degrees(x, y);
  }

  get #known() {
    if (!this.trials) {
      throw new Error("the streets are not read yet");
    }
    return this.trials;
  }

  /**
   * Where a tried site joins the streets, by way of walking.
   *
   * @param {Tried} site
   */
  joinedOf(site) {
    const found = this.joined.get(site) || this.#known.walkers.map((own) => own.snapper.join(site.x, site.y));
    this.joined.set(site, found);
    return found;
  }

  /**
   * @param {Tried} site
   * @param {Trial} trial
   */
  #reachOf(site, trial) {
    const kept = this.reached.get(site);
    if (kept && kept.trial === trial) {
      return kept.reach;
    }
    const reach = trial.reach(site.x, site.y, this.joinedOf(site));
    this.reached.set(site, { trial, reach });
    return reach;
  }

  /**
   * Who is in reach of a tried site of the shown service.
   *
   * @param {Tried} site
   */
  reachOf(site) {
    return this.counted ? this.#reachOf(site, this.counted.trial) : [];
  }

  /**
   * Why a site cannot stand where it is; "" if it can.
   *
   * @param {Tried} site
   */
  whyNotThere(site) {
    const lost = this.joinedOf(site).find((one) => one.edge < 0);
    const m = (data().trials?.max_snap_mm || 0) / 1000;
    return lost ? message("trials.cannot_" + lost.code, { m }) : "";
  }

  /**
   * Take a plan that was edited.
   *
   * @param {Plan} plan
   * @param {string} [step] of edits in a row
   */
  take(plan, step) {
    this.said = "";
    this.history.commit(plan, step);
    this.show(plan);
    stage().update();
  }

  /**
   * Try a site at a place of the map; refused where it cannot stand.
   *
   * @param {{ lng: number, lat: number }} at
   * @returns {Tried | null}
   */
  placeAt({ lng, lat }) {
    const [x, y] = this.#known.place(lng, lat);
    return this.place({ x, y });
  }

  /**
   * Try a site at a place in millimetres.
   *
   * @param {{ x: number, y: number }} at
   * @returns {Tried | null}
   */
  place({ x, y }) {
    if (!this.trial) {
      return null;
    }
    const { plan, site } = withSite(this.history.plan, this.trial.category, x, y);
    const why = this.whyNotThere(site);
    if (why) {
      this.say(why);
      return null;
    }
    this.chosen = site.number;
    this.take(plan);
    return site;
  }

  /**
   * Show a site elsewhere while it is dragged, whether or not it can stand there.
   *
   * @param {Tried} site
   * @param {{ lng: number, lat: number }} at
   */
  drag(site, { lng, lat }) {
    const moved = withMoved(this.history.plan, site, ...this.#known.place(lng, lat));
    this.chosen = site.number;
    this.said = this.whyNotThere(moved.site);
    this.show(moved.plan, true);
  }

  /** Keep a dragged site where it is; it goes back to where it was if it cannot stand there. @param {Tried} site */
  drop(site) {
    const moved = this.shown.sites.find((one) => one.number === site.number);
    const why = moved ? this.whyNotThere(moved) : "";
    if (why) {
      this.show(this.history.plan);
      this.say(why);
    } else {
      this.take(this.shown);
    }
  }

  /**
   * Move a site by keys, millimetres.
   *
   * @param {Tried} site
   * @param {number} east
   * @param {number} north
   */
  nudge(site, east, north) {
    const moved = withMoved(this.history.plan, site, site.x + east, site.y + north);
    const why = this.whyNotThere(moved.site);
    this.chosen = site.number;
    if (why) {
      this.say(why);
    } else {
      this.take(moved.plan, "nudge " + site.number);
    }
  }

  /** @param {Tried} site */
  remove(site) {
    this.take(withoutSite(this.history.plan, site));
  }

  /**
   * Close a site of today, or open it again, with its probable duplicates, which would count else.
   *
   * @param {Site} site
   */
  toggle(site) {
    const same = sitesOf({ choice: site.category }, true).filter((one) => one.same_as === site.id);
    this.take(withToggled(this.history.plan, [site, ...same].map(({ id, category }) => ({ id, category }))));
  }

  /** @param {"undo" | "redo"} way */
  go(way) {
    this.history[way]();
    this.said = "";
    this.show(this.history.plan);
    stage().update();
  }

  /** @param {string} text */
  say(text) {
    this.said = text;
    this.tell();
  }

  /** Let the page show what has changed beside the plan. */
  tell() {
    this.watchers.forEach((watch) => watch(false));
  }
}

export const tool = new Tool();

/**
 * Whether the shown plan closes a site.
 *
 * @param {Closed} site
 */
export const isShut = (site) => isClosed(tool.shown, site);

/** Whether anything of the shown service is tried. */
export const isTried = () =>
  tool.sites.length + tool.shown.closed.filter((one) => one.category === tool.trial?.category).length > 0;

/** What is tried of all services, in words. */
export const triedWords = () =>
  (isNothing(tool.history.plan)
    ? message("trials.nothing_tried")
    : message("trials.tried_sites", { n: tool.history.plan.sites.length, closed: tool.history.plan.closed.length }));

/**
 * Minutes and seconds of a walk, as judged.
 *
 * @param {number} ms
 */
export const timeText = (ms) => say("place_time_" + data().judge, clock(Math.ceil(ms / 1000)));
