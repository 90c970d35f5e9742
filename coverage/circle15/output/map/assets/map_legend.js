// The legend: what every colour means, in words, for what is chosen now.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);

  // Colour of a cutoff: the shorter the walk, the darker.
  circle15.servedColour = function (cutoff) {
    const served = circle15.data.colours.served;
    const last = served.length - 1;
    return served[Math.min(circle15.data.cutoffs.indexOf(cutoff), last)];
  };

  function box(fill, opacity, stroke) {
    const frame = { x: 0.5, y: 0.5, width: 17, height: 12, fill: fill, "fill-opacity": opacity, stroke: stroke };
    return circle15.picture(18, 13, [["rect", frame]]);
  }

  function hatched() {
    const colours = circle15.data.colours;
    const shapes = [["rect", { x: 0.5, y: 0.5, width: 17, height: 12, fill: colours.unknown, stroke: "#6f6f6f" }]];
    for (const x of [1, 6, 11]) {
      shapes.push(["path", { d: "M" + x + " 12.5l6-12", stroke: colours.unknown_line, "stroke-width": 1.4 }]);
    }
    return circle15.picture(18, 13, shapes);
  }

  function dotted(colour) {
    const shapes = [["rect", { x: 0.5, y: 0.5, width: 17, height: 12, fill: "#ffffff", stroke: "#b8c0c8" }]];
    for (const [x, y] of [[3, 3], [8, 3], [13, 3], [3, 8], [8, 8], [13, 8]]) {
      shapes.push(["rect", { x: x, y: y, width: 2, height: 2, fill: colour, "fill-opacity": 0.6 }]);
    }
    return circle15.picture(18, 13, shapes);
  }

  function stroke(style) {
    return circle15.picture(22, 13, [["path", { d: "M0 6.5h22", fill: "none", ...style }]]);
  }

  function dot(style) {
    return circle15.picture(15, 15, [["circle", { cx: 7.5, cy: 7.5, r: 5.5, ...style }]]);
  }

  const entry = (picture, text) => circle15.element("span", {}, [picture, text]);
  const note = (text) => circle15.element("p", {}, [text]);

  function range(breaks, k) {
    if (breaks.length === 0) {
      return say("any_number");
    }
    const from = k > 0 ? breaks[k - 1] : null;
    const to = k < breaks.length ? breaks[k] : null;
    if (from === null) {
      return say("below", { to: to });
    }
    return to === null ? say("from", { from: from }) : say("between", { from: from, to: to });
  }

  // How a facility is drawn: its fill and rim by status.
  circle15.siteStyle = function (status, colour, joined) {
    if (status === "open" && joined) {
      return { fill: colour, stroke: "#ffffff", "stroke-width": 1.3 };
    }
    if (status === "open") {
      return { fill: colour, stroke: "#000000", "stroke-width": 2, "stroke-dasharray": "2 2" };
    }
    if (status === "planned") {
      return { fill: "#ffffff", stroke: colour, "stroke-width": 2.6 };
    }
    return { fill: "#d4d4d4", stroke: "#555555", "stroke-width": 1.3 };
  };

  circle15.legends = {
    people: function (state) {
      const people = circle15.data.people;
      if (!people) {
        return [note(say("nobody"))];
      }
      const colours = circle15.data.colours;
      const cells = people.kind === "cells";
      const size = people.cell_m === null ? "" : circle15.number(people.cell_m);
      const gap = (colour) => (cells ? box(colour, 1, "none") : dot({ fill: colour, stroke: "#ffffff" }));
      const steps = colours.gap
        .slice(0, people.breaks.length + 1)
        .map((colour, k) => entry(gap(colour), range(people.break_words, k)));
      const dashed = { fill: colours.unknown, stroke: colours.unknown_line, "stroke-width": 1.2, "stroke-dasharray": "2 2" };
      const counts = circle15.countsOf(state);
      const empty = counts && counts.persons[1] === 0 ? [note(noGap(counts))] : [];
      return [
        note(cells ? say("legend_people_cells", { size: size }) : say("legend_people_points")),
        ...empty,
        ...steps,
        entry(cells ? hatched() : dot(dashed), say("legend_unknown")),
        entry(cells ? dotted(colours.covered) : dot({ fill: colours.covered, "fill-opacity": 0.3 }), say("legend_covered")),
      ];
    },
    served: function (state) {
      const shown = circle15.data.cutoffs.filter((cutoff) => cutoff <= state.cutoff);
      const steps = shown.map((cutoff) =>
        entry(box(circle15.servedColour(cutoff), 0.7, "#7a99b8"), say("within", { minutes: cutoff }))
      );
      const areas = circle15.data.served[state.choice] || {};
      const drawn = shown.some((cutoff) => (areas[cutoff] || []).length > 0);
      return drawn ? [note(say("legend_served")), ...steps] : [note(say("no_served"))];
    },
    sites: (state) => siteLegend(circle15.sitesOf(state, true), true, circle15.categoriesOf(state)),
    others: (state) => siteLegend(circle15.sitesOf(state, false), false, []),
    communities: function () {
      const { share: colours, share_steps: bounds } = circle15.data.colours;
      const steps = colours.map((colour, k) => {
        const from = k > 0 ? bounds[k - 1] : null;
        const to = bounds[k];
        const text = from === null ? say("below", { to: to + "%" })
          : to === undefined ? say("from", { from: from + "%" })
            : say("between", { from: from + "%", to: to + "%" });
        return entry(box(colour, 0.85, "#9a9a9a"), text);
      });
      return [
        note(say("legend_communities")),
        ...steps,
        entry(box("#c9c9c9", 0.85, "#9a9a9a"), say("legend_communities_unknown")),
      ];
    },
    residential: function () {
      const present = new Set(circle15.data.residential.map((zone) => zone.verdict || "none"));
      const steps = Object.keys(circle15.data.colours.verdicts)
        .filter((verdict) => present.has(verdict))
        .map((verdict) => {
          const word = verdict === "none" ? say("no_verdict") : circle15.say("verdicts." + verdict);
          return entry(box(circle15.data.colours.verdicts[verdict], 0.75, "#333333"), word);
        });
      return [note(say("legend_residential")), ...steps];
    },
    gaps: function (state) {
      const found = circle15.gapsOf(state);
      if (!found.areas.length) {
        return [note(say("no_gap"))];
      }
      return [entry(box("#ffffff", 1, "#1d2733"), say("legend_gaps"))];
    },
    lost: function () {
      const home = dot({ fill: "#ffffff", stroke: "#111111", "stroke-width": 1.2, r: 3.5 });
      const site = dot({ fill: "#ffe066", stroke: "#111111", "stroke-width": 2.2, "stroke-dasharray": "3 2" });
      const found = circle15.lostSites().length ? [entry(site, say("legend_lost_sites"))] : [];
      return circle15.data.quality.homes.length ? [...found, entry(home, say("legend_lost_homes"))] : found;
    },
    outlines: function () {
      const found = [];
      if (circle15.data.boundary.length) {
        found.push(entry(stroke({ stroke: "#1d2733", "stroke-width": 2.6 }), say("boundary")));
      }
      if (circle15.data.zones.street.length) {
        found.push(entry(stroke({ stroke: "#4a3b63", "stroke-width": 1.4, "stroke-dasharray": "5 3" }), say("street")));
      }
      return found;
    },
    tiles: () => [note(circle15.data.tiles.attribution)],
    base: function () {
      const barrier = entry(stroke({ stroke: "#9db3c4", "stroke-width": 1.8 }), say("legend_barriers"));
      const street = entry(stroke({ stroke: "#a9a59b", "stroke-width": 2.2 }), say("legend_streets"));
      return circle15.data.barriers.length ? [street, barrier] : [street];
    },
  };

  // Nobody is known to be without; where some cannot be judged, this is not yet good news.
  function noGap(counts) {
    const unknown = counts.persons[2];
    return unknown ? say("no_gap_known", { n: circle15.number(unknown) }) : say("no_gap");
  }

  // `asked` are the categories that are named even where they have no site at all.
  function siteLegend(sites, withStatus, asked) {
    if (sites.length === 0) {
      return [note(say("no_sites"))];
    }
    const found = [];
    for (const choice of circle15.data.choices) {
      const own = sites.filter((site) => site.category === choice.id);
      if (own.length || asked.includes(choice.id)) {
        const open = own.filter((site) => site.status === "open").length;
        const text = say("sites_of", { label: choice.label, n: circle15.number(open) });
        found.push(entry(dot(circle15.siteStyle("open", choice.colour, true)), text));
      }
    }
    const rare = [
      ["planned", (site) => site.status === "planned", circle15.siteStyle("planned", "#444444", true)],
      ["closed", (site) => !["open", "planned"].includes(site.status), circle15.siteStyle("closed", "", true)],
      ["unsnapped", (site) => site.status === "open" && site.at && site.snap, circle15.siteStyle("open", "#999999", false)],
    ];
    rare
      .filter(([, test]) => withStatus && sites.some(test))
      .forEach(([key, , style]) => found.push(entry(dot(style), say("legend_" + key))));
    const lost = sites.filter((site) => !site.at).length;
    if (lost) {
      found.push(note(say("sites_without_place", { n: circle15.number(lost) })));
    }
    return found;
  }
})((window.circle15 = window.circle15 || {}));
