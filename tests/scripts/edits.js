// Try edits on the data of a page, for tests written in Python: reads the layout, the columns and
// the edits, writes what the page would count. Run as `node edits.js layout.json columns.bin edits.json`;
// the layout holds the `people` of the page as well.

import { readFileSync } from "node:fs";

import { Gains } from "../../coverage/circle15/output/map/scripts/trials/gains.js";
import { Trial, Trials } from "../../coverage/circle15/output/map/scripts/trials/trial.js";

const [layout, columns, edits] = process.argv.slice(2).map((file) => readFileSync(file));
const { meta, people } = JSON.parse(layout.toString("utf-8"));
const buffer = columns.buffer.slice(columns.byteOffset, columns.byteOffset + columns.length);
const trials = new Trials(meta, buffer, people);
const [west, south] = meta.origin;
const gains = new Gains(trials);

/** Kept for all edits: what an edit changes it undoes. */
const made = new Map();

function trialOf(category, cutoff) {
  const key = category + " " + cutoff;
  if (!made.has(key)) {
    made.set(key, new Trial(trials, category, cutoff));
  }
  return made.get(key);
}

const countsOf = (trial) => ({
  all: [...trial.sums.all],
  zones: trial.sums.zones.map((level) => level.map((one) => [...one])),
});

const answers = JSON.parse(edits.toString("utf-8")).map((edit) => {
  const trial = trialOf(edit.category, edit.cutoff);
  const before = countsOf(trial);
  // A site at a corner is numbered by its share of all corners.
  const corner = Math.floor((edit.corner ?? 0) * gains.corners.x.length);
  const places = edit.add.map(([x, y]) => [Math.round(x * 1000) - west, Math.round(y * 1000) - south]);
  if (edit.corner !== undefined) {
    places.push([gains.corners.x[corner], gains.corners.y[corner]]);
  }
  const sites = places.map((at) => {
    // As the page does: the click is degrees, the site a whole millimetre.
    const place = trials.place(...trials.degrees(...at));
    if (String(place) !== String(at)) {
      throw new Error("the place " + at + " reads back as " + place);
    }
    const joined = trial.join(...place);
    return { lonlat: trials.degrees(...place), codes: joined.map((one) => one.code), reach: trial.reach(...place, joined), joined };
  });
  const changes = [
    ...sites.map((one) => [one.reach, 1]),
    ...edit.close.flatMap((row) => (trial.today.has(row) ? [[trial.today.get(row), -1]] : [])),
  ];
  gains.begin(trial.people.map((one) => one.sure), trial.limit);
  changes.forEach(([reach, by]) => trial.change(reach, by));
  const after = countsOf(trial);
  changes.forEach(([reach, by]) => trial.change(reach, -by));
  const undone = countsOf(trial);
  changes.reverse().forEach(([reach, by]) => trial.change(reach, by));
  const otherOrder = countsOf(trial);
  changes.forEach(([reach, by]) => trial.change(reach, -by));
  return {
    agrees: trial.agrees,
    undone: [undone, countsOf(trial)].every((counts) => JSON.stringify(counts) === JSON.stringify(before)),
    ordered: JSON.stringify(otherOrder) === JSON.stringify(after),
    lonlat: sites.map((one) => one.lonlat),
    codes: sites.map((one) => one.codes),
    legs: sites.map((one) => one.joined.map((own) => own.mm)),
    counts: after,
    gain: edit.corner === undefined ? null : gains.at(corner),
  };
});
process.stdout.write(JSON.stringify(answers));
