// What a plan changes: people newly covered and no longer covered, by zone and place, ranks, and
// the sites that it relieves; rounded as the report of a scenario rounds.

/** @import { Trial } from "../trial.js" */
/** @import { InReach } from "../walkers.js" */

/** What happens at a place. */
export const SAME = 0;
export const GAINED = 1;
export const LOST = 2;

const NONE = 2 ** 32 - 1;
const MICRO = 1e6;

/** Micro-persons in all, and by number of the subdistrict and of the community.
 * @typedef {{ all: number, zones: Float64Array[] }} People */

/**
 * `farthest` is the longest walk of a newly covered home, ms; `relieved` are micro-persons for whom a
 * tried site is nearer than the nearest one of today, by row of that site; `places` is what happens
 * at each place of the people layer.
 *
 * @typedef {{ gained: People, lost: People, farthest: number | null, relieved: Map<number, number>, places: Uint8Array }} Found
 */

/** Compares what is tried with today. */
export class Comparison {
  /**
   * @param {Trial} trial as of today
   * @param {number} places number of places of the people layer
   */
  constructor(trial, places) {
    this.trial = trial;
    this.today = { all: trial.sums.all.slice(), zones: trial.sums.zones.map((level) => level.map((one) => one.slice())) };
    this.covered = trial.people.map(({ sure }) => {
      const found = new Uint8Array(sure.length);
      for (let home = 0; home < sure.length; home += 1) {
        found[home] = sure[home] ? 1 : 0;
      }
      return found;
    });
    this.nearest = trial.people.map((one) => new Uint32Array(one.sure.length).fill(NONE));
    this.site = trial.people.map((one) => new Int32Array(one.sure.length).fill(-1));
    this.best = trial.people.map((one) => new Uint32Array(one.sure.length));
    this.placeOf = trial.people.map((one) => (places ? one.own.places : new Uint32Array(0)));
    this.places = new Uint8Array(places + 1);
    for (const [row, reach] of [...trial.today].sort(([a], [b]) => a - b)) {
      reach.forEach(({ sure: { rows, ms } }, k) => {
        const [nearest, site] = [this.nearest[k], this.site[k]];
        for (let i = 0; i < rows.length; i += 1) {
          if (ms[i] < nearest[rows[i]]) {
            nearest[rows[i]] = ms[i];
            site[rows[i]] = row;
          }
        }
      });
    }
  }

  /**
   * @param {InReach[][]} tried who is in reach of each tried site
   * @returns {Found}
   */
  count(tried) {
    const nobody = () => ({ all: 0, zones: this.today.zones.map(([covered]) => new Float64Array(covered.length)) });
    /** @type {Found} */
    const found = { gained: nobody(), lost: nobody(), farthest: null, relieved: new Map(), places: this.places.fill(SAME) };
    this.trial.people.forEach((one, k) => {
      const best = this.best[k].fill(NONE);
      for (const reach of tried) {
        const { rows, ms } = reach[k].sure;
        for (let i = 0; i < rows.length; i += 1) {
          best[rows[i]] = Math.min(best[rows[i]], ms[i]);
        }
      }
      const { sure } = one;
      const [covered, nearest, sites] = [this.covered[k], this.nearest[k], this.site[k]];
      for (let home = 0; home < best.length; home += 1) {
        const now = sure[home] ? 1 : 0;
        if (covered[home] !== now) {
          this.#moved(found, k, home, now === 1);
        }
        if (best[home] < nearest[home] && sites[home] >= 0) {
          const site = sites[home];
          found.relieved.set(site, (found.relieved.get(site) || 0) + one.own.micro[home]);
        }
      }
    });
    return found;
  }

  /**
   * @param {Found} found
   * @param {number} k way of walking
   * @param {number} home
   * @param {boolean} gains
   */
  #moved(found, k, home, gains) {
    const { own } = this.trial.people[k];
    const people = gains ? found.gained : found.lost;
    people.all += own.micro[home];
    people.zones.forEach((sums, level) => {
      sums[own.zones[level][home]] += own.micro[home];
    });
    if (gains && this.best[k][home] < NONE) {
      found.farthest = Math.max(found.farthest || 0, this.best[k][home]);
    }
    if (this.placeOf[k].length && found.places[this.placeOf[k][home]] !== GAINED) {
      found.places[this.placeOf[k][home]] = gains ? GAINED : LOST;
    }
  }
}

/**
 * Whole persons, rounded half up.
 *
 * @param {number} micro
 */
export const whole = (micro) => Math.floor((micro + MICRO / 2) / MICRO);

/**
 * Whole persons covered, in the gap and unknown, which sum to all rounded (`whole_people`).
 *
 * @param {ArrayLike<number>} states micro-persons by state
 */
export function wholeStates(states) {
  const [covered, gap, unknown] = [states[0], states[1], states[2]];
  const persons = whole(covered + gap + unknown);
  const shown = whole(covered + gap) - whole(gap);
  return [shown, whole(gap), persons - shown - whole(gap)];
}

/**
 * Whole persons newly covered and no longer covered, which lead from one printed number of people
 * covered to the other (`whole_steps`).
 *
 * @param {number} gained micro-persons
 * @param {number} lost
 * @param {number} total difference of the printed numbers
 */
export function wholeMoved(gained, lost, total) {
  const micro = [gained, 0 - lost];
  const found = micro.map((one) => Math.floor(one / MICRO));
  const rest = micro.map((one, k) => one - found[k] * MICRO);
  const broken = [0, 1].filter((k) => rest[k]).sort((a, b) => rest[b] - rest[a] || a - b);
  broken.slice(0, Math.max(total - found[0] - found[1], 0)).forEach((k) => (found[k] += 1));
  const largest = Math.abs(micro[1]) > Math.abs(micro[0]) ? 1 : 0;
  if (micro[largest]) {
    found[largest] += total - found[0] - found[1];
  }
  return { gained: found[0], lost: found[1] };
}

/**
 * Ranks by size, the largest first; equal values share one, null has none.
 *
 * @param {(number | null)[]} values
 */
export function ranksOf(values) {
  const sorted = values.map((one) => one ?? -1).sort((a, b) => a - b);
  const rank = new Map(sorted.map((one, k) => [one, sorted.length - k]));
  return values.map((one) => (one === null ? null : rank.get(one) ?? null));
}

/**
 * People of a zone, whole persons: newly covered and no longer, in the gap today and then.
 *
 * @typedef {{ gained: number, lost: number, today: number[], then: number[], ranks: (number | null)[] }} ZoneChange
 */

/**
 * What changes in the zones of a level, in their order.
 *
 * @param {Comparison} comparison
 * @param {Found} found
 * @param {0 | 1} level
 * @param {number} zones how many the page has
 * @returns {ZoneChange[]}
 */
export function zoneChanges(comparison, found, level, zones) {
  const [before, after] = [comparison.today.zones[level], comparison.trial.sums.zones[level]];
  const rows = Array.from({ length: zones }, (_, k) => {
    /** @param {Float64Array[]} sums */
    const states = (sums) => wholeStates(sums.map((one) => one[k + 1] || 0));
    const [today, then] = [states(before), states(after)];
    const moved = wholeMoved(found.gained.zones[level][k + 1] || 0, found.lost.zones[level][k + 1] || 0, then[0] - today[0]);
    return { ...moved, today, then };
  });
  const ranks = [rows.map(({ today }) => today), rows.map(({ then }) => then)].map((states) =>
    ranksOf(states.map((one) => (one[0] + one[1] + one[2] ? one[1] : null))));
  return rows.map((row, k) => ({ ...row, ranks: [ranks[0][k], ranks[1][k]] }));
}
