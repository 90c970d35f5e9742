// Answer questions on small networks, a line of JSON each, for tests written in Python: which homes
// reach each site within a limit, and how far the nearest is for each home.

import { createInterface } from "node:readline";

import { columnsOf } from "../../coverage/circle15/output/map/scripts/data/columns.js";
import { reachedStreets } from "../../coverage/circle15/output/map/scripts/trials/reached.js";
import { Walkers } from "../../coverage/circle15/output/map/scripts/trials/walkers.js";
import { homePlace, wayOf } from "../../coverage/circle15/output/map/scripts/trials/ways.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { meta, bytes, sites, limit } = JSON.parse(line);
  const column = columnsOf(meta.columns, Uint8Array.from(Buffer.from(bytes, "base64")).buffer);
  const nowhere = { parts: [], micro: [], x: new Float64Array(0), y: new Float64Array(0) };
  const walkers = new Walkers(meta, meta.walks[0], column, nowhere);
  const spots = sites.map(([edge, share, leg]) => ({ edge, share, leg }));
  const reached = spots.map((spot) => {
    const { rows, ms } = walkers.reach([spot], limit);
    return [...rows].map((row, k) => [row, ms[k]]);
  });
  const ways = Array.from({ length: walkers.homes.n }, (_, home) => {
    const found = wayOf(walkers, home, spots.map((spot) => [spot]), limit);
    if (!found) {
      return null;
    }
    const lines = found.ways.map((way) => way.line);
    // Each way begins where the one before it ends; the first at the home, the last ends there.
    const ends = lines.map((one) => [one.slice(0, 2), one.slice(-2)]);
    const closed = ends.length === 1 || (String(ends[0][1]) === String(ends[1][0]) && String(ends[1][1]) === String(ends[0][0]));
    const begins = String(ends[0][0]) === String([...homePlace(walkers, home)]);
    return { site: found.site, ms: found.ms, whole: closed && begins };
  });
  // Legs of sites are walked at a metre a second. Of a site on a one-way street whose round trips are
  // too long only its own place is reached: no line.
  const drawn = spots.every((spot, k) => {
    const lines = reachedStreets(walkers, { ...spot, mm: spot.leg, x: 0, y: 0, code: "" }, limit);
    return reached[k].every(([home]) => isAt(walkers.homes, home, spot) || onSome(lines, homePlace(walkers, home)));
  });
  process.stdout.write(JSON.stringify({ reached, ways, drawn }) + "\n");
}

/** Whether a home joins where a site stands. */
function isAt({ edge, share }, home, spot) {
  return edge[home] === spot.edge && share[home] === spot.share;
}

/** Whether a place lies on some lines, to a millimetre or a millisecond. */
function onSome(lines, [px, py]) {
  return lines.some((line) => line.some((_, k) => {
    if (k % 2 || k + 3 >= line.length) {
      return false;
    }
    const [x, y, dx, dy] = [line[k], line[k + 1], line[k + 2] - line[k], line[k + 3] - line[k + 1]];
    const square = dx * dx + dy * dy;
    const along = square ? Math.min(Math.max(((px - x) * dx + (py - y) * dy) / square, 0), 1) : 0;
    return Math.hypot(x + along * dx - px, y + along * dy - py) <= 1;
  }));
}
