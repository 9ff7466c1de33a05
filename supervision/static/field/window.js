/* One window for each user: two would each hold half of what was done. */

let held = null;

/* Take the right to be the window of a user; false when another window has it. */
export function holdOnly(userId) {
  if (held === userId || !navigator.locks) { return Promise.resolve(true); }
  return new Promise((resolve) => {
    navigator.locks.request(`field-window-${userId}`, { ifAvailable: true }, (lock) => {
      if (!lock) { resolve(false); return null; }
      held = userId;
      resolve(true);
      return new Promise(() => null); // held until the window closes
    });
  });
}
