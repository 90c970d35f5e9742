// Normalise text for the search, and rank how well an entry matches the typed text.

const MARKS = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Letters without a Unicode decomposition, and equivalent punctuation.
 *
 * @type {[RegExp, string][]}
 */
const ALIKE = [
  [/[\u0142]/g, "l"], [/[\u00f8]/g, "o"], [/[\u0111\u00f0]/g, "d"], [/[\u0127]/g, "h"], [/[\u0131]/g, "i"],
  [/[\u0167]/g, "t"], [/\u00e6/g, "ae"], [/\u0153/g, "oe"], [/\u00fe/g, "th"], [/\u03c2/g, "\u03c3"],
  [/[\u2018-\u201b\u02bb\u02bc\u2032\u0060\u00b4\u02b9]/g, "'"], [/[\u201c-\u201f\u00ab\u00bb\u300a-\u300f\u3008\u3009\u2033]/g, '"'],
  [/[\p{Pd}\u2212]/gu, "-"], [/[\u00b7\u2022\u2027\u2219\u22c5\u30fb\u3002]/g, "."], [/\u3001/g, ","],
  [/[\u3010\u3014\u3016\u3018[{]/g, "("], [/[\u3011\u3015\u3017\u3019\]}]/g, ")"], [/[\u301c\u223c]/g, "~"],
];

/** @param {string} text */
const plain = (text) => text.replace(/\u00b4/g, "'").normalize("NFKD").replace(MARKS, "").replace(/\p{M}/gu, "");

/**
 * Normalised text: without accents and direction marks, in half width and lower case, with
 * equivalent punctuation unified.
 *
 * @param {string} text
 */
export function folded(text) {
  // Via upper case, which also expands ß and ligatures.
  const small = plain(plain(text).toUpperCase().toLowerCase());
  const alike = ALIKE.reduce((done, [sign, one]) => done.replace(sign, one), small);
  return alike.replace(/\s+/g, " ").trim();
}

/**
 * Normalised text without punctuation and spaces: letters and digits only.
 *
 * @param {string} text
 */
const bare = (text) => text.replace(/[\p{P}\p{S}\p{Z}]/gu, "");

/**
 * Normalised texts of an entry: name, id, all texts together, and letters and digits only.
 *
 * @typedef {{ name: string, id: string, all: string, bare: string[] }} Searched
 */

/**
 * @param {string} title
 * @param {string} id
 * @param {string} sort
 * @returns {Searched}
 */
export function searched(title, id, sort) {
  return {
    name: folded(title), id: folded(id), all: folded([title, id, sort].join(" ")),
    bare: [title, id].map((part) => bare(folded(part))),
  };
}

/**
 * Rank of an entry, 0 for the best match; -1 for no match.
 *
 * @param {Searched} one
 * @param {string} text folded
 * @param {string[]} words
 * @param {string} letters
 */
function fit(one, text, words, letters) {
  const tests = [
    one.id === text, one.name === text, one.name.startsWith(text), one.id.startsWith(text),
    one.name.includes(text), one.id.includes(text), words.every((word) => one.all.includes(word)),
    letters !== "" && one.bare.some((part) => part.includes(letters)),
  ];
  return tests.indexOf(true);
}

/**
 * Entries that match the text, the best first.
 *
 * @template {Searched} Entry
 * @param {Entry[]} entries
 * @param {string} typed
 */
export function findEntries(entries, typed) {
  const text = folded(typed);
  if (text === "") {
    return [];
  }
  const words = text.split(" ");
  const letters = bare(text);
  return entries
    .map((one) => ({ one, rank: fit(one, text, words, letters) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}
