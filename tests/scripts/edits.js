// Try edits on the data of a page, for tests written in Python: reads the layout, the columns and
// the edits, writes what the page would count. Run as `node edits.js layout.json columns.bin edits.json`;
// the layout holds the `people` of the page as well.

import { readFileSync } from "node:fs";

import { Trial, Trials } from "../../coverage/circle15/output/map/scripts/trials/trial.js";

const [layout, columns, edits] = process.argv.slice(2).map((file) => readFileSync(file));
const { meta, people } = JSON.parse(layout.toString("utf-8"));
const buffer = columns.buffer.slice(columns.byteOffset, columns.byteOffset + columns.length);
const trials = new Trials(meta, buffer, people);
const [west, south] = meta.origin;

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
  const sites = edit.add.map(([x, y]) => {
    // As the page does: the click is degrees, the site a whole millimetre.
    const clicked = trials.degrees(Math.round(x * 1000) - west, Math.round(y * 1000) - south);
    const place = trials.place(...clicked);
    const at = trial.join(...place);
    return { lonlat: trials.degrees(...place), codes: at.map((one) => one.code), reach: trial.reach(...place, at), at };
  });
  const changes = [
    ...sites.map((one) => [one.reach, 1]),
    ...edit.close.flatMap((row) => (trial.today.has(row) ? [[trial.today.get(row), -1]] : [])),
  ];
  changes.forEach(([reach, by]) => trial.change(reach, by));
  const after = countsOf(trial);
  changes.reverse().forEach(([reach, by]) => trial.change(reach, -by));
  return {
    agrees: trial.agrees,
    undone: JSON.stringify(before) === JSON.stringify(countsOf(trial)),
    lonlat: sites.map((one) => one.lonlat),
    codes: sites.map((one) => one.codes),
    legs: sites.map((one) => one.at.map((own) => own.mm)),
    counts: after,
  };
});
process.stdout.write(JSON.stringify(answers));
