// Long work in slices, between which the page answers.

/** Longest slice, milliseconds. */
const SLICE_MS = 20;

/**
 * Do the steps of some work, the first slice at once; `cancel` stops it.
 *
 * @param {Iterator<unknown>} work
 * @param {() => void} done called after the last step
 * @param {number} [sliceMs]
 */
export function inSlices(work, done, sliceMs = SLICE_MS) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let next = null;
  const slice = function () {
    next = null;
    const end = performance.now() + sliceMs;
    do {
      if (work.next().done) {
        done();
        return;
      }
    } while (performance.now() < end);
    next = setTimeout(slice);
  };
  slice();
  return {
    cancel: () => {
      if (next !== null) {
        clearTimeout(next);
      }
    },
  };
}
