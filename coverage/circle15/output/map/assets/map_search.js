// The search: facilities, streets, communities and residential zones by name or id.
(function (circle15) {
  "use strict";

  const say = (key, values) => circle15.say("map." + key, values);
  const SHOWN = 30;
  const MARKS = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

  // Letters that no decomposition takes apart, and signs that stand for each other.
  const ALIKE = [
    [/[\u0142]/g, "l"], [/[\u00f8]/g, "o"], [/[\u0111\u00f0]/g, "d"], [/[\u0127]/g, "h"], [/[\u0131]/g, "i"],
    [/[\u0167]/g, "t"], [/\u00e6/g, "ae"], [/\u0153/g, "oe"], [/\u00fe/g, "th"], [/\u03c2/g, "\u03c3"],
    [/[\u2018-\u201b\u02bb\u02bc\u2032`\u00b4\u02b9]/g, "'"], [/[\u201c-\u201f\u00ab\u00bb\u300a-\u300f\u3008\u3009\u2033]/g, '"'],
    [/[\p{Pd}\u2212]/gu, "-"], [/[\u00b7\u2022\u2027\u2219\u22c5\u30fb\u3002]/g, "."], [/\u3001/g, ","],
    [/[\u3010\u3014\u3016\u3018[{]/g, "("], [/[\u3011\u3015\u3017\u3019\]}]/g, ")"], [/[\u301c\u223c]/g, "~"],
  ];

  // Text as it is compared: without accents and marks of direction, full width as half width,
  // capitals as small, and signs that stand for each other as one.
  circle15.folded = function (text) {
    const plain = (one) => one.replace(/\u00b4/g, "'").normalize("NFKD").replace(MARKS, "").replace(/\p{M}/gu, "");
    // By way of capitals, which sharp s and the ligatures have.
    const small = plain(plain(text).toUpperCase().toLowerCase());
    const alike = ALIKE.reduce((done, [sign, one]) => done.replace(sign, one), small);
    return alike.replace(/\s+/g, " ").trim();
  };

  // Folded text without signs and blanks: its letters and digits alone.
  const bare = (text) => text.replace(/[\p{P}\p{S}\p{Z}]/gu, "");

  function entry(kind, item, sort, note) {
    const title = circle15.kinds[kind].title(item);
    return {
      kind: kind, item: item, title: title, sort: sort, note: note,
      name: circle15.folded(title), id: circle15.folded(item.id), all: circle15.folded([title, item.id, sort].join(" ")),
      bare: [title, item.id].map((part) => bare(circle15.folded(part))),
    };
  }

  // Everything that can be found, in the order in which equals are listed.
  function catalogue() {
    const data = circle15.data;
    const zones = (level) => data.zones[level].map((zone) => entry(level, zone, say("found_" + level), ""));
    const sites = data.facilities.map((site) => {
      const note = site.status === "open" ? "" : say("status_" + site.status);
      return entry("site", site, circle15.labelOf(site.category), note);
    });
    const residential = data.residential.map((zone) => entry("residential", zone, say("found_residential"), ""));
    return [...zones("street"), ...zones("community"), ...sites, ...residential];
  }

  // How well an entry fits, 0 best; -1 not at all.
  function fit(one, text, words, letters) {
    const tests = [
      one.id === text, one.name === text, one.name.startsWith(text), one.id.startsWith(text),
      one.name.includes(text), one.id.includes(text), words.every((word) => one.all.includes(word)),
      letters !== "" && one.bare.some((part) => part.includes(letters)),
    ];
    return tests.indexOf(true);
  }

  // Entries that fit the text, the best first.
  circle15.find = function (entries, typed) {
    const text = circle15.folded(typed);
    if (text === "") {
      return [];
    }
    const words = text.split(" ");
    const letters = bare(text);
    return entries
      .map((one) => ({ one: one, rank: fit(one, text, words, letters) }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank)
      .map(({ one }) => one);
  };

  function symbol(one) {
    if (one.kind !== "site") {
      const frame = { x: 1.5, y: 2.5, width: 11, height: 9, fill: "none", stroke: "#4a3b63", "stroke-width": 1.6 };
      return circle15.picture(14, 14, [["rect", frame]]);
    }
    const choice = circle15.data.choices.find((choice) => choice.id === one.item.category);
    const style = circle15.siteStyle(one.item.status, choice ? choice.colour : "#888888", !one.item.snap);
    return circle15.picture(14, 14, [["circle", { cx: 7, cy: 7, r: 5, ...style }]]);
  }

  circle15.startSearch = function () {
    const input = document.getElementById("c15-search");
    const list = document.getElementById("c15-found");
    const status = document.getElementById("c15-found-said");
    const entries = catalogue();
    let found = [];
    let active = -1;
    let composing = false;

    function activate(k) {
      active = k;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === k)));
      if (k < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", list.children[k].id);
        list.children[k].scrollIntoView({ block: "nearest" });
      }
    }

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      status.textContent = "";
      activate(-1);
    }

    function option(one, k) {
      const parts = [one.sort, one.item.made || one.item.id === one.title ? "" : one.item.id, one.note].filter((part) => part !== "");
      const small = circle15.element("small");
      parts.forEach((part, n) => small.append(...(n ? [" · "] : []), circle15.name(part)));
      const title = circle15.element("span", {}, [circle15.name(one.title)]);
      const row = circle15.element("li", { role: "option", id: "c15-found-" + k, "aria-selected": "false" }, [
        symbol(one), circle15.element("span", { class: "c15-found-text" }, [title, small]),
      ]);
      row.addEventListener("pointerdown", (event) => event.preventDefault());
      row.addEventListener("click", () => choose(k));
      return row;
    }

    function search() {
      if (circle15.folded(input.value) === "") {
        close();
        return;
      }
      const all = circle15.find(entries, input.value);
      found = all.slice(0, SHOWN);
      list.replaceChildren(...found.map(option));
      list.hidden = found.length === 0;
      list.scrollTop = 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      activate(found.length ? 0 : -1);
      const more = all.length - found.length;
      if (all.length === 0) {
        status.replaceChildren(say("found_none") + " ", circle15.name(input.value.slice(0, 60)));
      } else {
        const n = circle15.number(all.length);
        status.textContent = more ? say("found_more", { n: n, shown: SHOWN }) : say("found_some", { n: n });
      }
    }

    function choose(k) {
      const one = found[k];
      close();
      input.value = one.title.slice(0, 80);
      circle15.pick(one.kind, one.item, { opener: input, travel: true });
    }

    const keys = {
      ArrowDown: () => (list.hidden ? search() : activate((active + 1) % found.length)),
      ArrowUp: () => (list.hidden ? search() : activate((active + found.length - 1) % found.length)),
      Enter: () => (list.hidden ? search() : choose(Math.max(active, 0))),
      Escape: () => {
        if (list.hidden && status.textContent === "") {
          input.value = "";
        }
        close();
      },
    };

    // While a Chinese word is composed, its letters are no search, and Enter ends the word alone.
    input.addEventListener("compositionstart", () => {
      composing = true;
    });
    input.addEventListener("compositionend", () => {
      composing = false;
      search();
    });
    input.addEventListener("input", (event) => {
      if (!composing && !event.isComposing) {
        search();
      }
    });
    input.addEventListener("keydown", (event) => {
      const composed = composing || event.isComposing || event.keyCode === 229;
      if (composed || !keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) {
        return;
      }
      if (event.key === "Escape" && input.value === "") {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    });
    input.addEventListener("blur", close);
    input.closest("[role=search]").hidden = false;
  };
})((window.circle15 = window.circle15 || {}));
