// Where a point joins the streets: the nearest edge whose straight leg crosses no barrier, by the
// rules and in the order of arithmetic of `network/edge_search.py` and `network/leg_barriers.py`.

import { mapped, nearestOn, sums } from "./streets.js";

/** @import { Joined, Read, Streets } from "./types.js" */

const CELL = 40;
const TOUCH = 0.001;
const ASIDE = 0.0005;
const OPENING = 1;

/** Distances in metres at which a point looks for its edge before it looks as far as it may. */
const NEARER = [0, 25, 75];

/** The nearest place of an edge, metres. @typedef {{ e: number, share: number, x: number, y: number, m: number }} Near */

/**
 * Straight pieces listed by the cells of a grid that their boxes touch.
 *
 * @typedef {object} Grid
 * @property {number} west
 * @property {number} south
 * @property {number} columns
 * @property {number} rows
 * @property {Uint32Array} pointer
 * @property {Uint32Array} items
 */

/**
 * @param {Float64Array[]} ends x, y, x, y of each piece, metres
 * @param {ArrayLike<number>} chosen
 * @returns {Grid}
 */
function gridOf([x0, y0, x1, y1], chosen) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < chosen.length; k += 1) {
    const i = chosen[k];
    west = Math.min(west, x0[i], x1[i]);
    east = Math.max(east, x0[i], x1[i]);
    south = Math.min(south, y0[i], y1[i]);
    north = Math.max(north, y0[i], y1[i]);
  }
  if (!chosen.length) {
    return { west: 0, south: 0, columns: 0, rows: 0, pointer: new Uint32Array(1), items: new Uint32Array(0) };
  }
  const columns = Math.floor((east - west) / CELL) + 1;
  const rows = Math.floor((north - south) / CELL) + 1;
  const pointer = new Uint32Array(columns * rows + 1);
  /** @param {(cell: number, i: number) => void} each */
  const visit = (each) => {
    for (let k = 0; k < chosen.length; k += 1) {
      const i = chosen[k];
      const [left, right] = [Math.min(x0[i], x1[i]), Math.max(x0[i], x1[i])];
      const [low, high] = [Math.min(y0[i], y1[i]), Math.max(y0[i], y1[i])];
      for (let r = Math.floor((low - south) / CELL); r <= Math.floor((high - south) / CELL); r += 1) {
        for (let q = Math.floor((left - west) / CELL); q <= Math.floor((right - west) / CELL); q += 1) {
          each(r * columns + q, i);
        }
      }
    }
  };
  visit((cell) => {
    pointer[cell + 1] += 1;
  });
  for (let cell = 0; cell < columns * rows; cell += 1) {
    pointer[cell + 1] += pointer[cell];
  }
  const items = new Uint32Array(pointer[columns * rows]);
  const fill = pointer.slice();
  visit((cell, i) => {
    items[fill[cell]] = i;
    fill[cell] += 1;
  });
  return { west, south, columns, rows, pointer, items };
}

/**
 * Visit the pieces in the cells of a box.
 *
 * @param {Grid} grid
 * @param {[number, number, number, number]} box west, south, east, north
 * @param {(i: number) => void} each
 */
function within(grid, [west, south, east, north], each) {
  const left = Math.max(Math.floor((west - grid.west) / CELL), 0);
  const right = Math.min(Math.floor((east - grid.west) / CELL), grid.columns - 1);
  const low = Math.max(Math.floor((south - grid.south) / CELL), 0);
  const high = Math.min(Math.floor((north - grid.south) / CELL), grid.rows - 1);
  for (let r = low; r <= high; r += 1) {
    for (let q = left; q <= right; q += 1) {
      const cell = r * grid.columns + q;
      for (let k = grid.pointer[cell]; k < grid.pointer[cell + 1]; k += 1) {
        each(grid.items[k]);
      }
    }
  }
}

/** Joins points to the streets of a way of walking. */
export class Snapper {
  /**
   * @param {Streets} streets
   * @param {Read} read
   * @param {[number, number]} origin mm
   * @param {number} limit longest leg, mm
   */
  constructor(streets, read, origin, limit) {
    this.streets = streets;
    this.origin = origin;
    this.limit = limit / 1000;
    this.ends = [0, 0, 0, 0].map(() => new Float64Array(streets.n));
    for (let e = 0; e < streets.n; e += 1) {
      mapped(streets, e, origin).forEach((end, k) => {
        this.ends[k][e] = end;
      });
    }
    this.grids = [1, 2].map((kind) => gridOf(this.ends, streets.takes.reduce(listed(kind), /** @type {number[]} */ ([]))));
    this.walls = wallsOf(read, origin);
    this.wallGrid = gridOf(this.walls.ends, this.walls.soft.map((_, k) => k));
  }

