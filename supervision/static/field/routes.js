/* Which address shows which screen. */
import { conflictsScreen } from "./screens/conflicts.js";
import { deviceScreen } from "./screens/device.js";
import { itemScreen } from "./screens/item.js";
import { outcomeScreen } from "./screens/outcome.js";
import { partyScreen } from "./screens/party.js";
import { sectionScreen } from "./screens/section.js";
import { submitScreen } from "./screens/submit.js";
import { syncScreen } from "./screens/sync.js";
import { todayScreen } from "./screens/today.js";
import { visitScreen } from "./screens/visit.js";

export const SCREENS = {
  today: todayScreen, visit: visitScreen, item: itemScreen, section: sectionScreen, outcome: outcomeScreen,
  party: partyScreen, submit: submitScreen, conflicts: conflictsScreen, sync: syncScreen, device: deviceScreen,
};

const ROUTES = [
  ["visit", /^#\/visit\/(\d+)$/], ["item", /^#\/visit\/(\d+)\/item\/(\d+)(?:\/(\w+))?$/],
  ["section", /^#\/visit\/(\d+)\/section\/(\d+)$/], ["outcome", /^#\/visit\/(\d+)\/outcome$/],
  ["party", /^#\/visit\/(\d+)\/party$/], ["submit", /^#\/visit\/(\d+)\/submit$/],
  ["conflicts", /^#\/visit\/(\d+)\/conflicts$/], ["sync", /^#\/sync$/], ["device", /^#\/device$/],
];
const NAMES = ["visit", "part", "place"];

/* The name of a screen and the values in its address: {visit, part, place}; null for the list of visits. */
export function find(hash) {
  for (const [name, pattern] of ROUTES) {
    const match = pattern.exec(hash);
    if (match) {
      const values = match.slice(1).map((value) => (/^\d+$/.test(value || "") ? Number(value) : value));
      return { name, values: Object.fromEntries(values.map((value, i) => [NAMES[i], value])) };
    }
  }
  return null;
}
