// A table that sorts by click and keys, and tells which row is pointed at. It knows nothing of maps.
(function (circle15) {
  "use strict";

  // Compare values, those that are missing last whichever way is sorted.
  function comparing(column, down) {
    const words = new Intl.Collator(circle15.data.language, { numeric: true });
    return function (one, other) {
      const a = column.value(one);
      const b = column.value(other);
      if (a === null || b === null) {
        return (a === null) - (b === null);
      }
      const order = typeof a === "string" ? words.compare(a, b) : a - b;
      return down ? -order : order;
    };
  }

  function cell(column, row, first) {
    const shown = column.show(row);
    const content = Array.isArray(shown) ? shown : [shown];
    if (first) {
      const name = circle15.element("button", { type: "button", tabindex: "-1", class: "c15-name" }, content);
      return circle15.element("th", { scope: "row" }, [name]);
    }
    return circle15.element("td", column.number ? { class: "c15-number" } : {}, content);
  }

  // Fill `host` with a table.
  //
  // `list` has `title`, `columns`, `rows`, `sort` (column and `down`; kept by the caller), `key` of a row,
  // `empty` (what to say without rows), and may have `hover(row or null)`, `press(row)` and
  // `detail(row)`, which is shown below a pressed row. A column has `id`, `label`, `value(row)` to
  // sort by, `show(row)`, and `number` where it is one. The rows keep their order where equal.
  circle15.table = function (host, list) {
    const rowOf = new Map();
    const body = circle15.element("tbody");
    const heads = list.columns.map((column) => {
      const button = circle15.element("button", { type: "button", "data-column": column.id }, [column.label]);
      button.addEventListener("click", () => {
        const down = list.sort.column === column.id ? !list.sort.down : Boolean(column.number);
        Object.assign(list.sort, { column: column.id, down: down });
        fill();
      });
      return circle15.element("th", { scope: "col", class: column.number ? "c15-number" : "" }, [button]);
    });
    const head = circle15.element("thead", {}, [circle15.element("tr", {}, heads)]);
    const caption = circle15.element("caption", {}, [list.title]);
    const table = circle15.element("table", { class: "c15-table c15-table-" + list.id }, [caption, head, body]);

    function fill() {
      const column = list.columns.find((one) => one.id === list.sort.column);
      const rows = [...list.rows].sort(comparing(column, list.sort.down));
      heads.forEach((one, k) => {
        if (list.columns[k] === column) {
          one.setAttribute("aria-sort", list.sort.down ? "descending" : "ascending");
        } else {
          one.removeAttribute("aria-sort");
        }
      });
      rowOf.clear();
      const made = rows.map((row) => {
        const line = circle15.element("tr", {}, list.columns.map((one, k) => cell(one, row, k === 0)));
        line.dataset.key = list.key(row);
        rowOf.set(line.dataset.key, { row: row, line: line });
        return line;
      });
      body.replaceChildren(...made);
      if (made.length) {
        made[0].querySelector(".c15-name").tabIndex = 0;
      }
    }

    const at = (event) => {
      const line = event.target.closest("tr[data-key]");
      return line ? rowOf.get(line.dataset.key) : null;
    };
    const point = (found) => list.hover && list.hover(found ? found.row : null);
    body.addEventListener("mouseover", (event) => point(at(event)));
    body.addEventListener("mouseleave", () => point(null));
    body.addEventListener("focusin", (event) => {
      body.querySelectorAll('.c15-name[tabindex="0"]').forEach((name) => (name.tabIndex = -1));
      event.target.tabIndex = 0;
      point(at(event));
    });
    body.addEventListener("focusout", () => point(null));
    body.addEventListener("click", (event) => {
      const found = at(event);
      if (found) {
        fold(found);
        if (list.press) {
          list.press(found.row);
        }
      }
    });
    body.addEventListener("keydown", (event) => {
      const names = [...body.querySelectorAll(".c15-name")];
      const here = names.indexOf(event.target);
      const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: names.length - 1 }[event.key];
      if (here >= 0 && names[next]) {
        event.preventDefault();
        names[next].focus();
      }
    });

    // Open or close what a row has to say below itself.
    function fold(found) {
      if (!list.detail) {
        return;
      }
      const name = found.line.querySelector(".c15-name");
      const open = name.getAttribute("aria-expanded") === "true";
      name.setAttribute("aria-expanded", String(!open));
      if (open) {
        found.line.nextSibling.remove();
        return;
      }
      const inside = circle15.element("td", { colspan: String(list.columns.length) }, [list.detail(found.row)]);
      found.line.after(circle15.element("tr", { class: "c15-detail" }, [inside]));
    }

    fill();
    host.replaceChildren(list.rows.length ? table : circle15.element("p", {}, [list.empty]));
    return {
      // Mark the row of a key, null for none, and bring it into sight.
      mark: function (key) {
        body.querySelectorAll("tr.c15-marked").forEach((line) => line.classList.remove("c15-marked"));
        const found = rowOf.get(String(key));
        if (found) {
          found.line.classList.add("c15-marked");
          found.line.scrollIntoView({ block: "nearest" });
        }
      },
    };
  };
})((window.circle15 = window.circle15 || {}));