  /**
   * Where a point joins.
   *
   * @param {number} x mm from the origin
   * @param {number} y
   * @returns {Joined}
   */
  join(x, y) {
    const found = this.#among(this.grids[0], x, y);
    return found.code === "TOO_FAR" && this.grids[1].items.length ? this.#among(this.grids[1], x, y) : found;
  }

  /**
   * The nearest edge of a longer piece of the network, ignoring barriers; null for none.
   *
   * @param {number} x mm from the origin
   * @param {number} y
   * @param {number} rank of the point's own piece
   * @returns {Joined | null}
   */
  joinLarger(x, y, rank) {
    const { streets } = this;
    return this.#first(x, y, this.limit, (e) => streets.rank[streets.chainOf[e]] < rank);
  }

  /**
   * The nearest edge, ignoring barriers; null for none.
   *
   * @param {number} x mm from the origin
   * @param {number} y
   * @param {number} limit longest leg, mm
   * @returns {Joined | null}
   */
  joinAcross(x, y, limit) {
    return this.#first(x, y, limit / 1000, () => true);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} limit metres
   * @param {(e: number) => boolean} wanted
   * @returns {Joined | null}
   */
  #first(x, y, limit, wanted) {
    for (let radius = Math.min(CELL, limit); ; radius = Math.min(2 * radius, limit)) {
      const [one] = this.#near(this.grids[0], x, y, radius, wanted);
      if (one || radius >= limit) {
        return one ? this.#joined(one, "") : null;
      }
    }
  }

  /**
   * @param {Grid} grid
   * @param {number} x
   * @param {number} y
   * @returns {Joined}
   */
  #among(grid, x, y) {
    // Most points join an edge close by: what lies farther away is looked at when none does.
    for (const radius of NEARER) {
      if (radius < this.limit) {
        const { joined } = this.#nearestOf(this.#near(grid, x, y, radius, () => true), x, y);
        if (joined) {
          return joined;
        }
      }
    }
    const near = this.#near(grid, x, y, this.limit, () => true);
    const { joined, behind } = this.#nearestOf(near, x, y);
    return joined || behind || { edge: -1, share: 0, mm: -1, x, y, code: near.length ? "ACCESS_BARRIER" : "TOO_FAR" };
  }

  /**
   * The first edge whose leg crosses nothing, and the first that only a passable barrier hides.
   *
   * @param {Near[]} near the nearest first
   * @param {number} x
   * @param {number} y
   * @returns {{ joined: Joined | null, behind: Joined | null }}
   */
  #nearestOf(near, x, y) {
    /** @type {Joined | null} */
    let behind = null;
    const [px, py] = [(x + this.origin[0]) / 1000, (y + this.origin[1]) / 1000];
    for (const one of near) {
      const [hard, soft] = this.#crossed(px, py, one.x, one.y);
      if (!hard && !soft) {
        return { joined: this.#joined(one, ""), behind };
      }
      if (!hard && !behind) {
        behind = this.#joined(one, "THROUGH_WALL");
      }
    }
    return { joined: null, behind };
  }

  /**
   * The edges within a distance, the nearest first; of equally near ones the first mapped.
   *
   * @param {Grid} grid
   * @param {number} x
   * @param {number} y
   * @param {number} radius metres
   * @param {(e: number) => boolean} wanted
   */
  #near(grid, x, y, radius, wanted) {
    const [px, py] = [(x + this.origin[0]) / 1000, (y + this.origin[1]) / 1000];
    /** @type {Map<number, Near>} */
    const found = new Map();
    const side = radius + TOUCH;
    within(grid, [px - side, py - side, px + side, py + side], (e) => {
      if (!found.has(e) && wanted(e)) {
        const [x0, y0, x1, y1] = this.ends;
        const one = nearestOn(x0[e], y0[e], x1[e], y1[e], px, py);
        if (one.m <= radius) {
          found.set(e, { ...one, e });
        }
      }
    });
    const index = this.streets.index;
    return [...found.values()].sort((a, b) => a.m - b.m || index[a.e] - index[b.e]);
  }

  /**
   * @param {Near} one
   * @param {"" | "THROUGH_WALL"} code
   * @returns {Joined}
   */
  #joined(one, code) {
    return {
      edge: one.e, share: one.share, mm: Math.floor(one.m * 1000 + 0.5),
      x: one.x * 1000 - this.origin[0], y: one.y * 1000 - this.origin[1], code,
    };
  }

  /**
   * Whether a leg crosses an impassable barrier, and a passable one; touching is not crossing.
   *
   * @param {number} px
   * @param {number} py
   * @param {number} qx
   * @param {number} qy
   * @returns {[boolean, boolean]}
   */
  #crossed(px, py, qx, qy) {
    const length = Math.hypot(qx - px, qy - py);
    if (length <= 2 * TOUCH) {
      return [false, false];
    }
    const [ux, uy] = [(qx - px) / length, (qy - py) / length];
    const [ax, ay] = [px + ux * TOUCH, py + uy * TOUCH];
    const [bx, by] = [qx - ux * TOUCH, qy - uy * TOUCH];
    const [sx, sy] = [-uy * ASIDE, ux * ASIDE];
    const [left, right] = [[false, false], [false, false]];
    /** @type {[number, number, number, number]} */
    const box = [Math.min(px, qx) - TOUCH, Math.min(py, qy) - TOUCH, Math.max(px, qx) + TOUCH, Math.max(py, qy) + TOUCH];
    const [x0, y0, x1, y1] = this.walls.ends;
    within(this.wallGrid, box, (w) => {
      const [cx, cy, dx, dy] = [x0[w], y0[w], x1[w], y1[w]];
      if (Math.max(cx, dx) < box[0] || Math.min(cx, dx) > box[2] || Math.max(cy, dy) < box[1] || Math.min(cy, dy) > box[3]) {
        return;
      }
      const kind = this.walls.soft[w];
      left[kind] ||= meet(ax + sx, ay + sy, bx + sx, by + sy, cx, cy, dx, dy);
      right[kind] ||= meet(ax - sx, ay - sy, bx - sx, by - sy, cx, cy, dx, dy);
    });
    return [left[0] && right[0], left[1] && right[1]];
  }
}

