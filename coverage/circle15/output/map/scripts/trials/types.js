// Types of what judges tried sites; no code.

/** Values of a column. @typedef {ArrayLike<number>} Column */
/** A function that returns a column by name. @typedef {(name: string) => Column} Read */

/**
 * A way of walking as `trials/block.py` writes it.
 *
 * @typedef {object} WalkMeta
 * @property {number} per_mm expected milliseconds of a millimetre
 * @property {number} edges
 * @property {number} chains
 * @property {number} core number of junctions
 * @property {boolean} homeward whether the way home has other times
 * @property {[number, number]} access_speed m/s as a fraction
 * @property {number} longest_leg_mm beyond which no leg lies within the circle
 */

/**
 * Positions as Chebyshev series, from millimetres to degrees (`trials/degrees.py`).
 *
 * @typedef {{ middle: [number, number], half: [number, number], degree: number, lon: number[], lat: number[] }} Series
 */

/**
 * @typedef {object} TrialMeta
 * @property {import("../data/types.js").ColumnPlan[]} columns
 * @property {[number, number]} origin easting and northing of place 0, 0, mm
 * @property {Series} degrees
 * @property {WalkMeta[]} walks
 * @property {boolean} round_trip
 * @property {Record<string, number>} limits_ms by cutoff in minutes
 * @property {number} max_snap_mm
 * @property {string[]} categories
 * @property {[string, number, number, number, number][]} today micro-persons by state as counted
 * @property {string[]} capacities categories with a capacity, which no trial can judge
 */

/**
 * Contracted streets. Places are millimetres from the origin; times milliseconds, `CLOSED` where a
 * direction may not be walked.
 *
 * @typedef {object} Streets
 * @property {number} n number of edges, in the order of the chains
 * @property {number} chains
 * @property {number} core
 * @property {Uint32Array} first
 * @property {Uint32Array} last
 * @property {Uint32Array} start start of the edges of each chain
 * @property {Uint32Array} chainOf chain of each edge
 * @property {Float64Array} coreX
 * @property {Float64Array} coreY
 * @property {Float64Array} x0
 * @property {Float64Array} y0
 * @property {Float64Array} x1
 * @property {Float64Array} y1
 * @property {Float64Array} on
 * @property {Float64Array} back
 * @property {Float64Array} homeOn
 * @property {Float64Array} homeBack
 * @property {Uint8Array} takes 1 for edges that take snaps, 2 for those that do as a last resort
 * @property {Uint8Array} turned whether an edge runs against its chain
 * @property {Column} rank rank of the piece of each chain
 * @property {Float64Array} index number of each edge in the network
 */

/**
 * Times of walking in one sense; arcs go against it, from goals.
 *
 * @typedef {object} Times
 * @property {Streets} streets
 * @property {Float64Array} on
 * @property {Float64Array} back
 * @property {Float64Array} onBefore
 * @property {Float64Array} backBefore
 * @property {Uint32Array} pointer
 * @property {Uint32Array} head
 * @property {Uint32Array} ms
 */

/**
 * Of the people layer of the page the number of parts of each place, and micro-persons of each part;
 * both empty where it has none.
 *
 * @typedef {{ parts: Column, micro: Column }} People
 */

/** With the places, mm from the origin. @typedef {People & { x: Float64Array, y: Float64Array }} Living */

/** Chains with points at each junction. @typedef {{ pointer: Uint32Array, chain: Uint32Array }} Side */

/**
 * A point on an edge (numbered in the order of the chains); `share` runs along the edge as mapped,
 * `leg` is the time of the access leg, ms.
 *
 * @typedef {{ edge: number, share: number, leg: number }} Spot
 */

/**
 * Points in the order of the chains, and their times to the junctions of their chains.
 *
 * @typedef {object} Points
 * @property {number} n
 * @property {Column} edge
 * @property {Float64Array} share
 * @property {Column} leg
 * @property {Uint32Array} begin start of the points of each chain
 * @property {Side} sides
 */

/**
 * Times between points and the junctions of their chain, without access legs.
 *
 * @typedef {{ toFirst: Uint32Array, toLast: Uint32Array }} Ends
 */

/** A line as x, y, x, y …, mm from the origin. @typedef {number[]} Line */

/** Points within reach, and their times. @typedef {{ rows: Uint32Array, ms: Uint32Array }} Catchment */

/**
 * Where a point joins the streets; `code` says why not, or that its leg passes a wall. Places are
 * millimetres from the origin.
 *
 * @typedef {object} Joined
 * @property {number} edge −1 where it does not join
 * @property {number} share
 * @property {number} mm length of the leg
 * @property {number} x
 * @property {number} y
 * @property {"" | "TOO_FAR" | "ACCESS_BARRIER" | "THROUGH_WALL"} code
 */

export {};
