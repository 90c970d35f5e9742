// Lines as paths, of a canvas or of SVG.

/** @import { DecodedLines, Placing } from "../data/types.js" */

/** What draws a path. @typedef {{ moveTo: (x: number, y: number) => void, lineTo: (x: number, y: number) => void }} Pen */

/**
 * Trace lines; vertices closer than `least` pixels to the one before are passed over, but not the last of a line.
 *
 * @param {DecodedLines} lines
 * @param {Placing} place of the packed positions on the picture
 * @param {number} least
 * @param {Pen} pen
 */
export function trace({ xy, start }, { scale, left, top }, least, pen) {
  for (let line = 0; line + 1 < start.length; line += 1) {
    const last = 2 * start[line + 1] - 2;
    let at = 2 * start[line];
    let x = xy[at] * scale - left;
    let y = xy[at + 1] * scale - top;
    pen.moveTo(x, y);
    for (at += 2; at <= last; at += 2) {
      const toX = xy[at] * scale - left;
      const toY = xy[at + 1] * scale - top;
      if (at === last || Math.abs(toX - x) + Math.abs(toY - y) > least) {
        pen.lineTo(toX, toY);
        x = toX;
        y = toY;
      }
    }
  }
}

/** A path of SVG, to a tenth of a pixel. */
export class PathText {
  constructor() {
    /** @type {string[]} */
    this.parts = [];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) {
    this.parts.push("M" + tenths(x) + " " + tenths(y));
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) {
    this.parts.push("L" + tenths(x) + " " + tenths(y));
  }

  text() {
    return this.parts.join("");
  }
}

/** @param {number} value */
const tenths = (value) => Math.round(value * 10) / 10;
