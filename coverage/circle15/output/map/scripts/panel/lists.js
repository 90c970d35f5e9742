// Content of the tables beside the map, for the chosen view, category and cutoff.

import {
  candidateKey, choiceOf, fullGapsOf, gapsOf, isFull, labelOf, markOf, proposedOf, siteKey, sitesOf, sumOf,
} from "../data/choices.js";
import { evennessOf, haveOf, measureOf } from "../data/equity.js";
import { data } from "../data/held.js";
import { changedSites, figuresOf, scenarioOf } from "../data/scenarios.js";
import { message, numberText, say } from "../data/words.js";
import { element } from "../drawing/elements.js";
import { latLng } from "../drawing/shapes.js";
import { triedLists } from "../trials/tool/lists.js";
import {
  nameCell, numberColumn, printedColumn, tally, textColumn, verdictCell, verdictColumn, writtenColumn,
} from "./columns.js";

/** @import { Candidate, ChangedSite, Counts, FloorArea, GapArea, Gaps, Home, Level, List, Residential, Rule, Site, State, TitledList } from "../data/types.js" */
/** @import { Moved, Scenario, UnknownPeople, Where, Zone } from "../data/types.js" */

/** @typedef {{ zone: Zone, counts: Counts | undefined }} ZoneRow */

/**
 * @param {Level} level
 * @returns {(state: State) => List<ZoneRow>}
 */
function areas(level) {
  /** @param {number} k */
  const part = (k) => (/** @type {ZoneRow} */ row) => (row.counts ? row.counts.persons[k] : null);
  /** @param {ZoneRow} row */
  const total = (row) => (row.counts ? sumOf(row.counts) : null);
  /** @param {ZoneRow} row */
  const share = (row) => (row.counts && total(row) ? row.counts.persons[0] / sumOf(row.counts) : null);
  return (state) => ({
    rows: data().zones[level].map((zone) => ({ zone, counts: (zone.counts[state.choice] || {})[state.cutoff] })),
    key: (row) => row.zone.id,
    where: (row) => ({ shape: row.zone.shape }),
    picks: (row) => [level, row.zone],
    columns: [
      textColumn("name", say("column_" + level), (row) => row.zone.name),
      numberColumn("persons", say("column_persons"), total),
      {
        id: "share", label: say("column_share"), value: share, number: true,
        show: (row) => (row.counts && share(row) !== null ? row.counts.shares[0] : "–"),
      },
      numberColumn("gap", message("states.gap"), part(1)),
      numberColumn("unknown", message("states.unknown"), part(2)),
    ],
    sort: { column: "gap", down: true },
  });
}

/**
 * Zones by what their people have, beside how many of the worst off they are.
 *
 * @param {Level} level
 * @returns {(state: State) => List<ZoneRow>}
 */
function equity(level) {
  return (state) => {
    const measure = measureOf(state);
    const asCounted = areas(level)(state);
    const [name, persons, share, gap] = asCounted.columns;
    /** @param {"minutes" | "worst" | "supply"} key */
    const own = (key) => (/** @type {ZoneRow} */ row) => haveOf(row.zone, state.choice)?.[key] ?? null;
    if (measure === "minutes") {
      const minutes = writtenColumn("minutes", say("column_minutes"), own("minutes"));
      const worst = writtenColumn("worst", say("column_worst"), own("worst"));
      return { ...asCounted, columns: [name, persons, minutes, worst], sort: { column: "worst", down: true } };
    }
    if (measure === "supply") {
      const supply = writtenColumn("supply", evennessOf(state)?.of || "", own("supply"));
      const away = numberColumn("away", say("place_unserved"), (/** @type {ZoneRow} */ row) =>
        row.zone.served[state.choice]?.persons[1] ?? null);
      const columns = data().served_people[state.choice] ? [name, persons, supply, away] : [name, persons, supply];
      return { ...asCounted, columns, sort: { column: "supply", down: false } };
    }
    const rows = measure ? asCounted.rows : [];
    return { ...asCounted, rows, columns: [name, persons, share, gap], sort: { column: "share", down: false } };
  };
}

/** @param {Site} site */
const siteTitle = (site) => site.name || site.id;

