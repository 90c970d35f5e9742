// Cards: what a facility, a community or a residential zone says about itself.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);

  // A title, rows of labels and values, notes, and where it is from.
  function card(title, rows, notes, source) {
    const table = circle15.element("table");
    for (const [label, value] of rows) {
      table.append(
        circle15.element("tr", {}, [circle15.element("th", { scope: "row" }, [label]), circle15.element("td", {}, [value])])
      );
    }
    const parts = [circle15.element("h3", {}, [circle15.name(title)]), table];
    notes.forEach((note) => parts.push(circle15.element("p", { class: "c15-warn" }, [note])));
    if (source) {
      const origin = circle15.element("p", { class: "c15-source" }, [say("source") + " ", circle15.name(source)]);
      parts.push(origin);
    }
    return circle15.element("div", { class: "c15-card" }, parts);
  }

  circle15.card = card;

  circle15.labelOf = function (category) {
    const choice = circle15.data.choices.find((one) => one.id === category);
    return choice ? choice.label : category;
  };

  circle15.facilityCard = function (site) {
    const rows = [
      [say("category"), circle15.labelOf(site.category)],
      [say("status"), say("status_" + site.status)],
      [say("floor_area"), circle15.amount(site.area, "map.m2")],
    ];
    for (const [key, value] of Object.entries(site.capacity)) {
      rows.push([say("capacity_" + key), circle15.number(value)]);
    }
    if (site.people !== null) {
      const minutes = circle15.data.cutoffs[circle15.data.cutoffs.length - 1];
      rows.push([say("in_reach", { minutes: minutes }), circle15.amount(site.people, "map.persons")]);
      rows.push([say("only_here"), circle15.amount(site.only_here, "map.persons")]);
    }
    const notes = [];
    if (site.snap) {
      notes.push(say("unsnapped_" + site.snap));
    }
    if (site.unsure) {
      notes.push(say("position_unsure"));
    }
    return card(site.name || site.id, rows, notes, site.source);
  };

  // Rows of people by state: word, persons and per cent.
  circle15.stateRows = function (counts) {
    return ["covered", "gap", "unknown"].map((state, k) => [
      circle15.say("states." + state),
      circle15.amount(counts.persons[k], "map.persons") + " · " + counts.shares[k],
    ]);
  };

  circle15.sum = (counts) => counts.persons.reduce((total, count) => total + count, 0);

  circle15.areaCard = function (zone, state) {
    const counts = (zone.counts[state.choice] || {})[state.cutoff];
    if (!counts) {
      return card(zone.name, [], [say("no_counts")], null);
    }
    const people = [circle15.data.group, circle15.amount(circle15.sum(counts), "map.persons")];
    return card(zone.name, [people, ...circle15.stateRows(counts)], [], null);
  };

  function minutes(seconds) {
    return seconds === null
      ? say("beyond_hour")
      : say("minutes", { n: circle15.number(Math.round(seconds / 6) / 10) });
  }

  circle15.zoneCard = function (zone) {
    const sheet = zone.sheet;
    const rows = [[say("kind"), say("kind_" + zone.kind)]];
    const notes = [];
    if (zone.verdict) {
      rows.unshift([say("verdict"), circle15.say("verdicts." + zone.verdict)]);
    }
    rows.push([say("households"), circle15.amount(sheet ? sheet.households : zone.households, "map.count")]);
    if (sheet) {
      for (const key of ["required", "counted", "plain_sum", "shortfall"]) {
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
      rows.push([one.label, say("worst_home", { state: state, time: minutes(one.worst_s) })]);
    }
    return card(zone.name, rows, notes, zone.source);
  };

  // Open a card on a click, and on Enter or Space while the shape has the focus.
  circle15.giveCard = function (layer, label, build) {
    layer.bindPopup(build, { maxWidth: 330, minWidth: 210, maxHeight: 380, autoPanPadding: [16, 16] });
    layer.on("popupopen", (event) => {
      const box = event.popup.getElement();
      const close = box.querySelector(".leaflet-popup-close-button");
      close.setAttribute("aria-label", say("close"));
    });
    layer.on("add", () => {
      const shape = layer.getElement();
      if (!shape || shape.hasAttribute("tabindex")) {
        return;
      }
      shape.setAttribute("tabindex", "0");
      shape.setAttribute("role", "button");
      shape.setAttribute("aria-label", label.slice(0, 120));
      shape.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          layer.openPopup();
        }
      });
    });
    return layer;
  };
})((window.circle15 = window.circle15 || {}));
