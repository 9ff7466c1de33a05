/* How far the work is: named steps, and within a long one how much is done. Whoever shows it listens. */

const EVERY = 4096;
let listener = null;
let current = "";

/* Let `heard(step, done, total)` know; null ends it. */
export function listen(heard) {
  listener = heard;
}

/* A named step begins. */
export function begin(step) {
  current = step;
  if (listener) { listener(step, 0, 1); }
}

/* `done` of `total` pieces of the current step are done. */
export function advance(done, total) {
  if (listener && done % EVERY === 0) { listener(current, done, total); }
}