/**
 * @param {Site} site
 * @returns {Where}
 */
const siteWhere = (site) => (site.at ? { at: site.at } : null);

/**
 * @param {State} state
 * @returns {List<Site>}
 */
function sites(state) {
  const rows = sitesOf(state, true);
  const several = new Set(rows.map((site) => site.category)).size > 1;
  /** @param {Site} site */
  const label = (site) => element("small", {}, nameCell(labelOf(site.category)));
  const minutes = data().cutoffs[data().cutoffs.length - 1];
  return {
    rows,
    key: siteKey,
    where: siteWhere,
    picks: (site) => ["site", site],
    columns: [
      {
        id: "name", label: say("column_site"), value: siteTitle,
        show: (site) => [...nameCell(siteTitle(site)), ...(several ? [label(site)] : [])],
      },
      numberColumn("people", say("in_reach", { minutes }), (site) => site.people),
      numberColumn("only", say("only_here"), (site) => site.only_here),
      writtenColumn("area", say("column_m2"), (site) => site.area),
    ],
    sort: { column: "people", down: true },
  };
}

/**
 * Latitude and longitude, for an area outside all named zones.
 *
 * @param {GapArea} area
 */
const position = (area) => latLng(area.at).map((degrees) => degrees.toFixed(4)).join(", ");

/**
 * @param {State} state
 * @returns {List<GapArea>}
 */
const gaps = (state) => areaList(gapsOf(state), "column_gap");

/**
 * @param {State} state
 * @returns {List<GapArea>}
 */
const fullGaps = (state) => areaList(fullGapsOf(state), "place_unserved");

/**
 * @param {Gaps} found
 * @param {string} persons key of the heading of its people
 * @returns {List<GapArea>}
 */
function areaList(found, persons) {
  const more = { n: numberText(found.more), persons: numberText(found.more_persons) };
  return {
    rows: found.areas,
    key: (area) => area.rank,
    where: (area) => ({ shape: area.shape }),
    picks: (area) => ["gap", area],
    columns: [
      numberColumn("rank", say("column_rank"), (area) => area.rank),
      textColumn("where", say("column_where"), (area) => area.where || position(area)),
      numberColumn("persons", say(persons), (area) => area.persons),
      found.areas.some((area) => area.reason && !isFull(area))
        ? textColumn("reason", message("gap_reasons.column"), (area) =>
          (area.reason === null ? "" : message("gap_reasons." + area.reason)))
        : numberColumn("cells", say("column_cells"), (area) => area.cells),
    ],
    sort: { column: "rank", down: false },
    note: found.more ? say("gaps_more", more) : "",
  };
}

/**
 * @param {State} state
 * @returns {List<Candidate>}
 */
function proposed(state) {
  const asked = proposedOf(state);
  const rows = [...asked.values()].flat();
  const several = asked.size > 1;
  const costly = rows.some((one) => one.cost !== null);
  /** @param {Candidate} one */
  const label = (one) => element("small", {}, nameCell(labelOf(one.category)));
  return {
    rows,
    key: candidateKey,
    where: (one) => ({ at: one.at }),
    picks: (one) => ["candidate", one],
    columns: [
      {
        id: "name", label: say("column_site"), value: (one) => one.label,
        show: (one) => [...nameCell(one.label), ...(several ? [label(one)] : [])],
      },
      {
        id: "number", label: say("column_order"), number: true,
        value: (one) => rows.indexOf(one), show: (one) => markOf(one, asked),
      },
      numberColumn("adds", say("column_newly"), (one) => one.adds),
      numberColumn("reached", say("column_reached"), (one) => one.reached),
      ...(costly ? [writtenColumn("cost", say("cost"), (/** @type {Candidate} */ one) => one.cost)] : []),
    ],
    sort: { column: "number", down: false },
  };
}

/** @typedef {{ scenario: Scenario, moved: Moved }} ScenarioRow */

/**
 * All scenarios side by side, as in the report.
 *
 * @param {State} state
 * @returns {List<ScenarioRow>}
 */
