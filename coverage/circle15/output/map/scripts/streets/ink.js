// Many short lines as a picture: how much of each pixel they cover, without a path for each.

/** @import { DecodedLines, Placing } from "../data/types.js" */

/** Vertices closer than this to the one drawn last are passed over, pixels. */
const NEAR_PX = 0.5;
const FULL = 255;

/**
 * Coverage of the pixels of a picture by lines of one width.
 *
 * A line is laid as squares of its width, at most half a width or one pixel apart, each of which covers pixels by the
 * area that it shares with them. Where lines overlap, a pixel is not covered more than fully.
 */
export class Ink {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.cover = new Float32Array(width * height);
  }

  /**
   * @param {DecodedLines} lines
   * @param {Placing} place of the packed positions on the picture
   * @param {number} thick width of the lines, pixels
   */
  add({ xy, start }, { scale, left, top }, thick) {
    for (let line = 0; line + 1 < start.length; line += 1) {
      const last = 2 * start[line + 1] - 2;
      let at = 2 * start[line];
      let x = xy[at] * scale - left;
      let y = xy[at + 1] * scale - top;
      for (at += 2; at <= last; at += 2) {
        const east = xy[at] * scale - left - x;
        const south = xy[at + 1] * scale - top - y;
        const far = Math.abs(east) + Math.abs(south);
        if (at === last || far > NEAR_PX) {
          if (far > 1) {
            this.lay(x, y, east, south, thick);
          } else {
            const length = Math.sqrt(east * east + south * south);
            this.stamp(x + east / 2 - thick / 2, y + south / 2 - thick / 2, thick, (FULL * length) / thick);
          }
          x += east;
          y += south;
        }
      }
    }
  }

  /**
   * A straight line from a position; squares that are not wholly on the picture are left out.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} east
   * @param {number} south
   * @param {number} thick
   */
  lay(x, y, east, south, thick) {
    const { width, height } = this;
    const left = Math.min(x, x + east);
    const top = Math.min(y, y + south);
    if (left > width || top > height || left + Math.abs(east) < 0 || top + Math.abs(south) < 0) {
      return;
    }
    const length = Math.sqrt(east * east + south * south);
    const steps = Math.ceil(length / Math.max(1, thick / 2));
    const weight = (FULL * length) / steps / thick;
    for (let k = 0; k < steps; k += 1) {
      const along = (k + 0.5) / steps;
      this.stamp(x + east * along - thick / 2, y + south * along - thick / 2, thick, weight);
    }
  }

  /**
   * A square from its corner.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} side
   * @param {number} weight
   */
  stamp(x, y, side, weight) {
    const { width, cover } = this;
    const firstCol = Math.floor(x);
    const lastCol = Math.floor(x + side);
    const firstRow = Math.floor(y);
    const lastRow = Math.floor(y + side);
    if (firstCol < 0 || firstRow < 0 || lastCol >= width || lastRow >= this.height) {
      return;
    }
    if (firstCol === lastCol && firstRow === lastRow) {
      cover[firstRow * width + firstCol] += weight * side * side;
      return;
    }
    // What of the first and of the last column the square covers; those between it covers from side to side.
    const first = Math.min(firstCol + 1 - x, side);
    const last = x + side - lastCol;
    for (let row = firstRow, at = firstRow * width; row <= lastRow; row += 1, at += width) {
      const down = weight * (Math.min(row + 1, y + side) - Math.max(row, y));
      cover[at + firstCol] += down * first;
      for (let col = firstCol + 1; col < lastCol; col += 1) {
        cover[at + col] += down;
      }
      if (lastCol > firstCol) {
        cover[at + lastCol] += down * last;
      }
    }
  }

  /**
   * Lay a colour over pixels, as opaque as they are covered; then nothing is covered any more.
   *
   * @param {string} hex
   * @param {Uint32Array} pixels
   */
  pour(hex, pixels) {
    const value = parseInt(hex.slice(1), 16);
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
    const colour = (blue << 16) | (green << 8) | red;
    const cover = this.cover;
    for (let at = 0; at < cover.length; at += 1) {
      const covered = cover[at];
      if (covered > 0) {
        const opacity = covered < FULL ? (covered + 0.5) | 0 : FULL;
        const under = pixels[at];
        pixels[at] = under && opacity < FULL ? over(opacity, red, green, blue, under) : (opacity << 24) | colour;
        cover[at] = 0;
      }
    }
  }
}

/**
 * A colour over a pixel, neither of them opaque by itself.
 *
 * @param {number} opacity
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 * @param {number} under
 */
function over(opacity, red, green, blue, under) {
  const below = ((under >>> 24) * (FULL - opacity)) / FULL;
  const all = opacity + below;
  /** @param {number} mine @param {number} shift */
  const mixed = (mine, shift) => Math.round((mine * opacity + ((under >>> shift) & 255) * below) / all) << shift;
  return (Math.round(all) << 24) | mixed(blue, 16) | mixed(green, 8) | mixed(red, 0);
}
