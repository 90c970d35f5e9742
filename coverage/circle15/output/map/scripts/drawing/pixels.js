// Paint the picture of the cells: the place that each pixel shows, and its colour.

import { needed } from "../data/columns.js";

/** @import { Colours, People, Values } from "../data/types.js" */

const NO_CODE = 255;

/**
 * The place that every pixel shows, -1 for none; later places cover earlier ones.
 *
 * @param {People} people
 */
export function paintPlaces(people) {
  const { n, width, height, size } = people;
  const left = needed(people, "left");
  const top = needed(people, "top");
  const place = new Int32Array(width * height).fill(-1);
  for (let down = 0; down < size; down += 1) {
    for (let right = 0; right < size; right += 1) {
      for (let k = 0; k < n; k += 1) {
        const row = top[k] + down;
        const col = left[k] + right;
        if (row < height && col < width) {
          place[row * width + col] = k;
        }
      }
    }
  }
  closeSeams(place, height, width, width, 1);
  closeSeams(place, width, height, 1, width);
  return place;
}

/**
 * Fill the one-pixel seams that rounding leaves between cells, across the lines of a picture.
 *
 * @param {Int32Array} place
 * @param {number} lines
 * @param {number} along pixels of a line
 * @param {number} line pixels from a line to the next
 * @param {number} step pixels from one of a line to its next
 */
function closeSeams(place, lines, along, line, step) {
  for (let k = 1; k + 1 < lines; k += 1) {
    for (let i = 0, at = k * line; i < along; i += 1, at += step) {
      if (place[at] < 0 && place[at - line] >= 0 && place[at + line] >= 0) {
        place[at] = place[at - line];
      }
    }
  }
}

/**
 * A colour as the 32-bit value of a pixel.
 *
 * @param {string} hex
 * @param {number} opacity
 */
export const rgba = (hex, opacity) =>
  ((opacity << 24) | (parseInt(hex.slice(5, 7), 16) << 16) | (parseInt(hex.slice(3, 5), 16) << 8) | parseInt(hex.slice(1, 3), 16)) >>> 0;

/**
 * Colour the pixels by the codes of places: covered is dotted, unknown hatched.
 *
 * @param {{ width: number, height: number }} size
 * @param {{ place: Int32Array, level: Uint8Array }} picture the place of each pixel, the class of each place
 * @param {Values} codes
 * @param {Colours} colours
 * @param {Uint32Array} pixels filled
 */
export function colourPixels(size, picture, codes, colours, pixels) {
  const gap = colours.gap.map((colour) => rgba(colour, 235));
  const covered = rgba(colours.covered, 110);
  const unknown = rgba(colours.unknown, 200);
  const line = rgba(colours.unknown_line, 235);
  const { place, level } = picture;
  for (let row = 0, at = 0; row < size.height; row += 1) {
    for (let col = 0; col < size.width; col += 1, at += 1) {
      const k = place[at];
      const code = k < 0 ? NO_CODE : codes[k];
      if (code === NO_CODE) {
        pixels[at] = 0;
      } else if (code === 1) {
        pixels[at] = gap[level[k]];
      } else if (code === 0) {
        pixels[at] = row % 4 === 1 && col % 4 === 1 ? covered : 0;
      } else {
        pixels[at] = (row + col) % 4 === 0 ? line : unknown;
      }
    }
  }
}