function scenarios(state) {
  const rows = data().scenarios.flatMap((scenario) => {
    const moved = figuresOf(scenario, state);
    return moved ? [{ scenario, moved }] : [];
  });
  /** @param {"today" | "gain" | "lose" | "new" | "then"} key */
  const people = (key) => (/** @type {ScenarioRow} */ row) => row.moved[key];
  const homes = rows.some((row) => row.moved.new !== null);
  return {
    rows,
    key: (row) => row.scenario.name,
    where: () => null,
    detail: (row) => element("div", {}, [element("p", {}, nameCell(row.scenario.what))]),
    columns: [
      textColumn("name", message("scenarios.scenario"), (row) => row.scenario.name),
      writtenColumn("today", message("scenarios.covered_today"), people("today")),
      writtenColumn("gain", message("scenarios.gain"), people("gain")),
      writtenColumn("lose", message("scenarios.lose"), people("lose")),
      ...(homes ? [writtenColumn("new", message("scenarios.at_new_homes"), people("new"))] : []),
      writtenColumn("then", message("scenarios.covered_then"), people("then")),
    ],
    sort: { column: "then", down: true },
  };
}

/**
 * @param {State} state
 * @returns {List<ChangedSite>}
 */
function changed(state) {
  const scenario = scenarioOf(state);
  return {
    rows: scenario ? changedSites(scenario, state) : [],
    key: (site) => (scenario ? scenario.sites.indexOf(site) : -1),
    where: (site) => (site.at ? { at: site.at } : null),
    picks: (site) => ["change", site],
    columns: [
      textColumn("name", say("column_site"), (site) => site.name),
      textColumn("change", say("changed_fields"), (site) => message("scenarios.site_" + site.change)),
      writtenColumn("today", message("scenarios.catchment_today"), (site) => site.today),
      writtenColumn("then", message("scenarios.catchment_then"), (site) => site.then),
    ],
    sort: { column: "name", down: false },
  };
}

/** @returns {List<Residential>} */
function zones() {
  /** @param {"required" | "counted" | "shortfall"} key */
  const sheet = (key) => (/** @type {{ sheet: FloorArea | null }} */ zone) => (zone.sheet ? zone.sheet[key] : null);
  return {
    rows: data().residential,
    note: tally(data().residential),
    key: (zone) => zone.id,
    where: (zone) => (zone.shape.length ? { shape: zone.shape } : zone.at && { at: zone.at }),
    picks: (zone) => ["residential", zone],
    columns: [
      textColumn("name", say("column_zone"), (zone) => zone.name),
      verdictColumn(say("verdict")),
      writtenColumn("required", say("column_required"), sheet("required")),
      writtenColumn("counted", say("column_counted"), sheet("counted")),
      writtenColumn("shortfall", say("column_shortfall"), sheet("shortfall")),
    ],
    sort: { column: "verdict", down: false },
  };
}

/**
 * Details of a rule: clause, numbers and reasons.
 *
 * @param {Rule} row
 */
function ruleDetail(row) {
  const lines = [row.quote && "“" + row.quote + "”", row.scope, row.why, row.source].filter(Boolean);
  const counts = Object.entries(row.counts).map(([word, n]) =>
    element("span", { class: "c15-count" }, [...verdictCell(word), " " + numberText(n)])
  );
  return element("div", {}, [...lines.map((line) => element("p", {}, nameCell(line))), ...counts]);
}

/** @returns {List<Rule>} */
function rules() {
  return {
    rows: data().rules,
    note: tally(data().rules),
    key: (row) => row.pack + "/" + row.rule + "/" + row.scope,
    where: () => null,
    detail: ruleDetail,
    columns: [
      textColumn("rule", say("column_rule"), (row) => row.rule),
      verdictColumn(say("verdict")),
      textColumn("meaning", say("column_meaning"), (row) => row.meaning),
      printedColumn("value", say("column_value")),
      printedColumn("threshold", say("column_threshold")),
    ],
    sort: { column: "verdict", down: false },
  };
}

/** @param {Site} site */
function faultsOf(site) {
  const faults = [];
  if (!site.at) {
    faults.push(say("unsnapped_NO_POSITION"));
  } else if (site.joining || site.snap) {
    faults.push(site.joining || say("unsnapped_" + site.snap));
  }
  if (site.unsure) {
    faults.push(say("position_unsure"));
  }
  if (site.status === "duplicate" || site.status === "unknown") {
    faults.push(say("status_" + site.status));
  }
  return faults.join(" ");
}

