// Lines in blocks (`line_blocks.py`): a block is decoded when it is first looked at, and forgotten after others were.

import { needed } from "../data/columns.js";

/** @import { Box, DecodedLines, Ground, Values } from "../data/types.js" */

/** Most vertices that are kept decoded; 8 bytes each. */
const KEPT_VERTICES = 1_000_000;

export class Blocks {
  /**
   * @param {Pick<Ground, "column">} ground
   * @param {number} [most] vertices kept decoded
   */
  constructor(ground, most = KEPT_VERTICES) {
    /** @param {string} name */
    const column = (name) => needed(ground, name);
    this.kinds = column("class");
    this.left = column("left");
    this.top = column("top");
    this.width = column("width");
    this.height = column("height");
    this.lines = column("lines");
    this.vertices = column("vertices");
    this.n = this.kinds.length;
    /** How many blocks have been decoded, each time counted. */
    this.decoded = 0;
    this.bytes = column("bytes");
    this.begin = beginnings(column("size"));
    this.most = most;
    /** Decoded blocks, the one used last at the end. @type {Map<number, DecodedLines>} */
    this.kept = new Map();
    this.keptVertices = 0;
  }

  /**
   * Blocks of a class whose box meets another box.
   *
   * @param {number} kind index of the class
   * @param {Box} box in units of the packed positions
   */
  within(kind, { west, north, east, south }) {
    const found = [];
    for (let k = 0; k < this.n; k += 1) {
      if (
        this.kinds[k] === kind && this.left[k] <= east && this.left[k] + this.width[k] >= west &&
        this.top[k] <= south && this.top[k] + this.height[k] >= north
      ) {
        found.push(k);
      }
    }
    return found;
  }

  /**
   * The lines of a block.
   *
   * @param {number} k
   */
  linesOf(k) {
    const known = this.kept.get(k);
    const lines = known || this.decode(k);
    this.kept.delete(k);
    this.kept.set(k, lines);
    if (!known) {
      this.keptVertices += this.vertices[k];
      this.forget();
    }
    return lines;
  }

  /** Forget the blocks that were used longest ago, but never the last one. */
  forget() {
    for (const k of this.kept.keys()) {
      if (this.keptVertices <= this.most || this.kept.size === 1) {
        return;
      }
      this.kept.delete(k);
      this.keptVertices -= this.vertices[k];
    }
  }

  /**
   * @param {number} k
   * @returns {DecodedLines}
   */
  decode(k) {
    this.decoded += 1;
    const xy = new Int32Array(2 * this.vertices[k]);
    const start = new Uint32Array(this.lines[k] + 1);
    const bytes = this.bytes;
    let at = this.begin[k];
    /** The next integer, seven bits a byte, the lowest first. */
    const next = function () {
      let byte = bytes[at++];
      let value = byte & 127;
      for (let shift = 7; byte > 127; shift += 7) {
        byte = bytes[at++];
        value |= (byte & 127) << shift;
      }
      return value;
    };
    let x = this.left[k];
    let y = this.top[k];
    let vertex = 0;
    for (let line = 0; line < this.lines[k]; line += 1) {
      for (const end = vertex + next(); vertex < end; vertex += 1) {
        const east = next();
        const south = next();
        // Even numbers are steps ahead, odd ones back.
        x += (east >> 1) ^ -(east & 1);
        y += (south >> 1) ^ -(south & 1);
        xy[2 * vertex] = x;
        xy[2 * vertex + 1] = y;
      }
      start[line + 1] = vertex;
    }
    return { xy, start };
  }
}

/** Where each of several parts begins, by their sizes. @param {Values} sizes */
function beginnings(sizes) {
  const begin = new Uint32Array(sizes.length);
  for (let k = 1; k < sizes.length; k += 1) {
    begin[k] = begin[k - 1] + sizes[k - 1];
  }
  return begin;
}
