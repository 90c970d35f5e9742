// Cards: what a facility, a community or a residential zone says about itself.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);

  // A line of a table: a name and what it is, or a heading over the lines that follow.
  function line([label, value]) {
    if (value === undefined) {
      return circle15.element("tr", {}, [circle15.element("th", { colspan: "2", class: "c15-over" }, [label])]);
    }
    return circle15.element("tr", {}, [
      circle15.element("th", { scope: "row" }, [label]),
      circle15.element("td", {}, [value]),
    ]);
  }

  // Where an analyst finds it: the row of the input, and the layer and id in the results.
  function origins(source, layer, column, id) {
    const found = [];
    if (source) {
      found.push(circle15.element("p", { class: "c15-source" }, [say("source") + " ", circle15.name(source)]));
    }
    if (layer) {
      const where = [say("in_results") + " ", circle15.name("results.gpkg › " + layer + " › " + column + " = " + id)];
      found.push(circle15.element("p", { class: "c15-source" }, where));
    }
    return found;
  }

  // A title, rows of labels and values, notes, and where it is from: a text or paragraphs.
  function card(title, rows, notes, source) {
    const table = circle15.element("table", {}, [circle15.element("tbody", {}, rows.map(line))]);
    const parts = [circle15.element("h3", {}, [circle15.name(title)]), table];
    notes.forEach((note) => parts.push(circle15.element("p", { class: "c15-warn" }, [note])));
    const sources = Array.isArray(source) ? source : origins(source);
    return circle15.element("div", { class: "c15-card" }, [...parts, ...sources]);
  }

  circle15.card = card;
  circle15.origins = origins;

  circle15.labelOf = function (category) {
    const choice = circle15.data.choices.find((one) => one.id === category);
    return choice ? choice.label : category;
  };

  // People of the judged group who can walk to a facility, within each cutoff.
  function reachRows(site) {
    if (site.people === null) {
      return [];
    }
    const cutoffs = circle15.data.cutoffs;
    const within = site.within.length ? site.within : cutoffs.map((_, k) => (k === cutoffs.length - 1 ? site.people : null));
    return [
      [say("reach_of", { group: circle15.data.group })],
      ...cutoffs.map((minutes, k) => [say("in_reach", { minutes: minutes }), circle15.amount(within[k], "map.persons")]),
      [say("only_here"), circle15.amount(site.only_here, "map.persons")],
    ];
  }

  function siteNotes(site) {
    const notes = [];
    if (site.joining || site.snap) {
      notes.push(site.joining || say("unsnapped_" + site.snap));
    } else if (site.people === null) {
      notes.push(say("not_counted"));
    }
    if (site.unsure) {
      notes.push(say("position_unsure"));
    }
    return notes;
  }

  circle15.facilityCard = function (site) {
    const capacity = Object.entries(site.capacity).map(([key, value]) => [say("capacity_" + key), circle15.number(value)]);
    const rows = [
      ...(site.made ? [] : [[say("id"), circle15.name(site.id)]]),
      [say("category"), circle15.name(circle15.labelOf(site.category))],
      [say("status"), say("status_" + site.status)],
      [say("floor_area"), circle15.amount(site.area, "map.m2")],
      ...(capacity.length ? capacity : [[say("capacity"), say("not_known")]]),
      ...reachRows(site),
    ];
    const sources = origins(site.source, "facilities", "facility_id", site.id);
    return card(site.name || site.id, rows, siteNotes(site), sources);
  };

  circle15.facilityBrief = function (site) {
    const rows = [[say("category"), circle15.name(circle15.labelOf(site.category))], ...reachRows(site).slice(0, -1)];
    if (site.status !== "open") {
      rows.splice(1, 0, [say("status"), say("status_" + site.status)]);
    }
    return card(site.name || site.id, rows, siteNotes(site));
  };

  // Rows of people by state: word, persons and per cent.
  circle15.stateRows = function (counts) {
    return ["covered", "gap", "unknown"].map((state, k) => [
      circle15.say("states." + state),
      circle15.amount(counts.persons[k], "map.persons") + " · " + counts.shares[k],
    ]);
  };

  circle15.sum = (counts) => counts.persons.reduce((total, count) => total + count, 0);

  circle15.areaBrief = function (zone, state) {
    const counts = (zone.counts[state.choice] || {})[state.cutoff];
    if (!counts) {
      return card(zone.name, [], [say("no_counts")]);
    }
    const people = [circle15.data.group, circle15.amount(circle15.sum(counts), "map.persons")];
    return card(zone.name, [people, ...circle15.stateRows(counts)], []);
  };

  // The same people for every cutoff, under the service they are asked for.
  // Why the whole circle is not reached: the people who do not reach each service that it asks for.
  function missingServices(zone, state) {
    const asked = circle15.categoriesOf(state);
    const known = asked.filter((category) => (zone.counts[category] || {})[state.cutoff]);
    if (asked.length < 2 || known.length < asked.length) {
      return [];
    }
    const rows = known.map((category) => {
      const found = zone.counts[category][state.cutoff];
      const gap = circle15.amount(found.persons[1], "map.persons") + " · " + found.shares[1];
      return [circle15.name(circle15.labelOf(category)), gap];
    });
    return [[say("gap_by_service", { minutes: state.cutoff })], ...rows];
  }

  circle15.areaCard = function (zone, state) {
    const found = zone.counts[state.choice] || {};
    const cutoffs = circle15.data.cutoffs.filter((minutes) => found[minutes]);
    const rows = [[say("id"), circle15.name(zone.id)]];
    if (cutoffs.length) {
      rows.push([circle15.data.group, circle15.amount(circle15.sum(found[cutoffs[0]]), "map.persons")]);
    }
    for (const minutes of cutoffs.includes(state.cutoff) ? [state.cutoff] : []) {
      rows.push([say("area_of", { what: circle15.labelOf(state.choice), minutes: minutes })]);
      rows.push(...circle15.stateRows(found[minutes]));
    }
    const others = cutoffs.filter((minutes) => minutes !== state.cutoff);
    for (const minutes of others) {
      const gap = circle15.amount(found[minutes].persons[1], "map.persons") + " · " + found[minutes].shares[1];
      rows.push([say("gap_within", { minutes: minutes }), gap]);
    }
    rows.push(...missingServices(zone, state));
    const notes = cutoffs.length ? [] : [say("no_counts")];
    return card(zone.name, rows, notes, origins(zone.source, "zones", "zone_id", zone.id));
  };

  const verdictOf = (zone) => (zone.verdict ? circle15.say("verdicts." + zone.verdict) : say("no_verdict"));

  circle15.zoneBrief = function (zone) {
    const rows = [[say("verdict"), verdictOf(zone)]];
    if (zone.sheet) {
      rows.push([say("required"), circle15.amount(zone.sheet.required, "map.m2")]);
      rows.push([say("counted"), circle15.amount(zone.sheet.counted, "map.m2")]);
    }
    return card(zone.name, rows, []);
  };

  circle15.zoneCard = function (zone) {
    const sheet = zone.sheet;
    const rows = [
      [say("id"), circle15.name(zone.id)],
      [say("verdict"), verdictOf(zone)],
      [say("kind"), say("kind_" + zone.kind)],
    ];
    const notes = [];
    rows.push([say("households"), circle15.amount(sheet ? sheet.households : zone.households, "map.count")]);
    if (sheet) {
      for (const key of ["required", "counted", "plain_sum", "plain_gap", "shortfall"]) {
        rows.push([say(key), circle15.amount(sheet[key], "map.m2")]);
      }
      for (const [reading, verdict] of Object.entries(sheet.readings)) {
        const judged = reading === sheet.reading ? "reading_judged" : "reading";
        rows.push([say(judged, { reading: reading }), circle15.say("verdicts." + verdict)]);
      }
      if (sheet.reading_dependent) {
        notes.push(say("reading_dependent"));
      }
      if (sheet.pool) {
        notes.push(say("pooled", { pool: sheet.pool }));
      }
    }
    for (const one of zone.circle) {
      const state = circle15.say("states." + one.state);
      rows.push([circle15.name(one.label), say("worst_home", { state: state, time: one.worst })]);
    }
    return card(zone.name, rows, notes, origins(zone.source, "residential_zones", "zone_id", zone.id));
  };
})((window.circle15 = window.circle15 || {}));