/** @returns {List<Site>} */
function faultySites() {
  return {
    rows: data().facilities.filter((site) => faultsOf(site)),
    key: siteKey,
    where: siteWhere,
    picks: (site) => ["site", site],
    columns: [
      textColumn("name", say("column_site"), siteTitle),
      textColumn("category", say("category"), (site) => labelOf(site.category)),
      textColumn("fault", say("column_fault"), faultsOf),
      textColumn("source", say("column_source"), (site) => site.source),
    ],
    sort: { column: "fault", down: false },
  };
}

/** @returns {List<Home>} */
function homes() {
  const quality = data().quality;
  const all = quality.homes_by_reason.map((one) =>
    say("homes_lost", { why: one.why, n: numberText(one.homes), persons: numberText(one.persons) })
  );
  return {
    rows: quality.homes,
    key: (home) => home.id,
    where: (home) => ({ at: home.at }),
    columns: [
      textColumn("home", say("column_home"), (home) => home.id),
      numberColumn("persons", say("column_persons"), (home) => home.persons),
      textColumn("why", say("column_why"), (home) => home.why),
    ],
    sort: { column: "persons", down: true },
    note: all.join(" "),
  };
}

/**
 * @param {State} state
 * @returns {List<UnknownPeople & { category: string }>}
 */
function unknown(state) {
  const categories = choiceOf(state.choice)?.categories || [];
  const rows = categories.flatMap((category) =>
    (data().quality.unknown[category] || []).map((one) => ({ category, ...one }))
  );
  /** @param {{ category: string }} row */
  const label = (row) => labelOf(row.category);
  return {
    rows,
    key: (row) => row.category + "/" + row.why,
    where: () => null,
    columns: [
      textColumn("why", say("column_why"), (row) => row.why),
      ...(categories.length > 1 ? [textColumn("category", say("category"), label)] : []),
      numberColumn("persons", say("column_persons"), (row) => row.persons),
      textColumn("settle", say("column_settle"), (row) => row.settle),
    ],
    sort: { column: "persons", down: true },
    note: say("unknown_note", { minutes: data().cutoffs[data().cutoffs.length - 1] }),
  };
}

/** @typedef {{ id: string, build: (state: State) => List<any>, present: boolean }} Known */

/**
 * The tables of a view, the default one first.
 *
 * @param {string} view
 * @returns {{ id: string, build: (state: State) => TitledList }[]}
 */
export function listsOf(view) {
  const found = data();
  /** @type {Record<string, Known[]>} */
  const known = {
    facilities: [{ id: "sites", build: sites, present: found.facilities.length > 0 }],
    communities: [
      { id: "community", build: areas("community"), present: found.zones.community.length > 0 },
      { id: "street", build: areas("street"), present: found.zones.street.length > 0 },
    ],
    gaps: [{ id: "gaps", build: gaps, present: Object.keys(found.gaps).length > 0 }],
    unserved: [{ id: "full_gaps", build: fullGaps, present: Object.keys(found.full_gaps).length > 0 }],
    equity: [
      { id: "equity_community", build: equity("community"), present: found.zones.community.length > 0 },
      { id: "equity_street", build: equity("street"), present: found.zones.street.length > 0 },
    ],
    siting: [{ id: "proposed", build: proposed, present: found.siting.candidates.some((one) => one.number !== null) }],
    scenarios: [
      { id: "scenarios", build: scenarios, present: found.scenarios.length > 0 },
      { id: "changed_sites", build: changed, present: found.scenarios.some((one) => one.sites.length > 0) },
    ],
    try: triedLists(),
    residential: [
      { id: "zones", build: zones, present: found.residential.length > 0 },
      { id: "rules", build: rules, present: found.rules.length > 0 },
    ],
    quality: [
      { id: "faults", build: faultySites, present: true },
      { id: "homes", build: homes, present: true },
      { id: "unknown", build: unknown, present: true },
    ],
  };
  return (known[view] || [])
    .filter(({ present }) => present)
    .map(({ id, build }) => ({ id, build: (state) => ({ id, title: say("list_" + id), ...build(state) }) }));
}
