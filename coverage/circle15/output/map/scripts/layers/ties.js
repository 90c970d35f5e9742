// Link shapes on the map with the rows of the table open beside it.

/** @typedef {{ list: string, mark: (key: string | number | null) => void, refresh: (rows: any[]) => void }} OpenTable */

/** The open table; null if none. @type {{ table: OpenTable | null }} */
export const opened = { table: null };

/**
 * While the pointer is over a shape, mark its row in the open table.
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
