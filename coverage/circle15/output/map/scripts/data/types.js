// Types of the map's data and of the values passed between its modules; no code.
// The data of the page are written by `output/map/html.py` and the modules it calls.

/** Degrees × 10⁵: longitude, latitude. @typedef {[number, number]} Place */
/** A line: longitude and latitude × 10⁵, each vertex relative to the previous. @typedef {number[]} Line */
/** Outlines: polygons of rings. @typedef {Line[][]} Polygons */
/** Content of an element. @typedef {string | Node} Child */
/** A row of a card: a label and its value, or a heading alone. @typedef {[Child, Child?]} CardRow */

/** Whole people and printed shares: covered, gap, unknown. @typedef {{ persons: number[], shares: string[] }} Counts */
/** Counts by choice and cutoff. @typedef {Record<string, Record<string, Counts>>} CountsByChoice */
/** @typedef {{ id: string, label: string, colour: string, categories: string[] }} Choice */

/** People that a site has room for and that it serves; null if its capacity is unknown.
 * @typedef {{ for: number | null, served: number | null, full: boolean, idle: boolean }} Room */
/** Whole people and printed shares: served, covered but not served, gap, unknown.
 * @typedef {{ persons: number[], shares: string[] }} ServedCounts */

/**
 * A facility in one of its categories (`facilities.py`).
 *
 * @typedef {object} Site
 * @property {string} id
 * @property {string} name
 * @property {boolean} made whether the id was generated
 * @property {string} category
 * @property {Place | null} at
 * @property {"open" | "planned" | "duplicate" | "closed" | "unknown"} status
 * @property {string} snap reason why it is unsnapped
 * @property {string | null} joining sentence on the barrier that its access leg meets
 * @property {string | null} same_as id of the counted site of a probable duplicate
 * @property {boolean} unsure
 * @property {string | null} area
 * @property {Record<string, string>} capacity
 * @property {Room | null} room null without a need per person, and for a site that is not open
 * @property {number | null} people within the circle's cutoff; null if not judged
 * @property {number | null} only_here
 * @property {number[] | null} within people within each cutoff
 * @property {number | null} own index of its service areas in `own_areas`
 * @property {string} source
 */

/** How evenly one measure of a category is spread over people (`equity.py`): what is measured, each index with its
 * name, whose value is known, the Lorenz curve (empty if undefined), and the curve in a sentence.
 * @typedef {{ of: string, rows: [string, string][], note: string, curve: number[], said: string }} Evenness */
/** @typedef {"minutes" | "coverage" | "supply"} Measure */
/** What the people of a zone have of a category: mean minutes and their class, people among the tenth who walk
 * farthest, supply and its class; numbers as printed, null if unknown.
 * @typedef {[string | null, number | null, string | null, string | null, number | null]} ZoneEquity */

/** A subdistrict (level `street`) or a community (`zones.py`).
 * @typedef {{ id: string, name: string, shape: Polygons, label: Place, counts: CountsByChoice,
 *   served: Record<string, ServedCounts>, equity: Record<string, ZoneEquity>, source: string }} Zone */
/** @typedef {"street" | "community"} Level */

/** Floor area of a residential zone, formatted as in the report.
 * @typedef {{ pool: string | null, households: string | null, required: string | null, counted: string | null,
 *   plain_sum: string | null, plain_gap: string | null, shortfall: string | null, reading: string,
 *   readings: Record<string, string>, reading_dependent: boolean }} FloorArea */
/** A residential zone.
 * @typedef {{ id: string, name: string, kind: string, households: string | null, shape: Polygons, at: Place | null,
 *   source: string, verdict: string, sheet: FloorArea | null,
 *   circle: { label: string, state: string, worst: string }[] }} Residential */

/** A gap area, or one of people whom full sites turn away (`gaps.py`, `gap_cards.py`); `id` is null where
 * `results.gpkg` has no such area, `groups` are persons of the other groups.
 * @typedef {{ id: string | null, groups: Record<string, number>, rank: number, persons: number, cells: number, shape: Polygons, at: Place, where: string,
 *   lacks: Record<string, number>, median_s: number | null, zones: [number, number][], more_zones: number,
 *   more_in_zones: number, reason: string | null, reasons: Record<string, number>,
 *   helped: Record<string, number> }} GapArea */
/** @typedef {{ areas: GapArea[], more: number, more_persons: number }} Gaps */

