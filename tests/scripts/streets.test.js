// Streets on the map: blocks decoded when they are seen, lines as coverage, frames, work in slices.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Blocks } from "../../coverage/circle15/output/map/scripts/streets/blocks.js";
import { boxOf, holds, missing, padded, placing } from "../../coverage/circle15/output/map/scripts/streets/frames.js";
import { Ink } from "../../coverage/circle15/output/map/scripts/streets/ink.js";
import { isCrowded, paint, verticesIn, widthAt } from "../../coverage/circle15/output/map/scripts/streets/painting.js";
import { inSlices } from "../../coverage/circle15/output/map/scripts/streets/slices.js";
import { PathText, trace } from "../../coverage/circle15/output/map/scripts/streets/tracing.js";

/** Three blocks in a row, 100 apart, of one line each: from the corner 10 east, then 5 south and 4 back west. */
function threeBlocks(most) {
  const bytes = [3, 0, 0, 20, 0, 7, 10];
  const columns = {
    class: [0, 1, 0], left: [1000, 1100, 1200], top: [500, 500, 500], width: [10, 10, 10], height: [5, 5, 5],
    lines: [1, 1, 1], vertices: [3, 3, 3], size: [7, 7, 7], bytes: [...bytes, ...bytes, ...bytes],
  };
  return new Blocks({ column: (name) => columns[name] }, most);
}

const EVERYWHERE = { west: 0, north: 0, east: 1e6, south: 1e6 };

test("a block is decoded when it is asked for, and once", () => {
  const blocks = threeBlocks();
  assert.deepEqual(blocks.within(0, EVERYWHERE), [0, 2]);
  assert.equal(blocks.decoded, 0);
  const { xy, start } = blocks.linesOf(2);
  assert.deepEqual([...xy], [1200, 500, 1210, 500, 1206, 505]);
  assert.deepEqual([...start], [0, 3]);
  assert.equal(blocks.linesOf(2).xy, xy);
  assert.equal(blocks.decoded, 1);
});

test("only blocks whose box meets the view are found, those that touch it among them", () => {
  const blocks = threeBlocks();
  assert.deepEqual(blocks.within(0, { west: 900, north: 0, east: 999, south: 1000 }), []);
  assert.deepEqual(blocks.within(0, { west: 900, north: 0, east: 1000, south: 1000 }), [0]);
  assert.deepEqual(blocks.within(0, { west: 1210, north: 505, east: 1300, south: 600 }), [2]);
  assert.deepEqual(blocks.within(1, { west: 0, north: 506, east: 1e6, south: 600 }), []);
});

test("what was used longest ago is forgotten, the last block never", () => {
  const blocks = threeBlocks(6);
  [0, 1, 0, 2].forEach((k) => blocks.linesOf(k));
  assert.deepEqual([...blocks.kept.keys()], [0, 2]);
  assert.equal(blocks.keptVertices, 6);
  const one = threeBlocks(1);
  [0, 1].forEach((k) => one.linesOf(k));
  assert.deepEqual([...one.kept.keys()], [1]);
});

/** A line through positions. */
const line = (...xy) => ({ xy: Int32Array.from(xy), start: Uint32Array.from([0, xy.length / 2]) });
const AS_IS = { scale: 1, left: 0, top: 0 };

/** Coverage of a row or column, as shares. */
const shares = (ink, from, step, n) => Array.from({ length: n }, (_, k) => Math.round((ink.cover[from + k * step] / 255) * 100) / 100);

test("a line covers as much as its length and width, across pixels too", () => {
  const ink = new Ink(12, 5);
  ink.add(line(1, 2, 9, 2), AS_IS, 1);
  // From x = 1 to 9 along y = 2: half in row 1, half in row 2.
  assert.deepEqual(shares(ink, 12, 1, 12), [0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0, 0]);
  assert.deepEqual(shares(ink, 5, 12, 5), [0, 0.5, 0.5, 0, 0]);
  for (const [thick, xy] of [[0.5, [2, 2, 9, 3]], [1.3, [3, 2, 9, 3]], [2.4, [4, 2, 8, 2]]]) {
    const other = new Ink(12, 5);
    other.add(line(...xy), AS_IS, thick);
    const sum = other.cover.reduce((a, b) => a + b) / 255;
    assert.ok(Math.abs(sum - thick * Math.hypot(xy[2] - xy[0], xy[3] - xy[1])) < 1e-4);
  }
});

test("many short pieces cover what one long line covers", () => {
  const steps = Array.from({ length: 81 }, (_, k) => [100 + 10 * k, 200]).flat();
  const place = { scale: 0.01, left: 0, top: 0 };
  const [short, long] = [new Ink(12, 5), new Ink(12, 5)];
  short.add(line(...steps), place, 1);
  long.add(line(100, 200, 900, 200), place, 1);
  const [a, b] = [short, long].map((ink) => ink.cover.reduce((x, y) => x + y));
  assert.ok(Math.abs(a - b) / b < 0.01);
});

test("what lies outside the picture is left out", () => {
  const ink = new Ink(4, 4);
  ink.add(line(-9, 2, 20, 2, 20, 90, -9, 90), AS_IS, 1);
  assert.ok(ink.cover.every((one) => one >= 0));
  // Squares on the rim are not laid: pictures have a rim that is not shown.
  assert.deepEqual(shares(ink, 5, 1, 2), [0.5, 0.5]);
});

