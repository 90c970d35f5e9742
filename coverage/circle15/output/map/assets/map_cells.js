// The places where people live: their values, where they lie, and how their picture is painted.
(function (circle15) {
  "use strict";

  const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 7: Float64Array };
  const NO_CODE = 255;
  const UNKNOWN = 2;

  // Values of a column from its planes: first all lowest bytes, then the next (packed_columns.py).
  function column(bytes, n, width, steps) {
    const values = new ARRAYS[width](n);
    for (let plane = 0, unit = 1; plane < width; plane += 1, unit *= 256) {
      for (let k = 0, at = plane * n; k < n; k += 1, at += 1) {
        values[k] += bytes[at] * unit;
      }
    }
    for (let k = 1; steps && k < n; k += 1) {
      values[k] += values[k - 1];
    }
    return values;
  }

  // Columns by name, each read when it is first asked for; null for one that is not there.
  circle15.columns = function (plan, buffer) {
    const where = new Map();
    const read = new Map();
    let at = 0;
    for (const [name, n, width, steps] of plan) {
      where.set(name, [at, n, width, steps]);
      at += n * width;
    }
    return function (name) {
      if (!read.has(name) && where.has(name)) {
        const [begin, n, width, steps] = where.get(name);
        read.set(name, column(new Uint8Array(buffer, begin, n * width), n, width, steps));
      }
      return read.get(name) || null;
    };
  };

  // Parts of each place, as the first of each place and an end; and persons of each place.
  circle15.partsOf = function (people) {
    const parts = people.column("parts");
    const micro = people.column("micro");
    const first = new Uint32Array(people.n + 1);
    const persons = new Float64Array(people.n);
    for (let k = 0, part = 0; k < people.n; k += 1) {
      let sum = 0;
      for (const end = part + parts[k]; part < end; part += 1) {
        sum += micro[part];
      }
      first[k + 1] = part;
      persons[k] = sum / 1e6;
    }
    return { first: first, persons: persons };
  };

  // State of a place from its code: [word of the state, word of the reason or ""]; null if not judged.
  circle15.stateOf = function (people, code) {
    if (code === NO_CODE) {
      return null;
    }
    return code < UNKNOWN ? [people.codes[code], ""] : ["unknown", people.codes[code]];
  };

  circle15.levelOf = (people, persons) => people.breaks.filter((bound) => persons >= bound).length;

  // Which place every pixel shows, -1 for none; as `_paint` in raster_layer.py.
  circle15.paint = function (people) {
    const { n, width, height, size } = people;
    const left = people.column("left");
    const top = people.column("top");
    const place = new Int32Array(width * height).fill(-1);
    for (let down = 0; down < size; down += 1) {
      for (let right = 0; right < size; right += 1) {
        for (let k = 0; k < n; k += 1) {
          const row = top[k] + down;
          const col = left[k] + right;
          if (row < height && col < width) {
            place[row * width + col] = k;
          }
        }
      }
    }
    closeSeams(place, height, width, width, 1);
    closeSeams(place, width, height, 1, width);
    return place;
  };

  // Fill the seams one pixel wide that rounding leaves between cells, across `lines` of a picture.
  function closeSeams(place, lines, along, line, step) {
    for (let k = 1; k + 1 < lines; k += 1) {
      for (let i = 0, at = k * line; i < along; i += 1, at += step) {
        if (place[at] < 0 && place[at - line] >= 0 && place[at + line] >= 0) {
          place[at] = place[at - line];
        }
      }
    }
  }

  const rgba = (hex, opacity) =>
    ((opacity << 24) | (parseInt(hex.slice(5, 7), 16) << 16) | (parseInt(hex.slice(3, 5), 16) << 8) | parseInt(hex.slice(1, 3), 16)) >>> 0;

  // Colours of the pixels for codes of places: the covered are dotted, the unknown hatched.
  circle15.colourPixels = function (people, picture, codes, pixels) {
    const colours = circle15.data.colours;
    const gap = colours.gap.map((colour) => rgba(colour, 235));
    const covered = rgba(colours.covered, 110);
    const unknown = rgba(colours.unknown, 200);
    const line = rgba(colours.unknown_line, 235);
    const { place, level } = picture;
    for (let row = 0, at = 0; row < people.height; row += 1) {
      for (let col = 0; col < people.width; col += 1, at += 1) {
        const k = place[at];
        const code = k < 0 ? NO_CODE : codes[k];
        if (code === NO_CODE) {
          pixels[at] = 0;
        } else if (code === 1) {
          pixels[at] = gap[level[k]];
        } else if (code === 0) {
          pixels[at] = row % 4 === 1 && col % 4 === 1 ? covered : 0;
        } else {
          pixels[at] = (row + col) % 4 === 0 ? line : unknown;
        }
      }
    }
  };
})((window.circle15 = window.circle15 || {}));