/**
 * A candidate for a new site (`siting.py`); `number` is its order among the proposed sites, null if it is none.
 *
 * @typedef {{ question: string, category: string, id: string, label: string, at: Place, street: string,
 *   reached: number, newly: number, unknown: number, cost: string | null, number: number | null,
 *   phase: number | null, adds: number | null, minutes: string | null, served: number | null }} Candidate
 */

/** A rule and its verdict (`tables.py`).
 * @typedef {{ pack: string, rule: string, meaning: string, quote: string, source: string, verdict: string, scope: string,
 *   value: string, threshold: string, shortfall: string, unit: string, why: string,
 *   counts: Record<string, number> }} Rule */
/** @typedef {{ id: string, at: Place, persons: number, why: string }} Home */
/** @typedef {{ why: string, settle: string, persons: number }} UnknownPeople */
/** @typedef {{ homes: Home[], homes_by_reason: { why: string, homes: number, persons: number }[],
 *   unknown: Record<string, UnknownPeople[]> }} Quality */

/** @typedef {Uint8Array | Uint16Array | Uint32Array | Float64Array} Values */
/** A packed column: name, number of values, bytes per value, 1 if stored as differences. @typedef {[string, number, number, number]} ColumnPlan */

/**
 * The people layer (`people.py`); `column` is added on reading, `known` on drawing.
 *
 * @typedef {object} People
 * @property {"cells" | "points"} kind
 * @property {number} n number of places
 * @property {number[]} breaks lower bounds of the classes of people
 * @property {string[]} break_words
 * @property {string | null} cell_m
 * @property {string[]} codes
 * @property {string[]} sources
 * @property {number} horizon_min
 * @property {ColumnPlan[]} columns
 * @property {[number, number, number, number]} bounds south, west, north, east
 * @property {number} width of the picture, pixels
 * @property {number} height
 * @property {number} size of a cell, pixels
 * @property {(name: string) => Values | null} column
 * @property {KnownPlaces} [known]
 */

/** Classes, canvas and colours by which places are drawn for another question than who is out of reach.
 * @typedef {{ level: Uint8Array, canvas: HTMLCanvasElement | null, colours: Colours }} Look */

/** Persons and parts of each place. @typedef {{ first: Uint32Array, persons: Float64Array }} Parts */
/** @typedef {Parts & { level: Uint8Array, place: Int32Array | null, canvas: HTMLCanvasElement | null }} KnownPlaces */

/** Streets and barriers (`base/ground.py`): the names of their classes in drawing order, and their columns;
 * `bits` of a position on the Mercator square. `column` is added on reading.
 * @typedef {{ classes: string[], bits: number, columns: ColumnPlan[], column: (name: string) => Values | null }} Ground */
/** Lines in packed positions: x and y of each vertex, and where each line starts. @typedef {{ xy: Int32Array, start: Uint32Array }} DecodedLines */
/** A box in packed positions. @typedef {{ west: number, north: number, east: number, south: number }} Box */
/** A part of a picture, pixels. @typedef {{ x: number, y: number, width: number, height: number }} Rect */
/** A part of the world in pixels of a zoom. @typedef {{ zoom: number, left: number, top: number, width: number, height: number }} Frame */
/** Pixels of a packed unit, and what is taken off them. @typedef {{ scale: number, left: number, top: number }} Placing */

/** Unit and classes of a supply: that of so many `people`, and what they need, null if not stated.
 * @typedef {{ unit: string, people: string, needed: string | null, break_words: string[] }} Supply */

/** Printed people of the judged group: covered today, who gain and lose access, at new homes, covered then.
 * @typedef {{ today: string, gain: string, lose: string, new: string | null, then: string }} Moved */
/** A site that a scenario changes (`plans/scenarios.py`); `before` is null where it has not moved, `today` and
 * `then` are printed people in its circle, null where these stay the same.
 * @typedef {{ id: string, name: string, category: string, change: string, fields: string, at: Place | null,
 *   before: Place | null, today: string | null, then: string | null }} ChangedSite */
/** A new home; `change` by choice and cutoff, `c:m`. @typedef {{ at: Place, persons: number, change: Record<string, number> }} NewHome */
/** @typedef {{ name: string, what: string, figures: Record<string, Record<string, Moved>>, homes: NewHome[],
 *   sites: ChangedSite[], links: { name: string, length: string, shape: Line }[] }} Scenario */

/** @typedef {{ gap: string[], covered: string, unknown: string, unknown_line: string, states: string[],
 *   served: string[], own: string, share_steps: number[], share: string[], verdicts: Record<string, string>,
 *   changes: Record<string, string>, changed_sites: Record<string, string>, link: string,
 *   proposed: string, candidate: string, gains: string[], supply: string[], need: string[], unserved: string[] }} Colours */

