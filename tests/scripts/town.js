// Small towns for the tests of what judges tried sites: streets as chains between junctions, coded as
// `output/map/trials/` codes them.

import { Walkers } from "../../coverage/circle15/output/map/scripts/trials/walkers.js";

const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);
const steps = (values) => values.map((value, k) => zigzag(value - (k ? values[k - 1] : 0)));
const coded = (ms, expected) => (ms === null ? 1 : 2 + zigzag(ms - expected));

/** The people layer is empty: what is said of each home is all. */
const NO_PLACES = { parts: [], micro: [], x: new Float64Array(0), y: new Float64Array(0) };

/**
 * People who walk alike in a town; a millimetre takes a millisecond unless stated otherwise.
 *
 * `junctions` are places in mm. A chain is `[first, last, via, times]`: numbers of its junctions, the
 * places between them, and of each edge what differs from its length: `[on, back]` in ms, null for
 * closed. A home is `[edge, share, leg in ms, persons]`, in the order of the edges; a site of today
 * `[edge, share, leg, row of the table]`. A wall is `{ line, soft }`, its points in mm with a 1 where
 * there is an opening.
 */
export function town({ junctions, chains, homes = [], sites = [], roundTrip = false, walls = [] }) {
  const columns = {
    core_x: steps(junctions.map(([x]) => x)), core_y: steps(junctions.map(([, y]) => y)),
    low: [], span: [], flip: [], size: [], rank: [], dx: [], dy: [], on: [], back: [], kind: [], index: [],
  };
  for (const [first, last, via = [], times = []] of chains) {
    columns.low.push(Math.min(first, last));
    columns.span.push(Math.abs(first - last));
    columns.flip.push(Number(first > last));
    columns.size.push(via.length + 1);
    columns.rank.push(0);
    const places = [junctions[first], ...via, junctions[last]];
    places.slice(1).forEach(([x, y], k) => {
      const [dx, dy] = [x - places[k][0], y - places[k][1]];
      if (k < via.length) {
        columns.dx.push(zigzag(dx));
        columns.dy.push(zigzag(dy));
      }
      const expected = Math.floor(Math.hypot(dx, dy) + 0.5);
      const [on, back] = times[k] || [expected, expected];
      columns.on.push(coded(on, expected));
      columns.back.push(coded(back, on === null ? expected : on));
      columns.kind.push(1);
      columns.index.push(zigzag(columns.index.length ? 1 : 0));
    });
  }
  Object.assign(columns, pointsAs("home", homes), pointsAs("sure_0", sites), pointsAs("doubt_0", []));
  columns.home_part = homes.map(() => 0);
  Object.assign(columns, pointsAs("break", []), pointsAs("beside", []), { beside_break: [] });
  columns.sure_0_owner = sites.map((one) => one[3]);
  columns.doubt_0_owner = [];
  columns.home_micro = homes.map((one) => zigzag(one[3] * 1e6));
  columns.home_street = columns.home_community = homes.map(() => 1);
  columns.unknown_0 = homes.map(() => 0);
  const points = walls.flatMap(({ line }) => line);
  columns.wall_size = walls.map(({ line }) => line.length);
  columns.wall_soft = walls.map(({ soft = 0 }) => soft);
  columns.wall_x = steps(points.map(([x]) => x));
  columns.wall_y = steps(points.map(([, y]) => y));
  columns.wall_open = points.map((point) => point[2] || 0);
  const own = { per_mm: 1, edges: columns.on.length, chains: chains.length, core: junctions.length, homeward: false, access_speed: [1, 1], longest_leg_mm: 900_000 };
  const meta = {
    origin: [0, 0], walks: [own], round_trip: roundTrip, limits_ms: { 5: 300_000, 15: 900_000 },
    max_snap_mm: 200_000, categories: ["meal"], today: [], capacities: [],
  };
  return { meta, walkers: new Walkers(meta, own, (name) => columns[name], NO_PLACES) };
}

function pointsAs(name, points) {
  const view = new DataView(new ArrayBuffer(8));
  const bytes = points.map(([, share]) => {
    view.setFloat64(0, share, true);
    return [...new Uint8Array(view.buffer)];
  });
  return {
    [name + "_edge"]: points.map(([edge]) => edge),
    [name + "_part"]: points.map(() => 0),
    [name + "_leg"]: points.map((one) => one[2]),
    [name + "_exact"]: points.map((_, k) => k),
    [name + "_share"]: Array.from({ length: 8 }, (_, plane) => bytes.map((one) => one[plane])).flat(),
  };
}

/** Where a site on a street joins. */
export const on = (edge, share, mm = 0) => ({ edge, share, mm, x: 0, y: 0, code: "" });
