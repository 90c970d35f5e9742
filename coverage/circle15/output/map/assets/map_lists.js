// What the tables beside the map list, for the chosen view, category and cutoff.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const data = () => circle15.data;
  const persons = (count) => circle15.number(count);
  const name = (text) => [circle15.name(text)];

  // Columns: how to sort and show one property of a row.
  const text = (id, label, value) => ({ id: id, label: label, value: value, show: (row) => name(value(row)) });
  const number = (id, label, value) => ({
    id: id, label: label, value: value, number: true,
    show: (row) => (value(row) === null ? say("not_known") : persons(value(row))),
  });

  // A number that the report prints; it sorts by what it says.
  const size = (printed) => (printed ? parseFloat(printed.replace(/[^\d.−]/g, "").replace("−", "-")) : null);
  const written = (id, label, value) => ({
    id: id, label: label, number: true, value: (row) => size(value(row)),
    show: (row) => (value(row) === null ? say("not_known") : value(row)),
  });

  function areas(level) {
    return function (state) {
      const counted = (zone) => (zone.counts[state.choice] || {})[state.cutoff];
      const rows = data().zones[level].map((zone) => ({ zone: zone, counts: counted(zone) }));
      const part = (k) => (row) => (row.counts ? row.counts.persons[k] : null);
      const total = (row) => (row.counts ? circle15.sum(row.counts) : null);
      const share = (row) => (total(row) ? row.counts.persons[0] / total(row) : null);
      return {
        rows: rows,
        key: (row) => row.zone.id,
        where: (row) => ({ shape: row.zone.shape }),
        picks: (row) => [level, row.zone],
        columns: [
          text("name", say("column_" + level), (row) => row.zone.name),
          number("persons", say("column_persons"), total),
          {
            id: "share", label: say("column_share"), value: share, number: true,
            show: (row) => (share(row) === null ? "–" : row.counts.shares[0]),
          },
          number("gap", circle15.say("states.gap"), part(1)),
          number("unknown", circle15.say("states.unknown"), part(2)),
        ],
        sort: { column: "gap", down: true },
      };
    };
  }

  function sites(state) {
    const rows = circle15.sitesOf(state, true);
    const several = new Set(rows.map((site) => site.category)).size > 1;
    const label = (site) => circle15.element("small", {}, name(circle15.labelOf(site.category)));
    const title = (site) => site.name || site.id;
    const minutes = data().cutoffs[data().cutoffs.length - 1];
    return {
      rows: rows,
      key: (site) => circle15.siteKey(site),
      where: (site) => (site.at ? { at: site.at } : null),
      picks: (site) => ["site", site],
      columns: [
        {
          id: "name", label: say("column_site"), value: title,
          show: (site) => [...name(title(site)), ...(several ? [label(site)] : [])],
        },
        number("people", say("in_reach", { minutes: minutes }), (site) => site.people),
        number("only", say("only_here"), (site) => site.only_here),
        written("area", say("column_m2"), (site) => site.area),
      ],
      sort: { column: "people", down: true },
    };
  }

  // Latitude and longitude, for a place that no zone names.
  const position = (at) => circle15.place(at).map((degrees) => degrees.toFixed(4)).join(", ");

  function gaps(state) {
    const found = circle15.gapsOf(state);
    return {
      rows: found.areas,
      key: (area) => area.rank,
      where: (area) => ({ shape: area.shape }),
      picks: (area) => ["gap", area],
      columns: [
        number("rank", say("column_rank"), (area) => area.rank),
        text("where", say("column_where"), (area) => area.where || position(area.at)),
        number("persons", say("column_gap"), (area) => area.persons),
        number("cells", say("column_cells"), (area) => area.cells),
      ],
      sort: { column: "rank", down: false },
      note: found.more ? say("gaps_more", { n: persons(found.more), persons: persons(found.more_persons) }) : "",
    };
  }

  function verdict(word) {
    const colour = data().colours.verdicts[word || "none"];
    const frame = { x: 0.5, y: 0.5, width: 10, height: 10, fill: colour, stroke: "#333333" };
    const said = word ? circle15.say("verdicts." + word) : say("no_verdict");
    return [circle15.picture(11, 11, [["rect", frame]]), " " + said];
  }

  const WORST_FIRST = ["not_met", "source_conflict", "undetermined", "met", "reported", "not_applicable", ""];

  const verdictColumn = {
    id: "verdict", label: "", value: (row) => WORST_FIRST.indexOf(row.verdict), show: (row) => verdict(row.verdict),
  };

  function zones() {
    const sheet = (key) => (zone) => (zone.sheet ? zone.sheet[key] : null);
    return {
      rows: data().residential,
      note: tally(data().residential),
      key: (zone) => zone.id,
      where: (zone) => (zone.shape.length ? { shape: zone.shape } : zone.at && { at: zone.at }),
      picks: (zone) => ["residential", zone],
      columns: [
        text("name", say("column_zone"), (zone) => zone.name),
        { ...verdictColumn, label: say("verdict") },
        written("required", say("column_required"), sheet("required")),
        written("counted", say("column_counted"), sheet("counted")),
        written("shortfall", say("column_shortfall"), sheet("shortfall")),
      ],
      sort: { column: "verdict", down: false },
    };
  }

  // A rule at its length: its clause, its numbers, and why.
  function ruleDetail(row) {
    const lines = [row.quote && "“" + row.quote + "”", row.scope, row.why, row.source].filter(Boolean);
    const counts = Object.entries(row.counts).map(([word, n]) =>
      circle15.element("span", { class: "c15-count" }, [...verdict(word), " " + persons(n)])
    );
    const parts = lines.map((line) => circle15.element("p", {}, name(line)));
    return circle15.element("div", {}, [...parts, ...counts]);
  }

  // How many rows have which verdict, the worst first.
  function tally(rows) {
    return WORST_FIRST.map((word) => [word, rows.filter((row) => (row.verdict || "") === word).length])
      .filter(([, n]) => n > 0)
      .map(([word, n]) => (word ? circle15.say("verdicts." + word) : say("no_verdict")) + " " + persons(n))
      .join(" · ");
  }

  // A number that the report prints, with its unit below it.
  function printed(key, label) {
    const known = (row) => row[key] && row[key] !== "—";
    const show = (row) => (known(row) ? [row[key], circle15.element("small", {}, name(row.unit))] : "–");
    return { id: key, label: label, number: true, value: (row) => (known(row) ? size(row[key]) : null), show: show };
  }

  function rules() {
    return {
      rows: data().rules,
      note: tally(data().rules),
      key: (row) => row.pack + "/" + row.rule + "/" + row.scope,
      where: () => null,
      detail: ruleDetail,
      columns: [
        text("rule", say("column_rule"), (row) => row.rule),
        { ...verdictColumn, label: say("verdict") },
        text("meaning", say("column_meaning"), (row) => row.meaning),
        printed("value", say("column_value")),
        printed("threshold", say("column_threshold")),
      ],
      sort: { column: "verdict", down: false },
    };
  }

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

  function faultySites() {
    return {
      rows: data().facilities.filter((site) => faultsOf(site)),
      key: (site) => circle15.siteKey(site),
      where: (site) => (site.at ? { at: site.at } : null),
      picks: (site) => ["site", site],
      columns: [
        text("name", say("column_site"), (site) => site.name || site.id),
        text("category", say("category"), (site) => circle15.labelOf(site.category)),
        text("fault", say("column_fault"), faultsOf),
        text("source", say("column_source"), (site) => site.source),
      ],
      sort: { column: "fault", down: false },
    };
  }

  function homes() {
    const quality = data().quality;
    const all = quality.homes_by_reason.map((one) =>
      say("homes_lost", { why: one.why, n: persons(one.homes), persons: persons(one.persons) })
    );
    return {
      rows: quality.homes,
      key: (home) => home.id,
      where: (home) => ({ at: home.at }),
      columns: [
        text("home", say("column_home"), (home) => home.id),
        number("persons", say("column_persons"), (home) => home.persons),
        text("why", say("column_why"), (home) => home.why),
      ],
      sort: { column: "persons", down: true },
      note: all.join(" "),
    };
  }

  function unknown(state) {
    const choice = data().choices.find((one) => one.id === state.choice);
    const rows = (choice ? choice.categories : []).flatMap((category) =>
      (data().quality.unknown[category] || []).map((one) => ({ category: category, ...one }))
    );
    return {
      rows: rows,
      key: (row) => row.category + "/" + row.why,
      where: () => null,
      columns: [
        text("why", say("column_why"), (row) => row.why),
        ...(choice && choice.categories.length > 1
          ? [text("category", say("category"), (row) => circle15.labelOf(row.category))]
          : []),
        number("persons", say("column_persons"), (row) => row.persons),
        text("settle", say("column_settle"), (row) => row.settle),
      ],
      sort: { column: "persons", down: true },
      note: say("unknown_note", { minutes: data().cutoffs[data().cutoffs.length - 1] }),
    };
  }

  // Which tables answer the question of a view, the first one first.
  circle15.lists = function (view) {
    const found = data();
    const known = {
      facilities: [["sites", sites, found.facilities.length]],
      communities: [
        ["community", areas("community"), found.zones.community.length],
        ["street", areas("street"), found.zones.street.length],
      ],
      gaps: [["gaps", gaps, Object.keys(found.gaps).length]],
      residential: [
        ["zones", zones, found.residential.length],
        ["rules", rules, found.rules.length],
      ],
      quality: [["faults", faultySites, 1], ["homes", homes, 1], ["unknown", unknown, 1]],
    };
    return (known[view] || [])
      .filter(([, , present]) => present)
      .map(([id, build]) => ({ id: id, build: (state) => ({ id: id, title: say("list_" + id), ...build(state) }) }));
  };
})((window.circle15 = window.circle15 || {}));