test("colours lie over each other by their coverage, and are full where lines overlap", () => {
  const pixels = new Uint32Array(4);
  const ink = new Ink(4, 1);
  ink.cover.set([0, 127.5, 255, 999]);
  ink.pour("#102030", pixels);
  assert.deepEqual([...pixels], [0, 0x80302010, 0xff302010, 0xff302010]);
  assert.ok(ink.cover.every((one) => one === 0));
  ink.cover.set([255, 255, 51, 0]);
  ink.pour("#ffffff", pixels);
  // A fifth of white over 0x10, 0x20, 0x30: 64, 77, 89.
  assert.deepEqual([...pixels], [0xffffffff, 0xffffffff, 0xff594d40, 0xff302010]);
});

test("vertices close to each other are passed over, but the last is not", () => {
  const pen = new PathText();
  trace({ xy: Int32Array.from([0, 0, 4, 0, 10, 0, 11, 0, 50, 50, 51, 50]), start: Uint32Array.from([0, 4, 6]) }, { scale: 0.5, left: 1, top: 0 }, 2.5, pen);
  assert.equal(pen.text(), "M-1 0L4 0L4.5 0M24 25L24.5 25");
});

const VIEW = { zoom: 12, left: 100.4, top: 200.6, width: 400, height: 300 };

test("a frame has room around the view, in whole pixels", () => {
  assert.deepEqual(padded(VIEW, 0.1), { zoom: 12, left: 60, top: 170, width: 480, height: 360 });
});

test("a view within the frame needs no other one, at another zoom it does", () => {
  const frame = padded(VIEW, 0.1);
  assert.ok(holds(frame, VIEW, 0.05));
  assert.ok(!holds(frame, { ...VIEW, left: VIEW.left + 30 }, 0.05));
  assert.ok(!holds(frame, { ...VIEW, zoom: 12.25 }, 0));
  assert.ok(!holds(null, VIEW, 0));
});

test("what an older frame shows is not painted again: the rest has no gap and no overlap", () => {
  const frame = { zoom: 12, left: 0, top: 0, width: 20, height: 10 };
  const whole = [{ x: 0, y: 0, width: 20, height: 10 }];
  assert.deepEqual(missing(frame, null), whole);
  assert.deepEqual(missing(frame, { ...frame, zoom: 13 }), whole);
  assert.deepEqual(missing(frame, { ...frame, left: 20 }), whole);
  assert.deepEqual(missing(frame, frame), []);
  for (const [left, top, width, height] of [[5, 3, 20, 10], [-5, -3, 20, 10], [4, 2, 8, 5], [-3, 4, 30, 3], [0, -9, 20, 10]]) {
    const seen = new Uint8Array(200);
    for (const part of [...missing(frame, { zoom: 12, left, top, width, height }), { x: left, y: top, width, height }]) {
      for (let y = Math.max(0, part.y); y < Math.min(10, part.y + part.height); y += 1) {
        for (let x = Math.max(0, part.x); x < Math.min(20, part.x + part.width); x += 1) {
          seen[20 * y + x] += 1;
        }
      }
    }
    assert.ok(seen.every((times) => times === 1), `${left} ${top} ${width} ${height}`);
  }
});

test("packed positions are pixels of the world at zoom 17 with 25 bits, halves at 16", () => {
  const frame = { zoom: 16, left: 500, top: 250, width: 10, height: 10 };
  assert.deepEqual(placing(frame, { x: 1, y: 2 }, 25, 2), { scale: 1, left: 1002, top: 504 });
  assert.deepEqual(boxOf(frame, { x: 1, y: 2, width: 4, height: 3 }, 25, 1), { west: 1000, north: 502, east: 1012, south: 512 });
});

test("lines are thinner on maps of large areas, main streets less so", () => {
  assert.equal(widthAt("local", 12), 1.3);
  assert.equal(widthAt("local", 19), 1.3);
  assert.ok(widthAt("local", 9) < 0.6);
  assert.ok(widthAt("main", 9) > 1);
  assert.equal(widthAt("local", 11), 0.65);
  assert.equal(widthAt("path", 0), 0.1);
});

/** A canvas that notes how often it draws lines. */
function brushOf() {
  const noted = { strokes: 0, lines: 0 };
  const brush = new Proxy(noted, {
    get: (target, name) => () => {
      target.strokes += Number(name === "stroke");
      target.lines += Number(name === "lineTo");
    },
    set: () => true,
  });
  return { noted, brush };
}

test("only what a part of a frame shows is decoded and painted", () => {
  const lines = { blocks: threeBlocks(), classes: ["local", "main"], bits: 25 };
  const frame = { zoom: 17, left: 990, top: 490, width: 300, height: 40 };
  assert.equal(verticesIn(lines, frame), 9);
  assert.equal(isCrowded(lines, frame), false);
  const { noted, brush } = brushOf();
  const part = { x: 0, y: 0, width: 50, height: 40 };
  assert.equal([...paint(lines, brush, frame, [part], { ratio: 1, crowded: false })].length, 1);
  assert.deepEqual([noted.strokes, noted.lines, lines.blocks.decoded], [1, 2, 1]);
  const second = brushOf();
  [...paint(lines, second.brush, frame, [{ x: 0, y: 0, width: 300, height: 40 }], { ratio: 1, crowded: false })];
  assert.deepEqual([second.noted.strokes, lines.blocks.decoded], [3, 3]);
});

test("work goes on in slices until it is done, or cancelled", async () => {
  function* steps() {
    for (let k = 0; k < 5; k += 1) {
      yield k;
    }
  }
  let done = 0;
  inSlices(steps(), () => (done += 1), 1000);
  assert.equal(done, 1);
  await new Promise((then) => inSlices(steps(), () => then(null), 0));
  const work = inSlices(steps(), () => (done += 1), 0);
  work.cancel();
  await new Promise((then) => setTimeout(then, 30));
  assert.equal(done, 1);
});
