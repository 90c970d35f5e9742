// Which part of the world a picture shows, and what of it another one shows already.

/** @import { Box, Frame, Placing, Rect } from "../data/types.js" */

/**
 * The frame of a view with some room around it, in whole pixels.
 *
 * @param {Frame} view
 * @param {number} room share of the view's sides, on each side
 * @returns {Frame}
 */
export function padded({ zoom, left, top, width, height }, room) {
  const across = Math.ceil(width * room);
  const down = Math.ceil(height * room);
  return {
    zoom,
    left: Math.floor(left) - across,
    top: Math.floor(top) - down,
    width: Math.ceil(width) + 2 * across,
    height: Math.ceil(height) + 2 * down,
  };
}

/**
 * Whether a frame shows a view, with a share of the view's sides around it.
 *
 * @param {Frame | null} frame
 * @param {Frame} view
 * @param {number} room
 */
export function holds(frame, view, room) {
  const across = view.width * room;
  const down = view.height * room;
  return frame !== null && frame.zoom === view.zoom &&
    frame.left <= view.left - across && frame.left + frame.width >= view.left + view.width + across &&
    frame.top <= view.top - down && frame.top + frame.height >= view.top + view.height + down;
}

/**
 * The parts of a frame that an older one does not show, as rectangles from the frame's corner.
 *
 * @param {Frame} frame
 * @param {Frame | null} older
 * @returns {Rect[]}
 */
export function missing(frame, older) {
  const { width, height } = frame;
  if (!older || older.zoom !== frame.zoom) {
    return [{ x: 0, y: 0, width, height }];
  }
  /** @param {number} value @param {number} most */
  const within = (value, most) => Math.max(0, Math.min(most, value));
  const left = within(older.left - frame.left, width);
  const right = within(older.left + older.width - frame.left, width);
  const top = within(older.top - frame.top, height);
  const bottom = within(older.top + older.height - frame.top, height);
  if (left >= right || top >= bottom) {
    return [{ x: 0, y: 0, width, height }];
  }
  return [
    { x: 0, y: 0, width, height: top },
    { x: 0, y: bottom, width, height: height - bottom },
    { x: 0, y: top, width: left, height: bottom - top },
    { x: right, y: top, width: width - right, height: bottom - top },
  ].filter((one) => one.width > 0 && one.height > 0);
}

/** Pixels of a unit of packed positions. @param {number} zoom @param {number} bits */
export const scaleAt = (zoom, bits) => 2 ** (zoom + 8 - bits);

/**
 * Where packed positions lie on a picture of a part of a frame.
 *
 * @param {Frame} frame
 * @param {{ x: number, y: number }} corner of the part
 * @param {number} bits
 * @param {number} [ratio] pixels of the picture for each of the frame
 * @returns {Placing}
 */
export const placing = (frame, corner, bits, ratio = 1) => ({
  scale: scaleAt(frame.zoom, bits) * ratio,
  left: (frame.left + corner.x) * ratio,
  top: (frame.top + corner.y) * ratio,
});

/**
 * The box of a part of a frame in packed units, with some pixels around it.
 *
 * @param {Frame} frame
 * @param {Rect} part
 * @param {number} bits
 * @param {number} room pixels
 * @returns {Box}
 */
export function boxOf(frame, part, bits, room) {
  const scale = scaleAt(frame.zoom, bits);
  const west = (frame.left + part.x - room) / scale;
  const north = (frame.top + part.y - room) / scale;
  return { west, north, east: west + (part.width + 2 * room) / scale, south: north + (part.height + 2 * room) / scale };
}