/** @param {number} kind */
const listed = (kind) =>
  /**
   * @param {number[]} found
   * @param {number} one
   * @param {number} e
   */
  (found, one, e) => {
    if (one === kind) {
      found.push(e);
    }
    return found;
  };

/**
 * Straight pieces of the barriers, metres, shortened at openings.
 *
 * @param {Read} read
 * @param {[number, number]} origin
 */
function wallsOf(read, origin) {
  const size = read("wall_size");
  const [softLine, open] = [read("wall_soft"), read("wall_open")];
  const [x, y] = [sums(read("wall_x"), origin[0]), sums(read("wall_y"), origin[1])];
  /** @type {[number[], number[], number[], number[]]} */
  const ends = [[], [], [], []];
  /** @type {number[]} */
  const soft = [];
  for (let line = 0, p = 0; line < size.length; line += 1) {
    for (const stop = p + size[line] - 1; p < stop; p += 1) {
      const [ax, ay, bx, by] = [x[p] / 1000, y[p] / 1000, x[p + 1] / 1000, y[p + 1] / 1000];
      const length = Math.hypot(bx - ax, by - ay);
      if (length > OPENING * (open[p] + open[p + 1])) {
        const share = OPENING / length;
        const [sx, sy] = [(bx - ax) * share, (by - ay) * share];
        ends[0].push(ax + sx * open[p]);
        ends[1].push(ay + sy * open[p]);
        ends[2].push(bx - sx * open[p + 1]);
        ends[3].push(by - sy * open[p + 1]);
        soft.push(softLine[line]);
      }
    }
    p += 1;
  }
  return { ends: ends.map((one) => Float64Array.from(one)), soft };
}

/**
 * Whether a–b meets c–d.
 *
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {number} cx
 * @param {number} cy
 * @param {number} dx
 * @param {number} dy
 */
function meet(ax, ay, bx, by, cx, cy, dx, dy) {
  const [rx, ry, wx, wy] = [bx - ax, by - ay, dx - cx, dy - cy];
  const turn = rx * wy - ry * wx;
  if (turn === 0) {
    return false;
  }
  const along = ((cx - ax) * wy - (cy - ay) * wx) / turn;
  const across = ((cx - ax) * ry - (cy - ay) * rx) / turn;
  return along >= 0 && along <= 1 && across >= 0 && across <= 1;
}
