// The ties between shapes on the map and the rows of the table that is open beside it.

/** @typedef {{ list: string, mark: (key: string | number | null) => void }} OpenTable */

/** The table that is open; null where there is none. @type {{ table: OpenTable | null }} */
export const opened = { table: null };

/**
 * While the pointer is over a shape, mark its row in the table that is open.
 *
 * @template {L.Layer} Shape
 * @param {Shape} layer
 * @param {string} list
 * @param {string | number} key
 */
export function tied(layer, list, key) {
  /** @param {string | number | null} marked */
  const mark = (marked) => {
    if (opened.table && opened.table.list === list) {
      opened.table.mark(marked);
    }
  };
  layer.on("mouseover", () => mark(key));
  layer.on("mouseout", () => mark(null));
  return layer;
}