/**
 * All data of the map (`map_data` in `html.py`).
 *
 * @typedef {object} MapData
 * @property {string} language
 * @property {Record<string, string>} words
 * @property {string} group
 * @property {string} group_drawn
 * @property {string} judge
 * @property {number[]} cutoffs minutes, the shortest first
 * @property {Choice[]} choices
 * @property {CountsByChoice} counts
 * @property {Record<string, Record<string, string>>} basis covered shares of land and buildings, by choice and cutoff
 * @property {[number, number, number, number] | null} bounds south, west, north, east
 * @property {Colours} colours
 * @property {Ground} ground
 * @property {Polygons} boundary
 * @property {Record<Level, Line[]>} borders
 * @property {Record<string, Record<string, Polygons>>} served
 * @property {People | null} people
 * @property {Record<string, Supply>} supply by category with a capacity
 * @property {Record<string, ServedCounts>} served_people by category with a need per person
 * @property {Record<string, Partial<Record<Measure, Evenness>>>} equity by category
 * @property {string[]} minute_breaks lower bounds of the classes of minutes above the first
 * @property {Site[]} facilities
 * @property {Polygons[][]} own_areas
 * @property {Record<Level, Zone[]>} zones
 * @property {Residential[]} residential
 * @property {Record<string, Record<string, Gaps>>} gaps
 * @property {Record<string, Gaps>} full_gaps of people whom full sites turn away, by category
 * @property {Record<string, string>} groups names of the groups
 * @property {{ candidates: Candidate[], more: number }} siting
 * @property {Scenario[]} scenarios
 * @property {Rule[]} rules
 * @property {string[]} parameters
 * @property {boolean} approval whether the printed map has a field for an approval number
 * @property {string} approval_number empty without one
 * @property {string} organisation who prepares the map; empty if not stated
 * @property {Quality} quality
 * @property {import("../trials/types.js").TrialMeta | null} trials how to judge tried sites
 * @property {{ layers: string[], deepest: number, attribution: string } | null} tiles
 */

/** The current state of the page. @typedef {{ view: string, choice: string, cutoff: number, scenario: number, measure: Measure, on: Set<string>, list: string | null }} State */
/** A choice and a cutoff. @typedef {{ choice: string, cutoff: number }} Asked */
/** The map in use. @typedef {{ map: L.Map, state: State, turnOn: (id: string) => void, update: () => void }} Stage */

/** SVG attributes of a map symbol.
 * @typedef {{ fill: string, stroke: string, "stroke-width": number, "stroke-dasharray"?: string }} Symbol */

/** Pickable items by kind.
 * @typedef {{ site: Site, street: Zone, community: Zone, residential: Residential, gap: GapArea,
 *   candidate: Candidate, change: ChangedSite, tried: Tried, existing: Site }} Items */
/** @typedef {keyof Items} Kind */
/** @typedef {import("../trials/tool/plan.js").Tried} Tried */

/** A layer that can be switched on. `fixed`: the same for every choice; `name`: key of its message, by default the id.
 * @typedef {{ id: string, build: (state: State, map: L.Map) => L.LayerGroup, shown: boolean, fixed?: boolean, name?: string }} Layer */
/** A view: the layers shown for one question. @typedef {{ id: string, layers: string[], name?: string, needs?: string }} View */

/** Location of a row on the map. @typedef {{ at: Place } | { shape: Polygons } | null} Where */

/**
 * A column of a table: `value` is the sort key, null if missing; `show` is the displayed content.
 *
 * @template Row
 * @typedef {{ id: string, label: string, number?: boolean, value: (row: Row) => string | number | null,
 *   show: (row: Row) => Child | Child[] }} Column
 */

/** How a table is sorted. @typedef {{ column: string, down: boolean }} Sort */

/**
 * The content of a table beside the map.
 *
 * @template Row
 * @typedef {object} List
 * @property {Row[]} rows
 * @property {Column<Row>[]} columns
 * @property {Sort} sort
 * @property {(row: Row) => string | number} key
 * @property {(row: Row) => Where} where
 * @property {(row: Row) => Picked} [picks] the item opened by pressing a row
 * @property {(row: Row) => void} [presses] what pressing a row does instead
 * @property {(row: Row) => HTMLElement} [detail] content shown below a pressed row
 * @property {string} [note]
 */

/** @typedef {{ [K in Kind]: [K, Items[K]] }[Kind]} Picked */
/** A list with its id and title, whatever its rows are. @typedef {List<any> & { id: string, title: string }} TitledList */

export {};
